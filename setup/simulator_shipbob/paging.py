"""Pages: numbered ones, and links to the next."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from .problem import invalid
from .state import Row

MOST = 250


def numbered(rows: Sequence[Row], query: Mapping[str, str]) -> list[Row]:
    """Return a numbered page of rows."""
    page, size = _whole(query, "Page", 1), min(_whole(query, "Limit", 50), MOST)
    return list(rows[(page - 1) * size : page * size])


def linked(
    path: str, rows: Sequence[Row], query: Mapping[str, str], size_name: str, most: int = MOST
) -> dict[str, Any]:
    """Return a page that names the next one by its address, without a host."""
    size = min(_whole(query, size_name, 50), most)
    page = _whole(query, "Cursor", 1)
    link = None
    if len(rows) > page * size:
        link = f"/2026-01{path}?" + urlencode({**query, "Cursor": page + 1})
    return {
        "items": list(rows[(page - 1) * size : page * size]),
        "first": None, "last": None, "prev": None, "next": link,
    }  # fmt: skip


def _whole(query: Mapping[str, str], name: str, default: int) -> int:
    value = query.get(name) or default
    try:
        number = int(value)
    except ValueError:
        raise invalid(f"{name} must be a number.") from None
    if number < 1:
        raise invalid(f"{name} must be at least 1.")
    return number
