"""Lines and rows of a file, however large it is and whatever is wrong in the middle of it."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from ..errors import MalformedPayloadError
from ..strict_json import loads

LONGEST_LINE = 2**20
DEEPEST = 40
# Physical lines of one row: an open quotation mark must not swallow a file.
MOST_LINES = 200
_UNIVERSAL = ("utf-16", "utf-16-le", "utf-16-be")
_COMPRESSED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"\x28\xb5\x2f\xfd",
               b"Rar!", b"\x1f\x9d")  # fmt: skip


class RowForm(Protocol):
    """How the rows of files are written.

    ``format`` is ``csv`` or ``jsonl``. ``has_names``: the first line names the columns; without,
    they are called by their positions from 1. An empty ``quote`` means that there is none.
    """

    @property
    def format(self) -> str: ...
    @property
    def encoding(self) -> str: ...
    @property
    def delimiter(self) -> str: ...
    @property
    def quote(self) -> str: ...
    @property
    def has_names(self) -> bool: ...
    @property
    def skip_lines(self) -> int: ...


class WholeFileError(Exception):
    """Nothing of a file can be read as declared."""


@dataclass(frozen=True)
class Bad:
    """A line that is no row. ``text`` is what it says."""

    number: int
    text: str
    problem: str


@dataclass(frozen=True)
class Row:
    """A row by its columns; ``number`` is the line it begins in."""

    number: int
    cells: dict[str, Any]


def rows_of(stream: BinaryIO, files: RowForm) -> Iterator[Row | Bad]:
    """Yield the rows of a file. Raises ``WholeFileError`` for what is no such file."""
    lines = _lines(_text(stream, files.encoding))
    for _skipped in range(files.skip_lines):
        next(lines, None)
    yield from _objects(lines) if files.format == "jsonl" else _named(_cells(lines, files), files)


def _text(stream: BinaryIO, encoding: str) -> io.TextIOWrapper:
    head = stream.read(8)
    stream.seek(0)
    if head.startswith(_COMPRESSED):
        raise WholeFileError("The file is compressed: drop it as it is.")
    name = codecs.lookup(encoding).name
    if name == "utf-8":
        name = "utf-8-sig"
    errors = "replace" if name.startswith(_UNIVERSAL) else "surrogateescape"
    return io.TextIOWrapper(stream, encoding=name, errors=errors, newline="")


def _lines(text: io.TextIOWrapper) -> Iterator[Row | Bad]:
    """Yield lines with their ends; of one that is too long only its beginning is kept."""
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            while (rest := text.readline(LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
                continue
            yield Bad(number, line, "The line is too long.")
        elif any("\udc80" <= char <= "\udcff" for char in line):
            yield Bad(number, line, "The line is not encoded as declared.")
        else:
            yield Row(number, {"": line})


class _Unusable(Exception):
    """Stops a row in the middle: one of its lines cannot be used."""


class _Feed:
    """Gives lines to the CSV reader, remembers those of the present row, and takes them back."""

    def __init__(self, lines: Iterator[Row | Bad]) -> None:
        self.lines, self.back, self.taken = lines, [], []

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = self.back.pop(0) if self.back else next(self.lines)
        self.taken.append(line)
        if isinstance(line, Bad) or len(self.taken) > MOST_LINES:
            raise _Unusable
        return line.cells[""]

    def only_first(self) -> Row | Bad:
        """Give all lines of a failed row back but its first, and return that."""
        first, *rest = self.taken
        self.back = rest + self.back
        return first


def _cells(lines: Iterator[Row | Bad], files: RowForm) -> Iterator[tuple[int, list[str]] | Bad]:
    feed = _Feed(lines)
    quoting = csv.QUOTE_MINIMAL if files.quote else csv.QUOTE_NONE
    options = {
        "delimiter": files.delimiter,
        "quotechar": files.quote or None,
        "quoting": quoting,
        "strict": True,
    }
    reader = csv.reader(feed, **options)
    while True:
        feed.taken = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _Unusable) as error:
            first = feed.only_first()
            reader = csv.reader(feed, **options)
            yield _bad(first, error)
            continue
        if any(cell.strip() for cell in cells):
            yield feed.taken[0].number, cells


def _bad(line: Row | Bad, error: Exception) -> Bad:
    if isinstance(line, Bad):
        return line
    words = str(error) or "a quotation mark is open"
    return Bad(line.number, line.cells[""], f"The line is no row: {words}.")


def _named(rows: Iterator[tuple[int, list[str]] | Bad], files: RowForm) -> Iterator[Row | Bad]:
    """Yield rows with their columns' names: those of the first line, or positions."""
    names = _names(rows) if files.has_names else None
    for row in rows:
        if isinstance(row, Bad):
            yield row
            continue
        number, cells = row
        if names is not None and any(cell.strip() for cell in cells[len(names) :]):
            text = files.delimiter.join(cells)
            yield Bad(number, text, "The line has more cells than there are columns.")
        else:
            columns = names or [str(n) for n in range(1, len(cells) + 1)]
            yield Row(number, dict(zip(columns, cells, strict=False)))


def _names(rows: Iterator[tuple[int, list[str]] | Bad]) -> list[str]:
    first = next(rows, None)
    if first is None:
        return []
    if isinstance(first, Bad):
        raise WholeFileError("The line of column names cannot be read.")
    names = [name.strip() for name in first[1]]
    while names and not names[-1]:
        names.pop()
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise WholeFileError(f"The column “{doubled[0][:60]}” is there twice.")
    return names


def _objects(lines: Iterator[Row | Bad]) -> Iterator[Row | Bad]:
    """Yield one JSON object a line."""
    for line in lines:
        if isinstance(line, Bad):
            yield line
            continue
        text = line.cells[""].strip()
        if not text:
            continue
        try:
            content = loads(text.encode())
        except MalformedPayloadError as error:
            yield Bad(line.number, text, str(error))
            continue
        if not isinstance(content, dict):
            yield Bad(line.number, text, "The line is no object.")
        elif _is_deep(content):
            yield Bad(line.number, text, "The line is nested too deeply.")
        else:
            yield Row(line.number, content)


def _is_deep(content: Any) -> bool:
    """Tell whether an object is nested deeper than any ticket."""
    level = [content]
    for _depth in range(DEEPEST):
        inside = [each.values() if isinstance(each, dict) else each for each in level]
        level = [item for each in inside for item in each if isinstance(item, dict | list)]
        if not level:
            return False
    return True
