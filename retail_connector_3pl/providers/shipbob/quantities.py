"""How many units of a product a shipment holds: ShipBob tells them by stock item.

A product is one stock item, or several (a bundle): then the order says how many were wanted in all,
and the stock items which share of them this shipment holds.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from odoo.addons.retail_connector_base.canonical.shipment import ShipmentState
from odoo.addons.retail_connector_base.providers import MalformedPayloadError

from .node import Node
from .vocabulary import SHIPMENTS

Counts = dict[str, Decimal]


class NotToldError(MalformedPayloadError):
    """What came does not say how many; the order does."""


def units_of(product: Node, shipment: Node, order: Node | None) -> Decimal:
    """Return the units of a product in a shipment. Raises ``NotToldError``."""
    counts = _counts([product])
    if len(counts) == 1:
        return next(iter(counts.values()))
    if order is None:
        raise NotToldError(f"“{product.path}” does not say how many units it is.")
    wanted = _ordered(product, order)
    total = _counts(_everywhere(product, order))
    shares = {Fraction(counts[one]) / Fraction(total[one]) for one in counts if total[one]}
    if _is_alone(product, shipment, order):
        shares = {Fraction(1)}
    units = Fraction(wanted) * shares.pop() if len(shares) == 1 else None
    if not units or units.denominator != 1:
        raise NotToldError(f"“{product.path}” does not say how many units it is.")
    return Decimal(units.numerator)


def name_of(product: Node) -> str | None:
    """Return the name that we gave a product in the order, or ShipBob's own."""
    return product.text("reference_id") or product.text("sku")


def _counts(products: Iterable[Node]) -> Counts:
    found: Counts = defaultdict(Decimal)
    for product in products:
        for item in product.children("inventory_items"):
            found[item.required_identifier()] += item.units("quantity")
    return found


def _ordered(product: Node, order: Node) -> Decimal:
    same = [one for one in order.children("products") if name_of(one) == name_of(product)]
    return sum((one.units("quantity") for one in same), Decimal(0))


def _alive(order: Node) -> list[Node]:
    gone = ShipmentState.CANCELLED
    return [
        one for one in order.children("shipments")
        if SHIPMENTS.get(one.text("status") or "") is not gone
    ]  # fmt: skip


def _everywhere(product: Node, order: Node) -> list[Node]:
    return [
        other for shipment in _alive(order) for other in shipment.children("products")
        if name_of(other) == name_of(product)
    ]  # fmt: skip


def _is_alone(product: Node, shipment: Node, order: Node) -> bool:
    """Tell whether nothing of the product is in another shipment of the order."""
    number = shipment.required_identifier()
    holders = [
        one.required_identifier() for one in _alive(order) for other in one.children("products")
        if name_of(other) == name_of(product)
    ]  # fmt: skip
    return holders == [number]
