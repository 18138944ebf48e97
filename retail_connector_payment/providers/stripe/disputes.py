"""Disputes. Source: docs.stripe.com/api/disputes, docs.stripe.com/disputes/how-disputes-work."""

from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import Dispute, DisputeState

from .amounts import to_amount
from .envelope import Envelope
from .node import Node
from .payments import GATEWAY
from .transactions import came_back_of
from .vocabulary import DISPUTE_STATES

CLOSED = "charge.dispute.closed"


def to_dispute(envelope: Envelope) -> Dispute:
    """Read a dispute."""
    dispute = envelope.object
    state = DISPUTE_STATES.get(dispute.text("status") or "", DisputeState.UNKNOWN)
    evidence = dispute.child("evidence_details")
    fees = _fees(dispute)
    return Dispute(
        external_id=dispute.required_identifier(),
        updated_at=envelope.moment,
        payment_external_id=dispute.link("charge"),
        state=state,
        amount=dispute.money(),
        won_amount=_won(dispute, state),
        fee=sum((fee for fee in fees if fee > 0), Decimal(0)) if fees else None,
        fee_returned=any(fee < 0 for fee in fees),
        reason=dispute.text("reason"),
        gateway=GATEWAY,
        opened_at=dispute.stamp("created"),
        respond_until=evidence and evidence.stamp("due_by"),
        closed_at=envelope.moment if envelope.topic == CLOSED else None,
        test=envelope.is_test,
    )


def _movements(dispute: Node) -> list[Node]:
    """Return the movements of the balance in the dispute's own currency."""
    rows = dispute.children("balance_transactions")
    return [row for row in rows if row.code() == dispute.code()]


def _fees(dispute: Node) -> list[Decimal]:
    fees = [row.whole("fee") or 0 for row in _movements(dispute)]
    return [to_amount(fee, dispute.code()) for fee in fees if fee]


def _won(dispute: Node, state: DisputeState) -> Decimal | None:
    """Return what came back: what the balance shows, all of it when a won one shows nothing."""
    rows = dispute.children("balance_transactions")
    back = [_back(row, dispute) for row in rows if row.count("amount") > 0]
    if back:
        return to_amount(sum(back), dispute.code())
    return dispute.amount("amount") if state is DisputeState.WON else None


def _back(row: Node, dispute: Node) -> int:
    """Return what a movement gave back, in the dispute's own currency."""
    if row.code() == dispute.code():
        return row.count("amount")
    return came_back_of(row, dispute.count("amount"), dispute.code())
