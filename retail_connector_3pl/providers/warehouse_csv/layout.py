"""The files of a warehouse that speaks CSV: their names, their columns, and how they are written.

Columns are named by ours where nothing else is set: a warehouse that writes its files as this page
says needs no setting at all.
"""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from odoo.addons.retail_connector_base.providers import (
    ConfigurationError,
    Location,
    SettingSpec,
)

from .cells import Notation, is_format
from .columns import ANNOUNCEMENT_COLUMNS, COLUMNS, NAMES, PATTERNS, RELEASE_COLUMNS

ACCEPTANCES = ("written", "file")
INSTANTS = ("column", "file")
READERS = ("system", "people")

SETTINGS = (
    SettingSpec("inbox", "Folder of its files", default="in"),
    SettingSpec("outbox", "Folder of our files", default="out"),
    SettingSpec("archive", "Folder of files that were read", default="archive"),
    SettingSpec(
        "settle", "Rest before reading (s)", "How long a file must not have grown.", default="30"
    ),
    SettingSpec(
        "done_suffix",
        "Marker",
        "What the name of the marker of a finished file ends in, e.g. .done; instead of resting.",
        required=False,
    ),
    SettingSpec("encoding", "Encoding", "utf-8, cp1252, utf-16 …", default="utf-8"),
    SettingSpec("delimiter", "Delimiter", "One character, or tab.", default=","),
    SettingSpec("decimal_sign", "Decimal sign", "A point or a comma.", default="."),
    SettingSpec("thousands", "Thousands", "What parts groups of digits.", required=False),
    SettingSpec(
        "time_formats",
        "Times",
        "iso, or e.g. %d.%m.%Y %H:%M; several with | between them.",
        default="iso",
    ),
    SettingSpec("time_zone", "Time zone", "Of times that name none.", default="UTC"),
    SettingSpec(
        "words",
        "Words",
        "Its words for ours, e.g. OK=accepted, NOK=rejected, B=damaged, J=yes.",
        required=False,
    ),
    SettingSpec(
        "warehouse_codes",
        "Warehouses",
        "Codes of its warehouses, with a name: LAX=Los Angeles, RNO=Reno.",
        default="MAIN=Warehouse",
    ),
    SettingSpec(
        "acceptance",
        "Acceptance",
        "written: what is written is accepted; file: a file of answers says so.",
        default=ACCEPTANCES[0],
    ),
    SettingSpec(
        "instant",
        "Instant of a count",
        "column: its column taken_at; file: when the file was written.",
        default=INSTANTS[0],
    ),
    SettingSpec(
        "readers",
        "Who opens our files",
        "system: texts are written as they are; people: what a spreadsheet would take for a "
        "formula gets an apostrophe.",
        default=READERS[0],
    ),
    SettingSpec("snapshot_complete", "Counts everything", "yes or no.", default="yes"),
    *(
        SettingSpec(f"{kind}_files", f"Names of {NAMES[kind]}", "With one *.", default=pattern)
        for kind, pattern in PATTERNS.items()
    ),
    *(
        SettingSpec(
            f"{kind}_columns",
            f"Columns of {NAMES[kind]}",
            f"Where theirs are called otherwise: {names[0]}=Their Name, … Ours are: "
            f"{', '.join(names)}.",
            required=False,
        )
        for kind, names in COLUMNS.items()
    ),
    SettingSpec(
        "release_columns",
        "Columns of releases",
        f"As they are to be written, e.g. order=Order No, sku, quantity=Qty. Empty: all: "
        f"{', '.join(RELEASE_COLUMNS)}.",
        required=False,
    ),
    SettingSpec(
        "announcement_columns",
        "Columns of announcements",
        f"As those of releases. Empty: all: {', '.join(ANNOUNCEMENT_COLUMNS)}.",
        required=False,
    ),
)
DEFAULTS = {spec.name: spec.default for spec in SETTINGS}


@dataclass(frozen=True)
class RowForm:
    """How rows are written, for who reads lines."""

    encoding: str
    delimiter: str
    format: str = "csv"
    quote: str = '"'
    has_names: bool = True
    skip_lines: int = 0


@dataclass(frozen=True)
class Layout:
    """The settings, read. Columns are (ours, theirs); those of our files in their order."""

    inbox: str
    outbox: str
    archive: str
    settle: timedelta
    done_suffix: str
    form: RowForm
    notation: Notation
    locations: tuple[Location, ...]
    acceptance: str
    instant: str
    snapshot_complete: bool
    guards_formulas: bool
    patterns: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]
    release_columns: tuple[tuple[str, str], ...]
    announcement_columns: tuple[tuple[str, str], ...]


