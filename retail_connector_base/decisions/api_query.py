"""Reading the query of a request: closed, bounded, with a cursor that fits one question only."""

import base64
import binascii
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ..canonical.routes import LARGEST_PAGE
from .api_problem import refuse

PAGING = ("limit", "cursor")
LONGEST = 255
MARK = 8


class Arguments(Protocol):
    """What is asked of a query's arguments: names, and all values of one name."""

    def keys(self) -> Collection[str]:
        """Return the names."""

    def getlist(self, key: str) -> list[str]:
        """Return all values of a name."""


@dataclass(frozen=True)
class Query:
    """A query that may be answered. ``after`` is the last id of the page before."""

    values: Mapping[str, tuple[str, ...]]
    limit: int
    after: int
    mark: bytes

    def many(self, name: str) -> tuple[str, ...]:
        """Return all values of a parameter."""
        return self.values.get(name, ())

    def one(self, name: str) -> str | None:
        """Return a parameter's value, ``None`` without one. Raises ``ApiError`` for several."""
        found = self.many(name)
        if len(found) > 1:
            raise refuse("bad-parameter", f"“{name}” may be given once.")
        return found[0] if found else None

    def moment(self, name: str) -> datetime | None:
        """Return a parameter as a moment with its time zone. Raises ``ApiError`` otherwise."""
        text = self.one(name)
        if text is None:
            return None
        try:
            found = datetime.fromisoformat(text.replace(" ", "+"))
            found.astimezone()
        except (ValueError, OverflowError):
            found = None
        if found is None or found.tzinfo is None:
            raise refuse("bad-parameter", f"“{name}” is no moment like 2026-11-21T08:00:00Z.")
        return found

    def number(self, name: str) -> int | None:
        """Return a parameter as a whole number from 0 on. Raises ``ApiError`` otherwise."""
        text = self.one(name)
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < 2**31):
            raise refuse("bad-parameter", f"“{name}” does not belong to an earlier answer.")
        return int(text)

    def following(self, last: int | None) -> str | None:
        """Return the cursor of the page behind an id, ``None`` at the end."""
        if last is None:
            return None
        return base64.urlsafe_b64encode(self.mark + last.to_bytes(8, "big")).decode().rstrip("=")


def read_query(arguments: Arguments, names: Collection[str], path: str) -> Query:
    """Return a query. Raises ``ApiError`` (400) for unknown, too many, or unusable parameters."""
    paged = PAGING if names else ()
    given = list(arguments.keys())
    unknown = set(given) - {*names, *paged}
    if unknown:
        raise refuse("bad-parameter", "There is a parameter that this address does not know.")
    values = {name: tuple(arguments.getlist(name)) for name in given}
    for name, texts in values.items():
        if len(texts) > LARGEST_PAGE or not all(map(_is_storable, texts)):
            raise refuse("bad-parameter", f"“{name}” cannot be used.")
    filters = {name: texts for name, texts in values.items() if name not in PAGING}
    mark = _mark(path, filters)
    asked = Query(values, LARGEST_PAGE, 0, mark)
    return Query(filters, _limit(asked.one("limit")), _after(asked.one("cursor"), mark), mark)


def _is_storable(text: str) -> bool:
    return 0 < len(text) <= LONGEST and "\0" not in text and "�" not in text


def _mark(path: str, filters: Mapping[str, tuple[str, ...]]) -> bytes:
    """A cursor belongs to one question: with another one it would leave things out."""
    return hashlib.sha256(repr((path, sorted(filters.items()))).encode()).digest()[:MARK]


def _limit(text: str | None) -> int:
    if text is None:
        return LARGEST_PAGE
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise refuse("bad-parameter", f"“limit” is a number from 1 to {LARGEST_PAGE}.")
    if not 1 <= int(text) <= LARGEST_PAGE:
        raise refuse("bad-parameter", f"“limit” is a number from 1 to {LARGEST_PAGE}.")
    return int(text)


def _after(cursor: str | None, mark: bytes) -> int:
    if cursor is None:
        return 0
    try:
        content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError):
        content = b""
    after = int.from_bytes(content[MARK:], "big")
    if len(content) != MARK + 8 or content[:MARK] != mark or after >= 2**31:
        raise refuse("bad-parameter", "“cursor” does not belong to this question.")
    return after
