"""Stock at Square: read, and written as physical counts.

Source: the operations ``BatchRetrieveInventoryCounts`` and ``BatchChangeInventory``. Square cannot
compare before it changes: counts are read right before they are written, and a sale in between is
lost until the next comparison. A repeated key has no second effect.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timezone
from decimal import Decimal

from odoo.addons.retail_connector_base.providers import (
    Answer,
    Location,
    StockChange,
    StockKey,
    Verdict,
)

from .client import Row, SquareClient
from .http import RefusedError
from .levels import IN_STOCK
from .node import Node

LONGEST_KEY = 128
# How many quantities Square takes at once, and how many variations it counts at once.
BATCH = 100
_AT_ONCE = 100
_MISSING = frozenset(("NOT_FOUND", "INVALID_VALUE"))


def idempotency_key(*parts: str) -> str:
    """Return a key that Square takes, the same for the same parts."""
    text = "#".join(parts)
    if len(text) <= LONGEST_KEY and text.isascii() and text.isprintable():
        return text
    return hashlib.sha256(text.encode()).hexdigest()


def locations(client: SquareClient) -> tuple[Location, ...]:
    """Return the places of the seller."""
    rows = client.get("locations").get("locations") or []
    return tuple(
        Location(str(row["id"]), str(row.get("name") or row["id"]), row.get("status") != "INACTIVE")
        for row in rows
    )


def read_stock(client: SquareClient, keys: Sequence[StockKey]) -> dict[StockKey, int]:
    """Return what can be sold. Of what was never counted Square says nothing: there is none."""
    wanted, found = set(keys), {}
    items = sorted({key.item for key in keys})
    known = _known(client, items)
    for start in range(0, len(items), _AT_ONCE):
        body = {
            "catalog_object_ids": items[start : start + _AT_ONCE],
            "location_ids": sorted({key.location for key in keys}),
            "states": [IN_STOCK],
        }
        for rows in client.search("counts", "inventory", "counts", "batch-retrieve", body=body):
            for row in rows:
                key = StockKey(str(row.get("catalog_object_id")), str(row.get("location_id")))
                if key in wanted and row.get("state") == IN_STOCK:
                    found[key] = _whole(row)
    return {key: found.get(key, 0) for key in keys if key.item in known}


def _known(client: SquareClient, items: Sequence[str]) -> set[str]:
    """Return the variations that the catalogue still has."""
    found: set[str] = set()
    for start in range(0, len(items), 1_000):
        body = {"object_ids": list(items[start : start + 1_000])}
        rows = client.post("catalog", "batch-retrieve", body=body).get("objects") or ()
        found |= {str(row.get("id")) for row in rows if not row.get("is_deleted")}
    return found


def _whole(row: Row) -> int:
    """Return a quantity in whole units; a part of one cannot be sold."""
    quantity = Node(row, "counts").decimal("quantity") or Decimal(0)
    return int(quantity.to_integral_value(rounding="ROUND_FLOOR"))


class StockWriter:
    """One logical attempt at changing quantities."""

    def __init__(self, client: SquareClient, key: str) -> None:
        self._client = client
        self._key = key
        self._moment = client.now()

    def apply(self, changes: Sequence[StockChange]) -> list[Answer]:
        """Return an answer for each change, in their order."""
        held = read_stock(self._client, [change.key for change in changes])
        answers = {change.key: _compared(held.get(change.key), change) for change in changes}
        self._write([change for change in changes if answers[change.key] is None], answers)
        return [answers[change.key] or Answer(Verdict.DONE) for change in changes]

    def _write(
        self, changes: Sequence[StockChange], answers: dict[StockKey, Answer | None]
    ) -> None:
        """Write changes at once; if Square refuses, find out which of them it refuses."""
        if not changes:
            return
        try:
            self._post(changes)
        except RefusedError as error:
            if len(changes) == 1:
                verdict = Verdict.MISSING if error.codes & _MISSING else Verdict.REJECTED
                answers[changes[0].key] = Answer(verdict, str(error))
                return
            middle = len(changes) // 2
            self._write(changes[:middle], answers)
            self._write(changes[middle:], answers)
            return
        for change in changes:
            answers[change.key] = Answer(Verdict.DONE, actual=change.quantity)

    def _post(self, changes: Sequence[StockChange]) -> None:
        counts = [
            f"{change.key.item}:{change.key.location}={change.quantity}" for change in changes
        ]
        self._client.post(
            "inventory", "changes", "batch-create",
            body={
                "idempotency_key": idempotency_key(self._key, _digest(counts)),
                "changes": [_count(change, self._moment) for change in changes],
                "ignore_unchanged_counts": True,
            },
        )  # fmt: skip


def _digest(counts: Sequence[str]) -> str:
    return hashlib.sha256("|".join(counts).encode()).hexdigest()[:16]


def _count(change: StockChange, moment: datetime) -> Row:
    return {
        "type": "PHYSICAL_COUNT",
        "physical_count": {
            "catalog_object_id": change.key.item,
            "location_id": change.key.location,
            "state": IN_STOCK,
            "quantity": str(change.quantity),
            "occurred_at": moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z"),
        },
    }


def _compared(held: int | None, change: StockChange) -> Answer | None:
    """Return the answer to a change that must not, or need not, be written."""
    if held is None:
        return Answer(Verdict.MISSING, "Square does not have it any more.")
    if held == change.quantity:
        return Answer(Verdict.DONE, actual=held)
    if change.expected is not None and held != change.expected:
        return Answer(Verdict.STALE, f"Square holds {held}.", held)
    return None
