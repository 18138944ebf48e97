"""Disputes. Source: the schema ``Dispute``, where the id has two names, as has the report's day."""

from odoo.addons.retail_connector_base.canonical import Dispute, DisputeState

from .node import Node
from .payments import GATEWAY
from .vocabulary import DISPUTE_STATES, DISPUTES_OVER


def to_dispute(dispute: Node) -> Dispute:
    """Read a dispute."""
    state = DISPUTE_STATES.get(dispute.text("state") or "", DisputeState.UNKNOWN)
    amount = dispute.required_money("amount_money")
    updated = dispute.utc("updated_at")
    paid = dispute.inner("disputed_payment").text("payment_id")
    number = dispute.identifier() or dispute.required_identifier("dispute_id")
    return Dispute(
        external_id=number,
        updated_at=updated,
        payment_external_id=paid or _older(dispute),
        state=state,
        amount=amount,
        won_amount=amount.amount if state is DisputeState.WON else None,
        reason=dispute.text("reason"),
        gateway=GATEWAY,
        opened_at=_moment(dispute, "created_at")
        or _moment(dispute, "reported_at")
        or _moment(dispute, "reported_date"),
        respond_until=_moment(dispute, "due_at"),
        closed_at=updated if state in DISPUTES_OVER else None,
    )


def _moment(dispute: Node, key: str):
    """Return a moment; a bare day has no time zone and is left out."""
    text = dispute.text(key)
    return dispute.utc(key) if text and "T" in text else None


def _older(dispute: Node) -> str | None:
    """Return the payment as versions before 2020-07-22 list it."""
    found = (one.text("payment_id") for one in dispute.children("disputed_payments"))
    return next(found, None)
