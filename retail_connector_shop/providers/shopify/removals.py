"""Units that the shop took out of an order before they were fulfilled.

Shopify keeps a line's ``quantity``, ``tax_lines`` and ``discount_allocations`` as ordered and books
what is taken out as a refund. Units leave the order when their ``restock_type`` is ``cancel``, or
when an order edit removed them, which shows as a refund without money. Returned units, and units
refunded without restocking, were or will be fulfilled: they stay.

Source: shopify.dev, REST "Refund" (restock_type), "Edit an existing order".
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import MoneySet

from .money_reader import MoneyReader
from .node import Node

_NOT_FULFILLED = frozenset({"cancelled", "error", "failure"})
_MONEY_MOVES = frozenset({"success", "pending"})


@dataclass(frozen=True)
class RemovedUnits:
    """Units of a line that one refund took out, with the refund's own figures for them."""

    units: Decimal
    subtotal: MoneySet
    tax: MoneySet


@dataclass(frozen=True)
class Removals:
    """All that was taken out of an order, by line.

    ``complete``: nothing but removals was refunded, so that Shopify's *current* totals are those of
    what is still wanted. ``unexplained`` are units that left without a refund that shows them.
    """

    by_line: dict[str, list[RemovedUnits]]
    unexplained: dict[str, Decimal]
    duties: frozenset[str]
    complete: bool

    def units(self, line: str) -> Decimal:
        """Return how many units of a line are gone."""
        explained = sum((part.units for part in self.by_line.get(line, ())), Decimal(0))
        return explained + self.unexplained.get(line, Decimal(0))


def find_removals(order: Node, money: MoneyReader) -> Removals:
    """Read an order's refunds for units that left it."""
    by_line: dict[str, list[RemovedUnits]] = defaultdict(list)
    refunded: dict[str, Decimal] = defaultdict(Decimal)
    room = _unfulfilled(order)
    duties: set[str] = set()
    complete = True
    for refund in order.children("refunds"):
        removed_any = False
        for item in refund.children("refund_line_items"):
            line, units = item.required_identifier("line_item_id"), item.number("quantity")
            refunded[line] += units
            gone = _gone(refund, item, units, room.get(line, units))
            complete = complete and gone == units
            if gone:
                removed_any = True
                room[line] = room.get(line, units) - gone
                by_line[line].append(_removed(item, units, gone, money))
        if removed_any:
            duties |= {duty.required_identifier("duty_id") for duty in refund.children("duties")}
        complete = complete and not _gives_more_back(refund)
    unexplained = _unexplained(order, refunded)
    return Removals(dict(by_line), unexplained, frozenset(duties), complete)


def _gone(refund: Node, item: Node, units: Decimal, room: Decimal) -> Decimal:
    """Return how many of a refund line's units left the order."""
    restock = (item.text("restock_type") or "").lower()
    if restock == "cancel":
        return units
    if restock == "return" or "return" in refund or _moves_money(refund):
        return Decimal(0)
    return max(min(units, room), Decimal(0))


def _removed(item: Node, units: Decimal, gone: Decimal, money: MoneyReader) -> RemovedUnits:
    """A line of which only a part is gone has no figures of its own: it counts without them."""
    if gone != units:
        return RemovedUnits(gone, money.zero, money.zero)
    return RemovedUnits(
        gone,
        money.or_zero(item, "subtotal"),
        money.or_zero(item, "total_tax"),
    )


def _moves_money(refund: Node) -> bool:
    """Tell whether money goes back; a refund that does not show its transactions may do so."""
    if refund.raw.get("transactions") is None:
        return True
    return any(
        (item.text("status") or "").lower() in _MONEY_MOVES and item.number("amount") > 0
        for item in refund.children("transactions")
    )


def _gives_more_back(refund: Node) -> bool:
    """Tell whether a refund holds anything but lines: shipping, adjustments, a return."""
    return "return" in refund or any(
        refund.raw.get(key) for key in ("order_adjustments", "refund_shipping_lines")
    )


def _unfulfilled(order: Node) -> dict[str, Decimal]:
    """Return the units of each line that were not fulfilled: no others can be removed."""
    room = {line.required_identifier(): line.number("quantity") for line in _lines(order)}
    for fulfillment in order.children("fulfillments"):
        if (fulfillment.text("status") or "").lower() in _NOT_FULFILLED:
            continue
        for item in fulfillment.children("line_items"):
            line = item.required_identifier()
            if line in room:
                room[line] -= item.number("quantity")
    return room


def _unexplained(order: Node, refunded: dict[str, Decimal]) -> dict[str, Decimal]:
    """Return units that ``current_quantity`` lacks though no refund shows them."""
    missing = {}
    for line in _lines(order):
        current = line.decimal("current_quantity")
        if current is not None:
            name = line.required_identifier()
            units = line.number("quantity") - current - refunded[name]
            if units > 0:
                missing[name] = units
    return missing


def _lines(order: Node) -> list[Node]:
    return list(order.children("line_items"))