def layout_of(settings: Mapping[str, str]) -> Layout:
    """Return what is set. Raises ``ConfigurationError``, naming the setting."""
    one = _Reading({name: settings.get(name) or default for name, default in DEFAULTS.items()})
    return Layout(
        inbox=one.folder("inbox"),
        outbox=one.folder("outbox"),
        archive=one.folder("archive"),
        settle=timedelta(seconds=one.count("settle")),
        done_suffix=one.values["done_suffix"].strip(),
        form=RowForm(one.encoding(), one.delimiter()),
        notation=Notation(
            decimal_sign=one.choice("decimal_sign", (".", ",")),
            thousands=one.values["thousands"].strip("\n")[:1],
            formats=one.formats(),
            zone=one.zone(),
            words={theirs.lower(): ours for theirs, ours in one.pairs("words")},
        ),
        locations=tuple(Location(c, n) for c, n in one.pairs("warehouse_codes")),
        acceptance=one.choice("acceptance", ACCEPTANCES),
        instant=one.choice("instant", INSTANTS),
        snapshot_complete=one.choice("snapshot_complete", ("yes", "no")) == "yes",
        guards_formulas=one.choice("readers", READERS) == "people",
        patterns={kind: one.pattern(f"{kind}_files") for kind in PATTERNS},
        columns={kind: one.columns(f"{kind}_columns", known) for kind, known in COLUMNS.items()},
        release_columns=one.written("release_columns", RELEASE_COLUMNS),
        announcement_columns=one.written("announcement_columns", ANNOUNCEMENT_COLUMNS),
    )


class _Reading:
    """Reads settings one by one."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values

    def _fail(self, name: str, hint: str) -> ConfigurationError:
        return ConfigurationError(f"The setting “{name}” cannot be used: {hint}.")

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        found = self.values[name].strip().lower()
        if found not in choices:
            raise self._fail(name, f"it is one of {', '.join(choices)}")
        return found

    def count(self, name: str) -> int:
        text = self.values[name].strip()
        if not text.isdigit() or len(text) > 7:
            raise self._fail(name, "it is a whole number")
        return int(text)

    def folder(self, name: str) -> str:
        text = self.values[name].strip().strip("/")
        plain = all(part not in ("", ".", "..") for part in text.split("/"))
        if not text.isprintable() or not plain:
            raise self._fail(name, "it names a folder below the folder")
        return text

    def pattern(self, name: str) -> str:
        text = self.values[name].strip()
        if text.count("*") > 1 or "/" in text:
            raise self._fail(name, "it is a file's name with one *")
        return text

    def encoding(self) -> str:
        try:
            return codecs.lookup(self.values["encoding"].strip()).name
        except LookupError:
            raise self._fail("encoding", "no such encoding is known") from None

    def delimiter(self) -> str:
        text = self.values["delimiter"]
        text = "\t" if text.strip().lower() in ("tab", "\\t") else text.strip() or text[:1]
        if len(text) != 1 or text in '\r\n"':
            raise self._fail("delimiter", "it is one character, or tab")
        return text

    def formats(self) -> tuple[str, ...]:
        found = tuple(word.strip() for word in self.values["time_formats"].split("|"))
        if not all(is_format(form) for form in found):
            raise self._fail("time_formats", "it is iso, or like %d.%m.%Y %H:%M")
        return found

    def zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.values["time_zone"].strip())
        except (ValueError, OSError, KeyError):
            raise self._fail("time_zone", "it is a name like Europe/Berlin") from None

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """Return “a=b, c=d” as pairs; what stands alone stands for itself."""
        found = []
        for word in self.values[name].split(","):
            left, equals, right = word.partition("=")
            if left.strip():
                found.append((left.strip(), right.strip() if equals else left.strip()))
        return found

    def columns(self, name: str, known: tuple[str, ...]) -> dict[str, str]:
        pairs = dict(self.pairs(name))
        self._check_known(name, pairs, known)
        return {ours: pairs.get(ours, ours) for ours in known}

    def written(self, name: str, known: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        pairs = self.pairs(name)
        self._check_known(name, dict(pairs), known)
        return tuple(pairs) or tuple((ours, ours) for ours in known)

    def _check_known(self, name: str, pairs: Mapping[str, Any], known: tuple[str, ...]) -> None:
        unknown = sorted(set(pairs) - set(known))
        if unknown:
            raise self._fail(name, f"“{unknown[0][:40]}” is none of ours")
