"""The records of one delivery: of its one file, or of the files that belong together."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, BinaryIO

from odoo.addons.retail_connector_base.providers.file_drop.lines import Bad, Row, rows_of
from odoo.addons.retail_connector_base.providers.file_drop.spool import Spool

from ...decisions.legacy_layout import HEADER, Layout, Part
from ...decisions.legacy_reading import MOST_ROWS, Record
from ...decisions.legacy_values import CellError, as_text, pick

Opener = Callable[[], BinaryIO]


@dataclass(frozen=True)
class Found:
    """A record, or a text that belongs to none, with its place in the order of the delivery."""

    ordinal: int
    where: str
    record: Record | None = None
    text: str = ""
    problem: str = ""


class Delivery:
    """Reads the files of a delivery, given by what opens them, by their part's name."""

    def __init__(self, layout: Layout, files: Mapping[str, tuple[str, Opener]]) -> None:
        self.layout, self.files = layout, files

    def found(self, behind: int = 0) -> Iterator[Found]:
        """Yield what is found behind an ordinal, always in the same order.

        Raises ``WholeFileError`` where a whole file is not as declared.
        """
        name, _open = self.files[HEADER]
        if self.layout.files.shape == "nested":
            yield from self._nested(behind, name)
        else:
            yield from self._spooled(behind)

    def _nested(self, behind: int, name: str) -> Iterator[Found]:
        for ordinal, row in enumerate(self._rows(HEADER), 1):
            if ordinal <= behind:
                continue
            where = f"{name}:{row.number}"
            if isinstance(row, Bad):
                yield Found(ordinal, where, None, row.text, row.problem)
            else:
                yield Found(ordinal, where, Record(row.cells))

    def _rows(self, part: str) -> Iterator[Row | Bad]:
        _name, open_file = self.files[part]
        with closing(open_file()) as stream:
            yield from rows_of(stream, self.layout.files)

    def _spooled(self, behind: int) -> Iterator[Found]:
        parts = [part.name for part in self.layout.row_parts]
        with closing(Spool(MOST_ROWS)) as spool:
            Sorter(self.layout, spool).sort(self.files, self._rows)
            last = 0
            for ordinal, place, header, rows in spool.records(0, parts):
                last = ordinal
                if ordinal > behind:
                    yield Found(ordinal, place, Record(header, rows))
            for ordinal, (place, text, problem) in enumerate(spool.leftovers(), last + 1):
                if ordinal > behind:
                    yield Found(ordinal, place, None, text, problem)


class Sorter:
    """Sorts the rows of a delivery by the record they belong to."""

    def __init__(self, layout: Layout, spool: Spool) -> None:
        self.layout, self.spool = layout, spool
        self._last: str | None = None
        self._count = 0

    def sort(
        self,
        files: Mapping[str, tuple[str, Opener]],
        rows: Callable[[str], Iterator[Row | Bad]],
    ) -> None:
        """Put all rows into the spool."""
        in_files = self.layout.files.shape == "files"
        for part, (name, _open) in files.items():
            for row in rows(part):
                place = f"{name}:{row.number}"
                if isinstance(row, Bad):
                    self.spool.bad(place, row)
                elif in_files:
                    self._keep(self._part(part), place, row)
                else:
                    self._of_one_file(place, row)

    def _part(self, name: str) -> Part:
        if name == HEADER:
            return self.layout.header
        return next(part for part in self.layout.row_parts if part.name == name)

    def _of_one_file(self, place: str, row: Row) -> None:
        """Keep a row as the parts that it is of: by its type, or as each of them."""
        header = self.layout.header
        kind = self._type(row)
        if not header.row_type:
            self._keep_first(place, row)
        elif kind == header.row_type:
            self._keep(header, place, row)
            return
        parts = [p for p in self.layout.row_parts if not p.row_type or p.row_type == kind]
        for part in parts:
            self._keep(part, place, row)
        if header.row_type and not parts and kind not in self.layout.files.ignored_types:
            self.spool.bad(place, _as_bad(row, "The row is of a type that is not declared."))

    def _type(self, row: Row) -> str:
        column = self.layout.files.type_column
        try:
            return as_text(pick(row.cells, column, absent_is_empty=True)) if column else ""
        except CellError:
            return ""

    def _keep_first(self, place: str, row: Row) -> None:
        """Keep the header that each row repeats: the first one counts."""
        key = self._key(self.layout.header, row)
        if key is not None and key != self._last:
            self.spool.head(key, place, row.cells)
            self._last = key

    def _keep(self, part: Part, place: str, row: Row) -> None:
        if part.name == HEADER:
            self._keep_head(part, place, row)
            return
        if part.key or not self.layout.header.row_type:
            key = self._key(part if part.key else self.layout.header, row)
        else:
            # Rows that name no record follow their header.
            key = self._last
        if key is None:
            self.spool.bad(place, _as_bad(row, "The row names no record that it belongs to."))
        else:
            self.spool.row(part.name, key, place, row.cells)

    def _keep_head(self, part: Part, place: str, row: Row) -> None:
        self._count += 1
        key = self._key(part, row) if part.key else str(self._count)
        self._last = key
        if key is None:
            self.spool.bad(place, _as_bad(row, "The header's key is empty."))
        elif not self.spool.head(key, place, row.cells):
            self.spool.bad(place, _as_bad(row, "There is another header with the same key."))

    def _key(self, part: Part, row: Row) -> str | None:
        """Return what a row's key columns say, ``None`` where they say nothing."""
        try:
            values = [as_text(pick(row.cells, column, True)) for column in part.key]
        except CellError:
            return None
        return "\x1f".join(values) if any(values) else None


def _as_bad(row: Row, problem: str) -> Bad:
    return Bad(row.number, in_one_line(row.cells), problem)


def in_one_line(cells: Mapping[str, Any]) -> str:
    """Return cells as one line of text."""
    return "; ".join(f"{name}={value}" for name, value in cells.items())
