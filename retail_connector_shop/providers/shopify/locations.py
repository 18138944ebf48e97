"""The places where the shop keeps stock."""

from odoo.addons.retail_connector_base.providers import Location

from . import documents_stock
from .client import ShopifyClient
from .gid import number_of
from .paging import walk


def read_locations(client: ShopifyClient) -> tuple[Location, ...]:
    """Return all locations, those that were closed among them."""
    pages = walk(client, documents_stock.LOCATIONS, {"first": 50}, ("locations",))
    return tuple(
        Location(
            external_id=number_of(node.get("id")),
            name=str(node.get("name") or ""),
            active=bool(node.get("isActive")),
        )
        for nodes, _end, _data in pages
        for node in nodes
    )
