"""A dispute, as ``disputes/*`` tells it. It has no time of its last change: the event's counts.

Source: shopify.dev, webhook topics ``disputes/create`` and ``disputes/update`` (2026-04), GraphQL
enums DisputeStatus, DisputeType.
"""

from odoo.addons.retail_connector_base.canonical import Dispute, DisputeState, Money

from .node import Node
from .payout import GATEWAY
from .vocabulary import translate

STATES = {
    "needs_response": DisputeState.NEEDS_RESPONSE,
    "under_review": DisputeState.UNDER_REVIEW,
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
    "accepted": DisputeState.ACCEPTED,
    # No chargeback came of them: the money was given back, or the bank was content.
    "charge_refunded": DisputeState.CLOSED,
    "prevented": DisputeState.CLOSED,
}
_OPEN = frozenset({DisputeState.NEEDS_RESPONSE, DisputeState.UNDER_REVIEW})


def to_dispute(node: Node) -> Dispute:
    """Read a dispute. Its payment is not told, its order is."""
    amount, currency = node.decimal("amount"), node.currency("currency")
    if amount is None or not currency:
        raise node.wrong("amount", "or its currency is missing")
    return Dispute(
        external_id=node.required_identifier(),
        order_external_id=node.identifier("order_id"),
        state=_state(node),
        amount=Money(amount=abs(amount), currency=currency),
        reason=(node.text("reason") or "").lower() or None,
        gateway=GATEWAY,
        opened_at=node.utc("initiated_at"),
        respond_until=node.utc("evidence_due_by"),
        closed_at=node.utc("finalized_on"),
    )


def _state(node: Node) -> DisputeState:
    """Return the state. An inquiry takes no money, so its end gives and takes none either."""
    state = translate(STATES, node.text("status"), DisputeState.UNKNOWN)
    if (node.text("type") or "").lower() != "inquiry" or state is DisputeState.UNKNOWN:
        return state
    return DisputeState.INQUIRY if state in _OPEN else DisputeState.CLOSED
