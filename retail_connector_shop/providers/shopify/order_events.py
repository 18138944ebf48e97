"""What happens to an order: shipments, refunds and payments.

Source: shopify.dev, webhook topics ``fulfillments/*``, ``refunds/create``,
``order_transactions/create`` (2026-04).
"""

from datetime import datetime

from odoo.addons.retail_connector_base.canonical import (
    Money,
    Payment,
    PaymentKind,
    Refund,
    RefundAdjustment,
    RefundLine,
    RefundTransaction,
    RestockKind,
    Shipment,
    ShipmentLine,
    ShipmentState,
    Tracking,
    TransactionState,
)

from .money_reader import MoneyReader
from .node import Node
from .vocabulary import (
    PAYMENT_KINDS,
    RESTOCK_KINDS,
    SHIPMENT_STATES,
    TRANSACTION_STATES,
    translate,
)


def to_shipment(node: Node) -> Shipment:
    """Read a fulfilment."""
    urls = node.texts("tracking_urls")
    numbers = node.texts("tracking_numbers")
    padded = urls + (None,) * (len(numbers) - len(urls))
    return Shipment(
        external_id=node.required_identifier(),
        updated_at=node.utc("updated_at"),
        order_external_id=node.required_identifier("order_id"),
        name=node.text("name"),
        state=translate(SHIPMENT_STATES, node.text("status"), ShipmentState.UNKNOWN),
        shipped_at=node.utc("created_at"),
        location_external_id=node.identifier("location_id"),
        carrier=node.text("tracking_company"),
        trackings=tuple(
            Tracking(number=number, url=url) for number, url in zip(numbers, padded, strict=False)
        ),
        lines=tuple(
            ShipmentLine(
                order_line_external_id=line.required_identifier(),
                sku=line.text("sku"),
                quantity=line.number("quantity"),
            )
            for line in node.children("line_items")
        ),
    )


def to_payment(node: Node) -> Payment:
    """Read a transaction. Webhooks do not name its order, lists do (``order_name``)."""
    state = translate(TRANSACTION_STATES, node.text("status"), TransactionState.UNKNOWN)
    return Payment(
        external_id=node.required_identifier(),
        updated_at=node.utc("processed_at") or node.utc("created_at"),
        order_external_id=node.identifier("order_id"),
        payment_kind=translate(PAYMENT_KINDS, node.text("kind"), PaymentKind.UNKNOWN),
        state=state,
        amount=_amount(node),
        gateway=node.text("gateway"),
        parent_external_id=node.identifier("parent_id"),
        authorization=node.text("authorization"),
        processed_at=node.utc("processed_at"),
        test=node.flag("test"),
        reference=node.text("order_name"),
        expires_at=_expiry(node),
        failure=_failure(node) if state in _FAILED else None,
    )


_FAILED = frozenset({TransactionState.FAILURE, TransactionState.ERROR})


def _failure(node: Node) -> str | None:
    """Return the error's code, which both APIs tell; the gateway's message where it has none."""
    code = node.text("error_code")
    return code.lower() if code else node.text("message")


def _expiry(node: Node) -> datetime | None:
    """Return when an authorisation lapses: the last moment of an extended one."""
    extended = node.child("extended_authorization_attributes")
    later = extended and (
        extended.utc("extended_authorization_expires_at")
        or extended.utc("standard_authorization_expires_at")
    )
    return later or node.utc("authorization_expires_at")


def to_refund(node: Node) -> Refund:
    """Read a refund. It says its currencies only in its amounts."""
    money = _reader(node)
    parent = node.child("return")
    return Refund(
        external_id=node.required_identifier(),
        updated_at=node.utc("processed_at") or node.utc("created_at"),
        order_external_id=node.required_identifier("order_id"),
        created_at=node.utc("created_at"),
        note=node.text("note"),
        return_external_id=parent and parent.identifier(),
        lines=tuple(_line(item, money) for item in node.children("refund_line_items")),
        adjustments=tuple(_adjustments(node, money)),
        transactions=tuple(
            RefundTransaction(
                external_id=item.required_identifier(),
                state=translate(
                    TRANSACTION_STATES, item.text("status"), TransactionState.UNKNOWN
                ).value,
                amount=_amount(item, money.currency),
                gateway=item.text("gateway"),
            )
            for item in node.children("transactions")
        ),
    )


