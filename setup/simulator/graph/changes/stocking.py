"""The quantities that come with new or set variants."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...catalogue import Variant
from ...identifiers import number_of
from ...shop import Shop


def stock_variant(shop: Shop, variant: Variant, given: Sequence[Mapping[str, Any]]) -> None:
    """Set quantities, written as ProductSetInventoryInput or as InventoryLevelInput."""
    for values in given:
        place = number_of(values["locationId"], "Location")
        level = shop.stock.connect(variant.inventory_item_id, place)
        quantity = values.get("quantity", values.get("availableQuantity"))
        shop.stock.put(level, values.get("name", "available"), quantity, "set")
