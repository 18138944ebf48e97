"""The search syntax of list queries: ``updated_at:>='2026-01-01T00:00:00Z' AND sku:ABC``."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from operator import eq, ge, gt, le, lt
from typing import Any

from graphql import GraphQLError

TERM = re.compile(
    r"""(?P<field>\w+):(?P<op>>=|<=|>|<|=)?(?P<value>"[^"]*"|'[^']*'|[^\s()]+)|(?P<word>\S+)"""
)
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "": eq, "=": eq, ">=": ge, "<=": le, ">": gt, "<": lt,
}  # fmt: skip

Accessor = Callable[[Any], Any]
Predicate = Callable[[Any], bool]


def predicate(query: str | None, fields: Mapping[str, Accessor]) -> Predicate:
    """Return a test of records for a query that joins terms by AND, and those by OR.

    Raises an error for what is not simulated, where the real shop would silently ignore it.
    """
    ways: list[list[Predicate]] = [[]]
    for match in TERM.finditer(query or ""):
        if match["word"] == "OR":
            ways.append([])
        elif match["word"] != "AND":
            ways[-1].append(_test(match, fields))
    return lambda record: any(all(test(record) for test in way) for way in ways)


def _test(match: re.Match[str], fields: Mapping[str, Accessor]) -> Predicate:
    name, accessor = match["field"], fields.get(match["field"] or "")
    if accessor is None:
        raise GraphQLError(f"The simulator cannot search for “{match[0]}”.")
    value, compare = match["value"].strip("\"'"), OPERATORS[match["op"] or ""]
    if (name, value) == ("status", "any"):
        return lambda record: True
    return lambda record: _compare(compare, accessor(record), value)


def _compare(compare: Callable[[Any, Any], bool], actual: Any, value: str) -> bool:
    if actual is None:
        return False
    return compare(actual, _like(actual, value))


def _like(actual: Any, value: str) -> Any:
    """Read a search value as what it is compared with."""
    if isinstance(actual, datetime):
        try:
            moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            raise GraphQLError(f"“{value}” is not a time.") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    if isinstance(actual, bool):
        return value == "true"
    if isinstance(actual, int):
        return int(value.rsplit("/", 1)[-1])
    return value
