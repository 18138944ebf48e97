"""Deletions and stock levels: the two kinds whose payload is hardly more than ids."""

from datetime import datetime

from odoo.addons.retail_connector_base.canonical import Deletion, StockLevel

from .node import Node


def to_deletion(node: Node, entity: str, moment: datetime | None) -> Deletion:
    """Read a deletion. The payload has no time; ``moment`` is the event's."""
    return Deletion(external_id=node.required_identifier(), deleted_kind=entity, updated_at=moment)


def to_stock_level(node: Node, connected: bool, moment: datetime | None) -> StockLevel:
    """Read an inventory level (webhooks ``inventory_levels/*``)."""
    item = node.required_identifier("inventory_item_id")
    location = node.required_identifier("location_id")
    return StockLevel(
        external_id=f"{item}:{location}",
        updated_at=node.utc("updated_at") or moment,
        inventory_item_external_id=item,
        location_external_id=location,
        available=node.decimal("available"),
        connected=connected,
    )
