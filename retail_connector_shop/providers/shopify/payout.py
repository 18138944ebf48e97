"""A payout with its balance transactions, as ``payouts.py`` puts them together.

Source: GraphQL Admin API 2026-04, objects ShopifyPaymentsPayout, ShopifyPaymentsBalanceTransaction.
``amount`` is gross, ``fee`` what is taken of it: in the REST samples 44.52 charged less 1.32, plus
2.13 adjusted less 0.12, less 3.54 refunded with 0.23 of fees returned, makes 41.90.
"""

from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import (
    BalanceCategory,
    BalanceTransaction,
    Money,
    Payout,
    PayoutState,
)

from .balance_types import DISPUTE_SOURCE, categorise
from .node import Node
from .vocabulary import translate

GATEWAY = "shopify_payments"
STATES = {
    "scheduled": PayoutState.PENDING,
    "in_transit": PayoutState.IN_TRANSIT,
    "paid": PayoutState.PAID,
    "failed": PayoutState.FAILED,
    "canceled": PayoutState.CANCELLED,
}


def to_payout(node: Node) -> Payout:
    """Read a payout; its own transaction, the counterpart of all others, is left out."""
    payout = node.child("payout")
    if payout is None:
        raise node.wrong("payout", "is missing")
    amount = _amount(payout)
    lines = [_transaction(item, amount.currency) for item in node.children("transactions")]
    return Payout(
        external_id=payout.required_identifier(),
        gateway=GATEWAY,
        state=translate(STATES, payout.text("status"), PayoutState.UNKNOWN),
        amount=amount,
        created_at=payout.utc("issuedAt"),
        reference=payout.text("externalTraceId"),
        transactions=_without_own(lines, amount.amount),
        test=any(item.flag("test") for item in node.children("transactions")),
    )


def _amount(payout: Node) -> Money:
    """Return the payout's amount, negative for what is taken from our bank account."""
    net = payout.child("net")
    amount, currency = net and net.decimal("amount"), net and net.currency("currencyCode")
    if amount is None or not currency:
        raise payout.wrong("net", "is missing")
    withdrawn = (payout.text("transactionType") or "").lower() == "withdrawal"
    return Money(amount=-abs(amount) if withdrawn else amount, currency=currency)


def _transaction(node: Node, currency: str) -> BalanceTransaction:
    gross, net = node.decimal("amount"), node.decimal("net")
    if gross is None or net is None:
        raise node.wrong("amount", "or the net amount is missing")
    fee = gross - net
    # The fee follows from the two amounts that count; what is told of it must say the same.
    if abs(fee) != abs(node.number("fee")):
        raise node.wrong("fee", "is not what net and gross amount differ by")
    source = (node.text("source") or "").lower()
    original = node.child("original")
    return BalanceTransaction(
        external_id=node.required_identifier(),
        category=categorise(node.text("type"), source, gross),
        vendor_type=(node.text("type") or "").lower() or None,
        gross=Money(amount=gross, currency=node.currency("currency") or currency),
        fee=fee,
        net=net,
        original=original and _original(original, gross),
        payment_external_id=node.identifier("payment"),
        order_external_id=node.identifier("order"),
        dispute_external_id=node.identifier("source_id") if source == DISPUTE_SOURCE else None,
        occurred_at=node.utc("at"),
        description=node.text("reason"),
    )


def _original(node: Node, gross: Decimal) -> Money:
    """Return what the customer paid or got back, with the sign of the movement."""
    amount, currency = node.decimal("amount"), node.currency("currency")
    if amount is None or not currency:
        raise node.wrong("amount", "or its currency is missing")
    return Money(amount=abs(amount).copy_sign(gross), currency=currency)


def _without_own(
    lines: list[BalanceTransaction], amount: Decimal
) -> tuple[BalanceTransaction, ...]:
    """Leave out the one transaction that takes the payout out of the balance."""
    for index, line in enumerate(lines):
        if line.category is BalanceCategory.PAYOUT and line.net == -amount:
            return (*lines[:index], *lines[index + 1 :])
    return tuple(lines)
