"""Walking through the connections of the GraphQL API without losing anything."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from odoo.addons.retail_connector_base.providers import TransientError

from .client import Operation, ShopifyClient, TooExpensiveError

# Changes of the last moments may not be listed yet: reading begins a little earlier.
OVERLAP = timedelta(minutes=2)


@dataclass(frozen=True)
class Cursor:
    """Where a list was left: the moment it was asked for and the last page's cursor."""

    since: str = ""
    after: str | None = None

    @classmethod
    def start(cls, text: str, since: datetime | None) -> "Cursor":
        """Return the cursor to go on from, or that of a new list of changes since a moment."""
        if "|" in text:
            known, _bar, after = text.partition("|")
            return cls(known, after or None)
        if since is None:
            return cls()
        moment = (since - OVERLAP).astimezone(timezone.utc)
        return cls(moment.strftime("%Y-%m-%dT%H:%M:%SZ"))

    @property
    def query(self) -> str | None:
        """The search for changes since the moment."""
        return f"updated_at:>='{self.since}'" if self.since else None

    def to(self, after: str | None) -> "Cursor":
        """Return the cursor behind a page."""
        return Cursor(self.since, after or self.after)

    def __str__(self) -> str:
        return f"{self.since}|{self.after or ''}"


def connection(data: Any, *path: str) -> tuple[list[dict[str, Any]], bool, str | None]:
    """Return nodes, whether more follow, and the end cursor, else raise ``TransientError``."""
    try:
        for key in path:
            data = data[key]
        info = data["pageInfo"]
        return list(data["nodes"]), bool(info["hasNextPage"]), info["endCursor"]
    except (KeyError, TypeError):
        raise TransientError(f"The shop's answer lacks {'.'.join(path)}.") from None


def walk(
    client: ShopifyClient,
    operation: Operation,
    variables: Mapping[str, Any],
    path: tuple[str, ...],
    after: str | None = None,
) -> Iterator[tuple[list[dict[str, Any]], str | None, Any]]:
    """Yield nodes, end cursor and data of each page; pages that cost too much are halved."""
    first = int(variables["first"])
    while True:
        try:
            data = client.execute(operation, {**variables, "first": first, "after": after})
        except TooExpensiveError:
            if first == 1:
                raise
            first //= 2
            continue
        nodes, more, end = connection(data, *path)
        yield nodes, end, data
        if not more:
            return
        if not end or end == after:
            raise TransientError(
                f"{operation.name}: the shop says that more follows, but not where."
            )
        after = end
