"""What an order charges beside its lines: shipping, duties, fees, tips and order discounts."""

from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import (
    LineKind,
    MoneySet,
    OrderLine,
    ShippingLine,
)

from .lines import read_discount
from .money_reader import MoneyReader, is_positive
from .node import Node
from .taxes import read_taxes

ONE = Decimal(1)


def read_shipping(node: Node, money: MoneyReader, index: int) -> ShippingLine:
    """Read a shipping charge. Old orders give it no id: its place stands for it."""
    price = money.required(node, "price")
    discount = read_discount(node, money, "")
    discounted = money.amount(node, "discounted_price")
    if not is_positive(discount) and discounted is not None:
        discount = price - discounted
    return ShippingLine(
        external_id=node.identifier() or f"shipping:{index}",
        title=node.text("title") or node.text("code") or "",
        code=node.text("code"),
        price=price,
        discount=discount,
        taxes=read_taxes(node, money),
    )


def read_duties(order: Node, money: MoneyReader, removed: frozenset[str]) -> list[OrderLine]:
    """Read the duties of all lines; none when the prices include them."""
    if order.flag("duties_included"):
        return []
    return [
        OrderLine(
            external_id=f"duty:{duty.required_identifier()}",
            kind=LineKind.DUTY,
            title=" ".join(filter(None, ("Duty", duty.text("harmonized_system_code")))),
            ordered_quantity=ONE,
            quantity=ONE - ONE * (duty.required_identifier() in removed),
            unit_price=duty.sides(money.currency, money.presentment),
            discount=money.zero,
            taxes=() if duty.required_identifier() in removed else read_taxes(duty, money),
            requires_shipping=False,
        )
        for line in order.children("line_items")
        for duty in line.children("duties")
    ]


def read_fees(order: Node, money: MoneyReader) -> list[OrderLine]:
    """Return the additional fees as one line: webhooks give their total only."""
    total = money.amount(order, "original_total_additional_fees")
    if total is None or not is_positive(total):
        return []
    return [extra_line("fee:order", LineKind.FEE, "Additional fees", total, money)]


def read_tip(
    order: Node, money: MoneyReader, lines: list[OrderLine], presentment: Decimal
) -> list[OrderLine]:
    """Return the order's tip, unless one of its lines is the tip already.

    Webhooks tell the tip in the shop's currency only; ``presentment`` is what is left of the
    presentment total when everything else is taken off.
    """
    tip = order.number("total_tip_received")
    if tip <= 0 or any(line.kind is LineKind.TIP for line in lines):
        return []
    other = tip if money.presentment == money.currency else presentment
    return [extra_line("tip:order", LineKind.TIP, "Tip", money.both(tip, other), money)]


def order_discount(order: Node, money: MoneyReader, allocated: MoneySet) -> list[OrderLine]:
    """Return what the order takes off beyond the discounts of its lines and shipping."""
    rest = money.or_zero(order, "total_discounts") - allocated
    if not is_positive(rest):
        return []
    return [
        extra_line(
            "discount:order", LineKind.DISCOUNT, "Order discount", money.times(rest, -ONE), money
        )
    ]


def extra_line(
    external_id: str, kind: LineKind, title: str, amount: MoneySet, money: MoneyReader
) -> OrderLine:
    """Return a line for an amount of the order as a whole."""
    return OrderLine(
        external_id=external_id,
        kind=kind,
        title=title,
        ordered_quantity=ONE,
        quantity=ONE,
        unit_price=amount,
        discount=money.zero,
        requires_shipping=False,
    )
