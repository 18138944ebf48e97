"""Which files of a folder belong together, and which of them are complete."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ...decisions.legacy_layout import HEADER, Layout
from .store import UNFINISHED, Entry

# A file that is dated in the future was written by a clock that is wrong: age says nothing.
_FUTURE = timedelta(seconds=5)


@dataclass(frozen=True)
class FileSet:
    """The files of one delivery by their part's name; the header's stands for all."""

    files: Mapping[str, Entry]
    missing: tuple[str, ...] = ()
    markers: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """The name of the header's file."""
        return self.files[HEADER].name


def patterns_of(layout: Layout) -> dict[str, str]:
    """Return the pattern of each file of a delivery, by its part."""
    parts = (layout.header, *layout.row_parts)
    if layout.files.shape == "files":
        return {part.name: part.pattern for part in parts}
    return {HEADER: layout.header.pattern}


def matched(name: str, pattern: str) -> str | None:
    """Return what ``*`` stands for in a name, ``None`` where the name does not fit."""
    before, _star, after = pattern.lower().partition("*")
    lower = name.lower()
    fits = lower.startswith(before) and lower.endswith(after)
    if not fits or len(name) < len(before) + len(after):
        return None
    return lower[len(before) : len(name) - len(after)]


def sets_of(layout: Layout, entries: Iterable[Entry], now: datetime) -> list[FileSet]:
    """Return the deliveries of a folder in the order of their age, those still growing left out."""
    known = {entry.name: entry for entry in entries if is_finished_name(entry.name)}
    patterns = patterns_of(layout)
    found = {
        part: {star: e for e in known.values() if (star := matched(e.name, pattern)) is not None}
        for part, pattern in patterns.items()
    }
    heads = sorted(found[HEADER].items(), key=lambda item: (_age_key(item[1]), item[1].name))
    sets = [_set_of(star, patterns, found) for star, _entry in heads]
    return [each for each in sets if _is_settled(layout, each, known, now)]


def _set_of(star: str, patterns: Mapping[str, str], found: Mapping[str, dict]) -> FileSet:
    files = {part: found[part][star] for part in patterns if star in found[part]}
    missing = tuple(patterns[part].replace("*", star) for part in patterns if part not in files)
    return FileSet(files, missing)


def _age_key(entry: Entry) -> float:
    return entry.modified.timestamp() if entry.modified else 0.0


def is_finished_name(name: str) -> bool:
    """Tell whether a name is not one of a file that is being written."""
    return not name.startswith(".") and not name.lower().endswith(UNFINISHED)


def _is_settled(layout: Layout, files: FileSet, known: Mapping[str, Entry], now: datetime) -> bool:
    """Tell whether a delivery is complete: by its marker, or else by its age."""
    suffix = layout.files.done_suffix
    if suffix:
        return f"{files.name}{suffix}" in known
    settle = timedelta(seconds=layout.files.settle)
    for entry in files.files.values():
        age = now - entry.modified if entry.modified else None
        if age is not None and -_FUTURE < age < settle:
            return False
    return True
