"""How the tables or files of a foreign system are laid out: a declaration, without any code.

A *record* is a ticket (or a day's report). Its *header* row says what there is once of it; *parts*
are its lines, tenders and so on. *Rules* say which column is which field of the canonical message.
"""

from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

FORMAT = "retail-layout/1"
HEADER = "header"
# Bounds of what a declaration may hold, so that reading one record costs little.
MOST_RULES = 200
LONGEST = 4_000

_CLOSED = ConfigDict(extra="forbid", str_max_length=LONGEST)


@dataclass(frozen=True, config=_CLOSED)
class Rule:
    """Where one canonical field comes from.

    The texts of ``columns`` are put together with ``joiner``; without columns the field is
    ``constant``, and ``default`` where they are empty. ``lookup`` are pairs of (their word, ours);
    ``*`` stands for every other word. ``minor_units``: 1250 is 12.50; ``percent``: 19 is 0.19.
    ``formats`` of a time are tried in their order.
    """

    target: str
    columns: tuple[str, ...] = ()
    joiner: str = ""
    constant: str = ""
    default: str = ""
    lookup: tuple[tuple[str, str], ...] = ()
    flip: bool = False
    minor_units: bool = False
    percent: bool = False
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, config=_CLOSED)
class Part:
    """Rows of one kind: the header, the lines, the tenders.

    ``of_header`` makes one item of the header's own row, for systems that keep each tender in a
    column of its own. ``key`` are the columns that say which record a row belongs to. Of tables:
    ``table`` (with its schema, if any) or ``select``, in the order of ``sort``. Of files:
    ``pattern`` of a file's name, ``row_type`` in the layout's type column, or the ``path`` of a
    list within a JSON object.
    """

    name: str
    rules: tuple[Rule, ...] = ()
    of_header: bool = False
    key: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    table: str = ""
    select: str = ""
    pattern: str = ""
    row_type: str = ""
    path: str = ""

    def told(self) -> tuple[str, ...]:
        """Return the columns that say anything of a record, each once."""
        return tuple(dict.fromkeys(column for rule in self.rules for column in rule.columns))

    def columns(self) -> tuple[str, ...]:
        """Return all columns that are read: those, and what puts rows together and in order."""
        return tuple(dict.fromkeys((*self.key, *self.sort, *self.told())))


@dataclass(frozen=True, config=_CLOSED)
class Tables:
    """How new rows are found: by the header's ``watermark`` column.

    ``overlap`` is how far a poll reaches back: minutes of a moment, steps of a number.
    ``moment_format`` is how the column writes moments where it is a text. Rows younger than
    ``settle`` seconds are left for the next poll. ``reads_nulls``: rows without a watermark are
    read by every poll.
    """

    watermark: str
    watermark_kind: Literal["moment", "number"] = "moment"
    moment_format: str = ""
    overlap: int = 120
    settle: int = 30
    reads_nulls: bool = True


@dataclass(frozen=True, config=_CLOSED)
class Files:
    """How files are written.

    ``shape``: all in the ``rows`` of one file, in ``files`` of their own whose names differ in the
    part's pattern, or ``nested`` JSON objects. Columns of files without a line of names are called
    by their position: 1, 2, … ``done_suffix`` names the marker beside a complete file. A file is
    taken when it has not changed for ``settle`` seconds. Rows of ``ignored_types`` are left out,
    those of a type that nobody declared are shown.
    """

    format: Literal["csv", "jsonl"] = "csv"
    shape: Literal["rows", "files", "nested"] = "rows"
    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    has_names: bool = True
    skip_lines: int = 0
    type_column: str = ""
    ignored_types: tuple[str, ...] = ()
    done_suffix: str = ""
    settle: int = 30


@dataclass(frozen=True, config=_CLOSED)
class Layout:
    """A whole declaration. ``key`` keeps what it claims apart from what others claim.

    ``day_starts_at``: minutes after midnight until which a sale counts for the day before, where
    the system tells no business date.
    """

    kind: Literal["pos_ticket", "pos_closing"]
    parts: tuple[Part, ...]
    key: str = ""
    tables: Tables | None = None
    files: Files | None = None
    tz: str = "UTC"
    decimal_sign: Literal[".", ","] = "."
    thousands: Literal["", ".", ",", " ", "'"] = ""
    day_starts_at: int = 0
    format: Literal["retail-layout/1"] = FORMAT

    @property
    def header(self) -> Part:
        """The part of the header."""
        return next(part for part in self.parts if part.name == HEADER)

    @property
    def row_parts(self) -> tuple[Part, ...]:
        """The parts, but the header, that have rows of their own."""
        return tuple(p for p in self.parts if p.name != HEADER and not p.of_header)

    def header_columns(self) -> tuple[str, ...]:
        """Return the columns that are read of a header's row."""
        extra = (self.tables.watermark,) if self.tables and self.tables.watermark else ()
        own = [p for p in self.parts if p.name == HEADER or p.of_header]
        return tuple(dict.fromkeys((*(c for part in own for c in part.columns()), *extra)))

    @property
    def is_nested(self) -> bool:
        """Whether absent columns are normal: a JSON object leaves out what is empty."""
        return bool(self.files and self.files.format == "jsonl")


_ADAPTER = TypeAdapter(Layout)


def layout_of(text: str | bytes) -> Layout:
    """Return a declaration from its JSON. Raises ``ValueError`` in words for people."""
    try:
        return _ADAPTER.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise ValueError(f"This is no layout: {where}: {first['msg']}.") from None


def layout_from(data: dict[str, Any]) -> Layout:
    """Return a declaration from plain values. Raises ``ValueError`` in words for people."""
    try:
        return _ADAPTER.validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise ValueError(f"{where}: {first['msg']}.") from None


def text_of(layout: Layout, indent: int | None = None) -> str:
    """Return the JSON of a declaration: the same text for the same declaration."""
    return _ADAPTER.dump_json(layout, indent=indent).decode()
