"""What customers order from the hub, what becomes of each order, and how Odoo sees it."""

from collections.abc import Mapping
from decimal import Decimal

from .api_bodies import Body, euros, order
from .reading import Database
from .warehouse_setup import LAMP, MUG, PEN, PRICES

# What is ordered: units by SKU. Some orders have a story of their own.
SPLIT, CANCELLED, PICKED, SHORT, RETURNED = "H-9", "H-10", "H-11", "H-12", "H-13"
ORDERS: dict[str, dict[str, int]] = {
    "H-1": {MUG: 2}, "H-2": {PEN: 3}, "H-3": {LAMP: 1}, "H-4": {MUG: 1}, "H-5": {PEN: 2},
    "H-6": {LAMP: 2}, "H-7": {MUG: 3}, "H-8": {PEN: 1},
    SPLIT: {MUG: 4, PEN: 2}, CANCELLED: {LAMP: 1}, PICKED: {MUG: 1}, SHORT: {PEN: 5},
    RETURNED: {LAMP: 2},
}  # fmt: skip
# What of the split order leaves by itself, and what of the short one is not found at first.
APART, NOT_FOUND = {MUG: 2}, (PEN, 1)
ADDRESS = {
    "name": "Ada Lovelace", "street": "Hauptstr. 1", "city": "Berlin", "zip": "10115",
    "country_code": "DE",
}  # fmt: skip
RELEASES = """
    SELECT binding.external_id, release.name, release.state
      FROM retail_release release
      JOIN retail_order_binding binding ON binding.odoo_id = release.order_id
     WHERE release.backend_id = %s ORDER BY release.id
"""
REQUESTS = """
    SELECT binding.external_id, request.state FROM retail_release_request request
      JOIN retail_release release ON release.id = request.release_id
      JOIN retail_order_binding binding ON binding.odoo_id = release.order_id
     WHERE release.backend_id = %s AND request.kind = 'cancel' ORDER BY request.id
"""


def basket(number: str, wanted: Mapping[str, int]) -> Body:
    """Return a paid order of several goods with an address."""
    parts = [order(number, sku, units, PRICES[sku]) for sku, units in wanted.items()]
    lines = [{**part["lines"][0], "external_id": str(place)} for place, part in enumerate(parts, 1)]
    return {
        **parts[0],
        "shipping_address": ADDRESS,
        "lines": lines,
        **{name: euros(_sum(parts, name)) for name in ("total", "total_tax")},
    }


def _sum(parts: list[Body], name: str) -> Decimal:
    return sum((Decimal(part[name]["shop"]["amount"]) for part in parts), Decimal(0))


def releases(database: Database, backend: int) -> dict[str, list[tuple[str, str]]]:
    """Return (reference, state) of the releases by the shop's number of the order, oldest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for number, name, state in database.rows(RELEASES, backend):
        found.setdefault(number, []).append((name, state))
    return found


def cancellations(database: Database, backend: int) -> dict[str, str]:
    """Return what the warehouse answered, by order, to the last wish to cancel it."""
    return dict(database.rows(REQUESTS, backend))
