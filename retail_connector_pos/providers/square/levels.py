"""What Square counts of a variation at a location. Source: the schema ``InventoryCount``.

Of the states only ``IN_STOCK`` can be sold.
"""

from odoo.addons.retail_connector_base.canonical import StockLevel

from .node import Node

IN_STOCK = "IN_STOCK"


def is_stock(count: Node) -> bool:
    """Tell whether a count is of what can be sold."""
    return count.text("state") == IN_STOCK


def to_level(count: Node) -> StockLevel:
    """Read a count of what can be sold."""
    item = count.required_identifier("catalog_object_id")
    location = count.required_identifier("location_id")
    return StockLevel(
        external_id=f"{item}:{location}",
        updated_at=count.utc("calculated_at"),
        inventory_item_external_id=item,
        location_external_id=location,
        available=count.decimal("quantity"),
    )
