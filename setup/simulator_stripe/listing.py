"""Lists of the API: the newest first, filtered, page by page."""

from collections.abc import Iterable, Mapping
from typing import Any

from .ledger import Row
from .problem import invalid, missing

LONGEST, USUAL = 100, 10
_BOUNDS = {"gt": int.__gt__, "gte": int.__ge__, "lt": int.__lt__, "lte": int.__le__}


def page_of(url: str, rows: Iterable[Row], query: Mapping[str, Any], *equal: str) -> Row:
    """Return a page of rows (given oldest first); ``equal`` are the fields to filter by."""
    newest = [row for row in rows if _wanted(row, query, equal)][::-1]
    size = _size(query)
    start = _after(newest, query.get("starting_after"))
    found = newest[start : start + size]
    more = len(newest) > start + size
    return {"object": "list", "url": url, "has_more": more, "data": found}


def _size(query: Mapping[str, Any]) -> int:
    text = str(query.get("limit", USUAL))
    if not text.isdigit() or not 1 <= int(text) <= LONGEST:
        raise invalid("limit", "This value must be between 1 and 100")
    return int(text)


def _after(rows: list[Row], number: str | None) -> int:
    if number is None:
        return 0
    for index, row in enumerate(rows):
        if row["id"] == number:
            return index + 1
    raise missing("object", number)


def _wanted(row: Row, query: Mapping[str, Any], equal: Iterable[str]) -> bool:
    if any(name in query and row.get(name) != query[name] for name in equal):
        return False
    types = query.get("types")
    if types is not None and row.get("type") not in types:
        return False
    created = query.get("created")
    if not isinstance(created, Mapping):
        return created is None or row["created"] == int(created)
    if not created.keys() <= _BOUNDS.keys():
        raise invalid("created")
    return all(_BOUNDS[name](row["created"], int(value)) for name, value in created.items())
