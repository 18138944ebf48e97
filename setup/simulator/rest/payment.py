"""Movements of money and disputes in webhook JSON."""

from ..balance import Dispute
from ..identifiers import gid
from ..money import NOTHING
from ..order import Order, Payment
from ..settings import ShopSettings
from .money import Json, text


def transaction_json(payment: Payment, order: Order, settings: ShopSettings) -> Json:
    """Write a movement of an order's money, in the customer's currency."""
    terms = order.terms
    at = settings.local(payment.at)
    return {
        "id": payment.id,
        "admin_graphql_api_id": gid("OrderTransaction", payment.id),
        "amount": text(payment.amount.presentment, terms.presentment),
        "amount_rounding": None,
        "authorization": f"auth-{payment.parent_id or payment.id}",
        "authorization_expires_at": payment.expires_at and settings.local(payment.expires_at),
        "created_at": at,
        "currency": terms.presentment,
        "device_id": None,
        "error_code": payment.error_code,
        "gateway": payment.gateway,
        "kind": payment.kind,
        "location_id": None,
        "manual_payment_gateway": payment.gateway == "Bank Deposit",
        "message": _message(payment),
        "order_id": order.id,
        "parent_id": payment.parent_id,
        "payment_details": None,
        "payment_id": f"{order.name}.{payment.id % 100}",
        "processed_at": at,
        "receipt": {},
        "source_name": order.source,
        "status": payment.status,
        "test": order.test,
        "total_unsettled_set": _unsettled(order),
        "user_id": None,
    }


def _message(payment: Payment) -> str:
    if payment.status == "failure":
        return "The gateway refused the transaction."
    return "Transaction approved" if payment.status == "success" else "Waiting for the gateway"


def _unsettled(order: Order) -> Json:
    """Write what is not taken yet; here the key of a currency is ``currency``."""
    terms = order.terms
    return {
        "shop_money": {"amount": text(NOTHING.shop, terms.currency), "currency": terms.currency},
        "presentment_money": {
            "amount": text(NOTHING.presentment, terms.presentment),
            "currency": terms.presentment,
        },
    }


def dispute_json(dispute: Dispute, currency: str, settings: ShopSettings) -> Json:
    """Write a dispute in one of its states."""
    return {
        "id": dispute.id,
        "order_id": dispute.order_id,
        "type": dispute.kind,
        "amount": text(dispute.amount, currency),
        "currency": currency,
        "reason": dispute.reason,
        "network_reason_code": dispute.network_code,
        "status": dispute.status,
        "evidence_due_by": settings.local(dispute.due_by),
        "evidence_sent_on": dispute.sent_on and settings.local(dispute.sent_on),
        "finalized_on": dispute.finalized_on and settings.local(dispute.finalized_on),
        "initiated_at": settings.local(dispute.initiated_at),
    }
