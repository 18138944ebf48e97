"""Which files of a folder belong together, and which of them are complete."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from odoo.addons.retail_connector_base.providers.file_drop import (
    Entry,
    FileSet,
    age_key,
    is_finished_name,
    is_settled,
    matched,
)

from ...decisions.legacy_layout import HEADER, Layout


def patterns_of(layout: Layout) -> dict[str, str]:
    """Return the pattern of each file of a delivery, by its part."""
    parts = (layout.header, *layout.row_parts)
    if layout.files.shape == "files":
        return {part.name: part.pattern for part in parts}
    return {HEADER: layout.header.pattern}


def sets_of(layout: Layout, entries: Iterable[Entry], now: datetime) -> list[FileSet]:
    """Return the deliveries of a folder in the order of their age, those still growing left out."""
    known = {entry.name: entry for entry in entries if is_finished_name(entry.name)}
    patterns = patterns_of(layout)
    found = {
        part: {star: e for e in known.values() if (star := matched(e.name, pattern)) is not None}
        for part, pattern in patterns.items()
    }
    heads = sorted(found[HEADER].items(), key=lambda item: (age_key(item[1]), item[1].name))
    sets = [_set_of(star, patterns, found) for star, _entry in heads]
    return [each for each in sets if _is_settled(layout, each, known, now)]


def _set_of(star: str, patterns: Mapping[str, str], found: Mapping[str, dict]) -> FileSet:
    files = {part: found[part][star] for part in patterns if star in found[part]}
    missing = tuple(patterns[part].replace("*", star) for part in patterns if part not in files)
    return FileSet(files, missing)


def _is_settled(layout: Layout, files: FileSet, known: Mapping[str, Entry], now: datetime) -> bool:
    """Tell whether a delivery is complete: by its marker, or else by its age."""
    suffix = layout.files.done_suffix
    if suffix:
        return f"{files.name}{suffix}" in known
    settle = timedelta(seconds=layout.files.settle)
    return all(is_settled(entry, now, settle) for entry in files.files.values())
