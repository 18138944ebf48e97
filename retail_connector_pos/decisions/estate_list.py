"""A list of stores and registers that somebody pasted, read without guessing what it means."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

LARGEST = 5_000
COLUMNS = ("store", "store_name", "register", "register_name", "warehouse")
# How people head such columns; whatever is left out stays empty.
HEADS = {
    "store": "store",
    "store id": "store",
    "store code": "store",
    "store name": "store_name",
    "name": "store_name",
    "register": "register",
    "register id": "register",
    "register code": "register",
    "till": "register",
    "register name": "register_name",
    "till name": "register_name",
    "warehouse": "warehouse",
}


@dataclass(frozen=True)
class ListedRegister:
    """A line of a list: ids as registers send them, names as people say them.

    A line without a register is a store without any yet.
    """

    line: int
    store: str
    store_name: str = ""
    register: str = ""
    register_name: str = ""
    warehouse: str = ""


class ListError(ValueError):
    """A line cannot be read; ``line`` counts from one."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line, self.reason = line, reason


def read_list(text: str) -> list[ListedRegister]:
    """Return the lines of a list: separated by tabs, semicolons or commas, with or without heads.

    Without heads the columns are ``COLUMNS``. Raises ``ListError``.
    """
    rows = [(number, row) for number, row in _rows(text) if any(row)]
    if not rows:
        return []
    if len(rows) > LARGEST:
        raise ListError(LARGEST + 1, "too_long")
    columns = _columns(rows[0][1])
    body = rows[1:] if columns else rows
    return [_listed(number, row, columns or COLUMNS) for number, row in body]


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    text = text.replace("\x00", "").lstrip("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max("\t;,", key=first.count)
    reader = csv.reader(text.splitlines(), delimiter=separator, skipinitialspace=True)
    try:
        for row in reader:
            yield reader.line_num, [cell.strip() for cell in row]
    except csv.Error as error:
        raise ListError(reader.line_num, "unreadable") from error


def _columns(head: list[str]) -> tuple[str, ...] | None:
    """Return the columns that the first line names, ``None`` when it is data already."""
    words = [" ".join(cell.replace("_", " ").casefold().split()) for cell in head]
    found = tuple(HEADS.get(word, "") for word in words)
    if "store" not in found or len(words) > 1 and len([name for name in found if name]) < 2:
        return None
    return found


def _listed(number: int, row: list[str], columns: tuple[str, ...]) -> ListedRegister:
    values: dict[str, str] = {}
    for column, cell in zip(columns, row, strict=False):
        if column and cell:
            values.setdefault(column, cell)
    if not values.get("store"):
        raise ListError(number, "no_store")
    return ListedRegister(line=number, **values)
