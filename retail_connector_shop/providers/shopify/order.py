"""An order, from the shape that webhooks and the REST API have.

Source: shopify.dev, REST Admin API "Order" and the webhook topics ``orders/*`` (2026-04). Orders of
the GraphQL API are brought into this shape first (``order_graphql.py``), so that one state of an
order is one canonical order, however it was read.
"""

from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import (
    Customer,
    FulfillmentState,
    MoneySet,
    Order,
    OrderLine,
    PayableMoneySet,
    PaymentState,
    ShippingLine,
)

from . import charges
from .lines import OrderContext, Position, read_position
from .money_reader import MoneyReader
from .node import Node
from .parties import to_address, to_customer
from .removals import Removals, find_removals
from .taxes import tax_total
from .vocabulary import FULFILLMENT_STATES, PAYMENT_STATES, translate


@dataclass(frozen=True)
class _Goods:
    """All that is charged, and what has been taken out of the totals."""

    lines: list[OrderLine]
    shipping: list[ShippingLine]
    removed: MoneySet
    removed_tax: MoneySet
    any_removed: bool


def to_order(node: Node) -> Order:
    """Read an order. Raises ``MalformedPayloadError`` or pydantic's ``ValidationError``."""
    currency = node.currency("currency")
    if currency is None:
        raise node.wrong("currency", "is missing")
    money = MoneyReader(currency, node.currency("presentment_currency") or currency)
    created = node.moment("created_at")
    if created is None:
        raise node.wrong("created_at", "is missing")
    removals = find_removals(node, money)
    goods = _read_goods(node, money, removals)
    total, total_tax = _totals(node, money, removals, goods)
    status = node.text("fulfillment_status")
    return Order(
        external_id=node.required_identifier(),
        updated_at=node.utc("updated_at"),
        name=node.text("name") or f"#{node.required_identifier()}",
        placed_at=node.utc("created_at"),
        local_date=created.date(),
        cancelled_at=node.utc("cancelled_at"),
        cancel_reason=node.text("cancel_reason"),
        closed_at=node.utc("closed_at"),
        test=node.flag("test"),
        source=node.text("source_name"),
        currency=money.currency,
        presentment_currency=money.presentment,
        taxes_included=node.flag("taxes_included"),
        customer=_customer(node),
        email=node.text("email") or node.text("contact_email"),
        phone=node.text("phone"),
        billing_address=to_address(node.child("billing_address")),
        shipping_address=to_address(node.child("shipping_address")),
        lines=tuple(goods.lines),
        shipping_lines=tuple(goods.shipping),
        total=_payable(total),
        total_tax=_payable(total_tax),
        payment_state=translate(
            PAYMENT_STATES, node.text("financial_status"), PaymentState.UNKNOWN
        ),
        fulfillment_state=translate(
            FULFILLMENT_STATES, status or "unfulfilled", FulfillmentState.UNKNOWN
        ),
        payment_gateways=node.texts("payment_gateway_names"),
        note=node.text("note"),
        tags=_tags(node),
    )


def _read_goods(node: Node, money: MoneyReader, removals: Removals) -> _Goods:
    context = OrderContext(
        money, removals, node.flag("taxes_included"), node.number("total_tip_received")
    )
    positions = [read_position(line, context) for line in node.children("line_items")]
    nodes = list(node.children("shipping_lines"))
    charged = [charges.read_shipping(line, money, index) for index, line in enumerate(nodes)]
    dropped = [line.flag("is_removed") for line in nodes]
    shipping = [line for line, gone in zip(charged, dropped, strict=True) if not gone]
    gone = [line for line, was_dropped in zip(charged, dropped, strict=True) if was_dropped]
    duties = charges.read_duties(node, money, removals.duties)
    all_duties = charges.read_duties(node, money, frozenset())
    allocated = money.total(
        [position.ordered_discount for position in positions] + [line.discount for line in charged]
    )
    lines = [position.line for position in positions]
    lines += duties + charges.read_fees(node, money)
    lines += charges.order_discount(node, money, allocated)
    removed, removed_tax = _removed(positions, gone, duties, all_duties, money)
    tip = _presentment_left(node, money, lines, shipping, removed, removed_tax)
    lines += charges.read_tip(node, money, lines, tip)
    any_removed = bool(gone or removals.by_line or removals.unexplained)
    return _Goods(lines, shipping, removed, removed_tax, any_removed)


def _removed(
    positions: list[Position],
    shipping: list[ShippingLine],
    duties: list[OrderLine],
    all_duties: list[OrderLine],
    money: MoneyReader,
) -> tuple[MoneySet, MoneySet]:
    """Return value and tax of all that was taken out; the value is in the order's price basis."""
    value = [position.removed_value for position in positions]
    value += [line.price - line.discount for line in shipping]
    value += [
        before.unit_price
        for before, after in zip(all_duties, duties, strict=True)
        if not after.quantity
    ]
    taxes = [position.removed_tax for position in positions]
    taxes += [tax_total(line.taxes, money) for line in shipping]
    taxes += [
        tax_total(before.taxes, money) - tax_total(after.taxes, money)
        for before, after in zip(all_duties, duties, strict=True)
    ]
    return money.total(value), money.total(taxes)


def _totals(
    node: Node, money: MoneyReader, removals: Removals, goods: _Goods
) -> tuple[MoneySet, MoneySet]:
    """Return total and tax of what is still wanted.

    Shopify's totals are those of the order as placed, its *current* totals those after everything
    that was given back. When nothing but removals was given back the latter are what we want;
    otherwise what was removed is taken off the former.
    """
    total = money.required(node, "total_price")
    total_tax = money.or_zero(node, "total_tax")
    if not goods.any_removed:
        return total, total_tax
    current = money.amount(node, "current_total_price")
    current_tax = money.amount(node, "current_total_tax")
    if removals.complete and current is not None and current_tax is not None:
        return current, current_tax
    removed = goods.removed
    if not node.flag("taxes_included"):
        removed = removed + goods.removed_tax
    return total - removed, total_tax - goods.removed_tax


def _presentment_left(
    node: Node,
    money: MoneyReader,
    lines: list[OrderLine],
    shipping: list[ShippingLine],
    removed: MoneySet,
    removed_tax: MoneySet,
) -> Decimal:
    """Return what the presentment total holds beyond lines, shipping and taxes: a tip."""
    parts = [money.times(line.unit_price, line.quantity) - line.discount for line in lines]
    parts += [line.price - line.discount for line in shipping]
    known = money.total(parts) + removed
    if not node.flag("taxes_included"):
        known = known + money.total(
            [tax_total(line.taxes, money) for line in (*lines, *shipping)] + [removed_tax]
        )
    return (money.required(node, "total_price") - known).presentment.amount


def _customer(node: Node) -> Customer | None:
    """Return the order's customer; one without an id has no identity of its own."""
    customer = node.child("customer")
    if customer is None or customer.identifier() is None:
        return None
    return to_customer(customer, language=node.text("customer_locale"), version=False)


def _payable(amount: MoneySet) -> PayableMoneySet:
    return PayableMoneySet(shop=amount.shop, presentment=amount.presentment)


def _tags(node: Node) -> tuple[str, ...]:
    """Return the tags in a fixed order: the two APIs list them differently."""
    tags = (node.text("tags") or "").split(",")
    return tuple(sorted({tag.strip() for tag in tags if tag.strip()}))
