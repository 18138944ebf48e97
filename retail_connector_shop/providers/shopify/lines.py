"""Order lines: goods, custom lines, gift cards and tips, as far as they are still wanted."""

from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import LineKind, MoneySet, OrderLine

from .money_reader import MoneyReader
from .node import Node
from .removals import Removals, RemovedUnits
from .taxes import lower, read_taxes, tax_total


@dataclass(frozen=True)
class Position:
    """A line with what it was worth as ordered; ``value`` is without tax that is not included."""

    line: OrderLine
    ordered_discount: MoneySet
    removed_value: MoneySet
    removed_tax: MoneySet


@dataclass(frozen=True)
class OrderContext:
    """What a line must know of its order. ``tip`` is the order's, in the shop's currency."""

    money: MoneyReader
    removals: Removals
    taxes_included: bool
    tip: Decimal


def read_position(node: Node, context: OrderContext) -> Position:
    """Read a line and lower it by the units that were taken out of it."""
    money, removals = context.money, context.removals
    external_id = node.required_identifier()
    ordered = node.number("quantity")
    price = money.required(node, "price")
    discount = read_discount(node, money, "total_discount")
    taxes = read_taxes(node, money)
    gone = min(removals.units(external_id), ordered)
    left = ordered - gone
    if not gone:
        new_discount, new_taxes = discount, taxes
    elif left:
        parts = removals.by_line.get(external_id, [])
        new_discount = discount - _discount_of(parts, price, discount, context)
        new_taxes = lower(taxes, money.total([part.tax for part in parts]), money)
    else:
        new_discount, new_taxes = money.zero, ()
    return Position(
        line=OrderLine(
            external_id=external_id,
            kind=_kind(node, price, context.tip),
            title=node.text("name") or node.text("title") or "",
            sku=node.text("sku"),
            product_external_id=node.identifier("product_id"),
            variant_external_id=node.identifier("variant_id"),
            ordered_quantity=ordered,
            quantity=left,
            unit_price=price,
            discount=new_discount,
            taxes=new_taxes,
            requires_shipping=node.flag("requires_shipping", True),
            note=_note(node),
        ),
        ordered_discount=discount,
        removed_value=money.times(price, gone) - (discount - new_discount),
        removed_tax=tax_total(taxes, money) - tax_total(new_taxes, money),
    )


def read_discount(node: Node, money: MoneyReader, whole: str) -> MoneySet:
    """Return what was taken off: the sum of the allocations, else the line's own figure.

    Allocations hold the share in order discounts too; ``total_discount`` does not, but is all that
    API versions before 2018 have.
    """
    parts = [
        money.required(allocation, "amount") for allocation in node.children("discount_allocations")
    ]
    return money.total(parts) if parts else money.or_zero(node, whole)


def _discount_of(
    parts: list[RemovedUnits],
    price: MoneySet,
    discount: MoneySet,
    context: OrderContext,
) -> MoneySet:
    """Return the discount of removed units: their price less what their refund says of them."""
    money = context.money
    taken = money.zero
    for part in parts:
        share = money.times(price, part.units) - part.subtotal
        # A subtotal is in the order's price basis; one without its included tax is told by
        # a discount greater than the line's.
        if context.taxes_included and share.shop.amount > discount.shop.amount:
            share = share - part.tax
        taken = taken + share
    return money.both(
        _within(taken.shop.amount, discount.shop.amount),
        _within(taken.presentment.amount, discount.presentment.amount),
    )


def _within(amount: Decimal, limit: Decimal) -> Decimal:
    return max(Decimal(0), min(amount, limit))


def _kind(node: Node, price: MoneySet, tip: Decimal) -> LineKind:
    """Tell what a line sells. A deleted product has lost its ids but keeps its SKU.

    Webhooks mark the line of a tip, GraphQL does not: there its amount tells it.
    """
    if node.flag("gift_card"):
        return LineKind.GIFT_CARD
    if "tip" in node or "tip_payment_gateway" in node:
        return LineKind.TIP
    if any(key in node for key in ("product_id", "variant_id")) or node.text("sku"):
        return LineKind.PRODUCT
    if tip > 0 and node.number("quantity") * price.shop.amount == tip:
        return LineKind.TIP
    return LineKind.CUSTOM


def _note(node: Node) -> str | None:
    """Return what the customer wrote on the line; names that begin with _ are the theme's own."""
    properties = [
        (item.text("name") or "", item.text("value") or "") for item in node.children("properties")
    ]
    return "\n".join(f"{k}: {v}" for k, v in properties if v and not k.startswith("_")) or None
