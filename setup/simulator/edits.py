"""What happens to an order after it was placed. Each edit returns the order's next state."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from .basket import Basket
from .money import NOTHING
from .order import Order, Payment, Refund, RefundLine

if TYPE_CHECKING:
    from .shop import Shop

Edit = Callable[["Shop", Random, Order, datetime], Order]


def pay(shop: "Shop", rng: Random, order: Order, moment: datetime) -> Order:
    """The money arrives."""
    payments = tuple(
        replace(payment, status="success", kind="sale", at=moment) for payment in order.payments
    )
    return replace(order, updated_at=moment, financial="paid", payments=payments)


def annotate(shop: "Shop", rng: Random, order: Order, moment: datetime) -> Order:
    """Somebody writes a note: nothing that matters changes."""
    return replace(order, updated_at=moment, note="Please ring twice", tags=("vip",))


def move(shop: "Shop", rng: Random, order: Order, moment: datetime) -> Order:
    """The customer gives another address."""
    if not order.delivery:
        return annotate(shop, rng, order, moment)
    street = f"Neue Straße {rng.randint(1, 99)}"
    return replace(order, updated_at=moment, delivery=replace(order.delivery, street=street))


def remove_unit(shop: "Shop", rng: Random, order: Order, moment: datetime) -> Order:
    """One unit of a line is taken out again and paid back."""
    lines = [line for line in order.lines if line.current_quantity and line.kind == "product"]
    return _take_out(shop, order, moment, {lines[0].id: 1}, "partially_refunded")


def refund_line(shop: "Shop", rng: Random, order: Order, moment: datetime) -> Order:
    """A whole line is refunded before anything was shipped."""
    line = next(line for line in order.lines if line.current_quantity and line.kind == "product")
    return _take_out(shop, order, moment, {line.id: line.current_quantity}, "partially_refunded")


def cancel(shop: "Shop", rng: Random, order: Order, moment: datetime) -> Order:
    """The order is cancelled and all money goes back."""
    paid = order.financial not in ("pending", "authorized")
    reason = rng.choice(("customer", "inventory", "fraud", "declined", "other"))
    cancelled = replace(order, cancelled_at=moment, cancel_reason=reason)
    taken = {line.id: line.current_quantity for line in order.lines if line.current_quantity}
    return _take_out(shop, cancelled, moment, taken, "refunded" if paid else "voided")


def add_line(shop: "Shop", rng: Random, order: Order, moment: datetime) -> Order:
    """A line is added and paid."""
    basket = Basket(shop, rng, moment, order.terms, order.kind)
    basket.add(rng.choice(shop.goods))
    grown = replace(order, updated_at=moment, lines=(*order.lines, *basket.lines))
    missing = grown.totals(current=True).total - order.totals(current=True).total
    number = shop.ids.next("OrderTransaction")
    payment = Payment(number, "shopify_payments", "sale", missing, moment)
    return replace(grown, payments=(*order.payments, payment))


def _take_out(
    shop: "Shop", order: Order, moment: datetime, taken: dict[int, int], financial: str
) -> Order:
    """Take units out of lines; what they were worth is the difference of before and after."""
    lines = tuple(
        replace(line, removed=line.removed + taken.get(line.id, 0)) for line in order.lines
    )
    after = replace(order, updated_at=moment, lines=lines, financial=financial)
    back = order.received - after.totals(current=True).total
    payment = None
    if order.received and back:
        number = shop.ids.next("OrderTransaction")
        first = order.payments[0]
        payment = Payment(
            number, first.gateway, "refund", back, moment, parent_id=first.id
        )  # fmt: skip
    refund = Refund(
        shop.ids.next("Refund"), moment, _refund_lines(shop, order, after), payment=payment
    )
    payments = (*order.payments, *((payment,) if payment else ()))
    return replace(after, refunds=(*order.refunds, refund), payments=payments)


def _refund_lines(shop: "Shop", before: Order, after: Order) -> tuple[RefundLine, ...]:
    """Return what each line lost between two states."""
    terms, lost = before.terms, []
    for old, new in zip(before.lines, after.lines, strict=True):
        was, left = old.current_quantity, new.current_quantity
        if was == left:
            continue
        subtotal = old.net(was, terms) - new.net(left, terms)
        tax = NOTHING
        for charged in old.taxes(was, terms):
            tax += charged.amount
        for charged in new.taxes(left, terms):
            tax -= charged.amount
        number = shop.ids.next("RefundLineItem")
        lost.append(RefundLine(number, old.id, was - left, subtotal, tax, "cancel"))
    return tuple(lost)
