"""Stock by fulfilment centre, as snapshots.

Source: the schema ``InventoryQuantityFcResponse``: on hand is what lies there, fulfillable what of
it is not committed to orders. What is committed may be sent as well: it is what those orders wait
for. ShipBob does not say when it counted: the moment before it was asked is taken.
"""

from collections.abc import Iterator, Mapping
from datetime import timezone
from typing import Any

from odoo.addons.retail_connector_base.canonical import StockSnapshot
from odoo.addons.retail_connector_base.canonical.stock_snapshot import SnapshotLine

from .client import PAGE, Row, ShipBobClient
from .node import Node

# Items of one message.
PART = 1000


def parts_of(client: ShipBobClient) -> Iterator[dict[str, Any]]:
    """Yield the parts of the snapshots of all centres, as they are kept.

    One list shows all centres. It is read whole before anything is told: how many parts there are
    is not known before its end. A centre that is named in the settings is told of in any case.
    """
    taken = client.now().astimezone(timezone.utc).replace(microsecond=0).isoformat()
    wanted = centres(client.settings)
    held: dict[str, list[Row]] = {number: [] for number in wanted}
    for rows in client.linked("inventory-level/locations", PageSize=PAGE):
        for row in rows:
            for number, level in _levels(row):
                if not wanted or number in held:
                    held.setdefault(number, []).append({**row, "locations": [level]})
    for number, rows in sorted(held.items()):
        chunks = [rows[at : at + PART] for at in range(0, len(rows), PART)] or [[]]
        for index, chunk in enumerate(chunks):
            yield {
                "location_id": number, "taken_at": taken, "part": index + 1, "parts": len(chunks),
                "items": chunk,
            }  # fmt: skip


def centres(settings: Mapping[str, str]) -> tuple[str, ...]:
    """Return the fulfilment centres that the settings name, none for all that hold anything."""
    named = (settings.get("fulfillment_centers") or "").replace(";", ",").split(",")
    return tuple(dict.fromkeys(filter(None, (name.strip() for name in named))))


def _levels(row: Row) -> Iterator[tuple[str, Row]]:
    for level in row.get("locations") or ():
        if isinstance(level, dict) and level.get("location_id") is not None:
            yield str(level["location_id"]), level


def to_snapshot(shown: Node) -> StockSnapshot:
    """Return a part of a snapshot."""
    location, taken = shown.required_identifier("location_id"), shown.utc("taken_at")
    if taken is None:
        raise shown.wrong("taken_at", "is missing")
    name, part = f"{location}@{taken.isoformat()}", int(shown.number("part"))
    return StockSnapshot(
        external_id=f"{name}#{part}",
        updated_at=taken,
        snapshot_external_id=name,
        location_external_id=location,
        taken_at=taken,
        part=part,
        parts=int(shown.number("parts")),
        lines=tuple(line for row in shown.children("items") for line in _lines(row, location)),
    )


def _lines(row: Node, location: str) -> Iterator[SnapshotLine]:
    number = row.required_identifier("inventory_id")
    for level in row.children("locations"):
        if level.identifier("location_id") != location:
            continue
        on_hand = level.number("on_hand_quantity")
        free = level.number("fulfillable_quantity") + level.number("committed_quantity")
        yield SnapshotLine(
            sku=row.text("sku") or number,
            item_external_id=number,
            on_hand=on_hand,
            sellable=max(min(free, on_hand), 0),
        )
