"""Webhooks about quantities: the vendor tells of every change, whoever made it."""

import json
from collections.abc import Iterable

from .delivery import Delivery, Envelope
from .identifiers import gid, seeded_uuid
from .shop import Shop
from .stock import Change

LEVEL_TOPIC = "inventory_levels/update"


def level_deliveries(shop: Shop, envelope: Envelope, changes: Iterable[Change]) -> list[Delivery]:
    """Return a signed webhook for each change of what can be sold, in their order."""
    return [
        _delivery(shop, envelope, change) for change in list(changes) if change.name == "available"
    ]


def _delivery(shop: Shop, envelope: Envelope, change: Change) -> Delivery:
    level = shop.stock.level(change.item_id, change.location_id)
    content = {
        "inventory_item_id": change.item_id,
        "location_id": change.location_id,
        "available": change.after,
        "updated_at": change.at.isoformat(timespec="seconds"),
        "admin_graphql_api_id": f"{gid('InventoryLevel', level.id if level else 0)}"
        f"?inventory_item_id={change.item_id}",
    }
    identity = seeded_uuid(f"{shop.seed}:level:{change.sequence}")
    body = json.dumps(content, separators=(",", ":")).encode()
    return envelope.seal(LEVEL_TOPIC, identity, identity, body, change.at)
