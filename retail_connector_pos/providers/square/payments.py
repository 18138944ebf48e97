"""Payments and refunds that Square holds the money of.

Source: the schemas ``Payment`` and ``PaymentRefund``. Cash and what was paid elsewhere are written
down at Square and never come to a payout: they are tenders of tickets, and no payments here.
"""

from odoo.addons.retail_connector_base.canonical import Payment, PaymentKind, TransactionState

from .node import Node
from .vocabulary import MONEY_BACK_STATES, NOT_HELD, PAYMENT_STATES

GATEWAY = "square"


def to_payment(payment: Node) -> Payment | None:
    """Read a payment, ``None`` for one that Square does not hold."""
    if payment.text("source_type") in NOT_HELD:
        return None
    word = payment.text("status") or ""
    state = PAYMENT_STATES.get(word, TransactionState.UNKNOWN)
    offline = payment.inner("offline_payment_details").utc("client_created_at")
    key = "total_money" if "total_money" in payment else "amount_money"
    return Payment(
        external_id=payment.required_identifier(),
        updated_at=payment.utc("updated_at"),
        payment_kind=PaymentKind.SALE,
        state=state,
        amount=payment.required_money(key),
        gateway=GATEWAY,
        processed_at=offline or payment.utc("created_at"),
        reference=payment.text("reference_id"),
        payer_email=payment.text("buyer_email_address"),
        expires_at=payment.utc("delayed_until") if state is TransactionState.PENDING else None,
        failure=_failure(payment, word) if state is TransactionState.FAILURE else None,
    )


def to_refund(refund: Node) -> Payment | None:
    """Read a refund, ``None`` for money that did not come from Square."""
    if refund.text("destination_type") in NOT_HELD:
        return None
    word = refund.text("status") or ""
    state = MONEY_BACK_STATES.get(word, TransactionState.UNKNOWN)
    return Payment(
        external_id=refund.required_identifier(),
        updated_at=refund.utc("updated_at"),
        payment_kind=PaymentKind.REFUND,
        state=state,
        amount=refund.required_money("amount_money"),
        gateway=GATEWAY,
        parent_external_id=refund.text("payment_id"),
        processed_at=refund.utc("created_at"),
        failure=word if state is TransactionState.FAILURE else None,
    )


def _failure(payment: Node, word: str) -> str:
    """Return why a payment failed, in Square's words."""
    errors = payment.inner("card_details").children("errors")
    codes = [code for error in errors if (code := error.text("code"))]
    return ": ".join([word, *codes])
