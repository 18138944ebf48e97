"""What the shop can sell: the quantity ``available`` of items at locations."""

from collections.abc import Iterable, Sequence
from typing import Any

from odoo.addons.retail_connector_base.providers import StockKey, TransientError

from . import documents_stock
from .client import ShopifyClient, TooExpensiveError
from .gid import gid, number_of

PAGE_SIZE = 250


def read_levels(client: ShopifyClient, keys: Iterable[StockKey]) -> dict[StockKey, int | None]:
    """Return quantities; ``None`` where an item is not stocked. Unknown items are left out."""
    by_location: dict[str, list[str]] = {}
    for key in dict.fromkeys(keys):
        by_location.setdefault(key.location, []).append(key.item)
    levels: dict[StockKey, int | None] = {}
    for location, items in by_location.items():
        found = _read(client, location, items)
        levels.update({StockKey(item, location): count for item, count in found.items()})
    return levels


def _read(client: ShopifyClient, location: str, items: Sequence[str]) -> dict[str, int | None]:
    """Read items at one location, in pages that are halved when they cost too much."""
    found: dict[str, int | None] = {}
    start, size = 0, PAGE_SIZE
    while start < len(items):
        page = items[start : start + size]
        ids = [gid("InventoryItem", item) for item in page]
        variables = {"ids": ids, "location": gid("Location", location)}
        try:
            nodes = client.execute(documents_stock.STOCK, variables).get("nodes")
        except TooExpensiveError:
            if size == 1:
                raise
            size //= 2
            continue
        if not isinstance(nodes, list):
            raise TransientError("The shop's answer lacks nodes.")
        found.update({number_of(node.get("id")): _available(node) for node in nodes if node})
        start += len(page)
    return found


def _available(node: dict[str, Any]) -> int | None:
    level = node.get("inventoryLevel")
    if level is None:
        return None
    for quantity in level.get("quantities") or ():
        if quantity.get("name") == "available" and isinstance(quantity.get("quantity"), int):
            return quantity["quantity"]
    raise TransientError("The shop's answer lacks a quantity.")