def _line(item: Node, money: MoneyReader) -> RefundLine:
    return RefundLine(
        external_id=item.required_identifier(),
        order_line_external_id=item.required_identifier("line_item_id"),
        quantity=item.number("quantity"),
        restock=translate(RESTOCK_KINDS, item.text("restock_type"), RestockKind.UNKNOWN),
        location_external_id=item.identifier("location_id"),
        subtotal=money.or_zero(item, "subtotal"),
        tax=money.or_zero(item, "total_tax"),
    )


def _adjustments(node: Node, money: MoneyReader) -> list[RefundAdjustment]:
    """Shipping, duties and amounts without lines; what was given back is positive.

    Shopify's adjustments are those of the order: what the customer gets lowers it. Shipping that
    is listed by its lines is told as an adjustment too, and counts once.
    """
    listed = bool(node.children("refund_shipping_lines"))
    found = [
        _taken_off(_adjustment(item, _reason(item), "amount", money))
        for item in node.children("order_adjustments")
        if not (listed and item.text("kind") == "shipping_refund")
    ]
    found += [
        _adjustment(item, "shipping", "subtotal_amount", money)
        for item in node.children("refund_shipping_lines")
    ]
    found += [
        RefundAdjustment(
            external_id=item.required_identifier("duty_id"),
            reason="duty",
            amount=money.required(item, "amount"),
            tax=money.zero,
        )
        for item in node.children("duties")
    ]
    return found


def _adjustment(item: Node, reason: str, key: str, money: MoneyReader) -> RefundAdjustment:
    return RefundAdjustment(
        external_id=item.required_identifier(),
        reason=reason,
        amount=money.required(item, key),
        tax=money.or_zero(item, "tax_amount"),
    )


def _reason(item: Node) -> str:
    return item.text("kind") or item.text("reason") or ""


def _taken_off(adjustment: RefundAdjustment) -> RefundAdjustment:
    """Return an adjustment of the order as what it gives to the customer."""
    amount, tax = adjustment.amount, adjustment.tax
    return adjustment.model_copy(
        update={"amount": amount - amount - amount, "tax": tax - tax - tax}
    )


def _reader(node: Node) -> MoneyReader:
    """Find the currencies of a refund in the first amount that names them."""
    for key in ("refund_line_items", "order_adjustments", "refund_shipping_lines", "duties"):
        for item in node.children(key):
            for set_key in ("subtotal_set", "amount_set", "subtotal_amount_set"):
                pair = item.child(set_key)
                if pair is not None:
                    return _currencies(pair)
    pair = node.child("total_duties_set")
    if pair is not None:
        return _currencies(pair)
    currency = next((item.currency("currency") for item in node.children("transactions")), None)
    if not currency:
        raise node.wrong("transactions", "name no currency")
    return MoneyReader(currency, currency)


def _currencies(pair: Node) -> MoneyReader:
    found = [side and side.currency("currency_code") for side in map(pair.child, _SIDES)]
    if not all(found):
        raise pair.wrong("shop_money", "names no currency")
    return MoneyReader(*found)


_SIDES = ("shop_money", "presentment_money")


def _amount(node: Node, currency: str | None = None) -> Money:
    amount = node.decimal("amount")
    if amount is None:
        raise node.wrong("amount", "is missing")
    found = node.currency("currency") or currency
    if not found:
        raise node.wrong("currency", "is missing")
    return Money(amount=amount, currency=found)
