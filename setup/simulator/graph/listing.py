"""Lists that can be searched, sorted and read page by page."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from graphql import GraphQLError

from .money import Node
from .search import Accessor, predicate

MAX_PAGE = 250


@dataclass(frozen=True)
class Listing:
    """Records behind a connection. ``sorts`` maps sort keys to what they compare.

    One that ``keeps_order`` is always in the order of its identities.
    """

    records: Sequence[Any]
    node: Callable[[Any], Node]
    identity: Accessor
    sorts: Mapping[str, Accessor] = field(default_factory=dict)
    filters: Mapping[str, Accessor] = field(default_factory=dict)
    keeps_order: bool = False

    def found(self, query: str | None) -> list[Any]:
        """Return the records that match a search."""
        matches = predicate(query, self.filters)
        return [record for record in self.records if matches(record)]


def of_nodes(nodes: Sequence[Node]) -> Listing:
    """Return a listing of nodes that exist already, in their own order."""
    numbered = list(enumerate(nodes))
    return Listing(numbered, lambda pair: pair[1], lambda pair: pair[0], keeps_order=True)


def page(listing: Listing, arguments: Mapping[str, Any]) -> Node:
    """Return a connection: the page that the arguments ask for."""
    size, backwards = _size(arguments)
    key = _key(listing, arguments.get("sortKey"))
    reverse = bool(arguments.get("reverse")) != backwards
    records = sorted(listing.found(arguments.get("query")), key=key, reverse=reverse)
    cursor = arguments.get("before" if backwards else "after")
    if cursor:
        start = _decode(cursor)
        records = [r for r in records if (key(r) < start if reverse else key(r) > start)]
    chosen, more = records[:size], len(records) > size
    if backwards:
        chosen.reverse()
    return _connection(listing, chosen, key, more, bool(cursor), backwards)


def _connection(
    listing: Listing, chosen: list[Any], key: Accessor, more: bool, inside: bool, backwards: bool
) -> Node:
    edges = [{"cursor": _encode(key(r)), "node": listing.node(r)} for r in chosen]
    return {
        "edges": edges,
        "nodes": [edge["node"] for edge in edges],
        "pageInfo": {
            "hasNextPage": inside if backwards else more,
            "hasPreviousPage": more if backwards else inside,
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
        },
    }


def _size(arguments: Mapping[str, Any]) -> tuple[int, bool]:
    first, last = arguments.get("first"), arguments.get("last")
    if (first is None) == (last is None):
        raise GraphQLError("you must provide one of first or last")
    size = last if first is None else first
    if not 0 <= size <= MAX_PAGE:
        raise GraphQLError(f"first and last must lie between 0 and {MAX_PAGE}")
    return size, first is None


def _key(listing: Listing, sort_key: str | None) -> Accessor:
    """Return what records are sorted by: the sort key's value, then the identity."""
    if listing.keeps_order or sort_key in (None, "ID"):
        return lambda record: (0, listing.identity(record))
    accessor = listing.sorts.get(sort_key)
    if accessor is None:
        raise GraphQLError(f"The simulator cannot sort by {sort_key}.")
    return lambda record: (_plain(accessor(record)), listing.identity(record))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _encode(key: tuple[Any, Any]) -> str:
    return base64.b64encode(json.dumps(key).encode()).decode()


def _decode(cursor: str) -> tuple[Any, Any]:
    try:
        value, identity = json.loads(base64.b64decode(cursor, validate=True))
    except (binascii.Error, ValueError, TypeError):
        raise GraphQLError("Invalid cursor for current pagination sort.") from None
    return value, identity
