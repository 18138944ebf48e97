"""What each type of event is about, and how it is read.

Source: docs.stripe.com/api/events/types. A type that is missing here is stored as well. Of the
money of a payment intent its charge tells, so that ``payment_intent.succeeded`` is kept only.
"""

from collections.abc import Callable
from dataclasses import dataclass

from odoo.addons.retail_connector_base.canonical import CanonicalMessage

from .disputes import to_dispute
from .envelope import Envelope
from .payments import (
    to_authorization,
    to_charge,
    to_failure,
    to_refund,
    to_refunded_charge,
    to_void,
)
from .payouts import to_payout

Read = Callable[[Envelope], CanonicalMessage | None]


@dataclass(frozen=True)
class Topic:
    """The canonical kind, and what reads it: ``None`` where the object tells of none after all."""

    kind: str
    read: Read


def _topics(kind: str, read: Read, names: str) -> dict[str, Topic]:
    return {name: Topic(kind, read) for name in names.split()}


PAYMENT_EVENTS = {
    **_topics(
        "payment",
        to_charge,
        "charge.succeeded charge.captured charge.updated charge.failed charge.pending",
    ),
    **_topics("payment", to_void, "charge.expired payment_intent.canceled"),
    **_topics("payment", to_authorization, "payment_intent.amount_capturable_updated"),
    **_topics("payment", to_failure, "payment_intent.payment_failed"),
    **_topics("payment", to_refund, "refund.created refund.updated charge.refund.updated"),
}
DISPUTE_EVENTS = _topics(
    "dispute",
    to_dispute,
    "charge.dispute.created charge.dispute.updated charge.dispute.funds_withdrawn"
    " charge.dispute.funds_reinstated charge.dispute.closed",
)
PAYOUT_EVENTS = _topics(
    "payout",
    to_payout,
    "payout.created payout.updated payout.paid payout.failed payout.canceled"
    " payout.reconciliation_completed",
)
TOPICS: dict[str, Topic] = {
    **PAYMENT_EVENTS,
    **DISPUTE_EVENTS,
    **PAYOUT_EVENTS,
    # Not subscribed to, and sent to endpoints that were made by hand: one is newer than the
    # specification, the other tells nothing that ``refund.created`` does not.
    **_topics("payment", to_refund, "refund.failed"),
    **_topics("payment", to_refunded_charge, "charge.refunded"),
    # What is read from the API comes through the same inbox under topics of our own.
    **_topics("payment", to_charge, "poll/charge"),
    **_topics("payment", to_authorization, "poll/payment_intent"),
    **_topics("payment", to_void, "poll/void"),
    **_topics("payment", to_failure, "poll/failure"),
    **_topics("payment", to_refund, "poll/refund"),
    **_topics("dispute", to_dispute, "poll/dispute"),
    **_topics("payout", to_payout, "poll/payout"),
}
EVENTS = {"payment": PAYMENT_EVENTS, "dispute": DISPUTE_EVENTS, "payout": PAYOUT_EVENTS}
