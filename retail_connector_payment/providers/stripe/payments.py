"""Charges, authorisations and refunds.

An authorisation goes by its payment intent's id and the money by its charge's, since one intent may
have several charges. Source: docs.stripe.com/api/charges, /payment_intents, /refunds.
"""

from odoo.addons.retail_connector_base.canonical import (
    Money,
    Payment,
    PaymentKind,
    TransactionState,
)

from .amounts import to_money
from .envelope import Envelope
from .node import Node
from .vocabulary import CHARGE_STATES, REFUND_STATES

GATEWAY = "stripe"
VOID = ":void"
FAILED = ":failed"
# The refund that stands for an authorisation which lapsed: no money moves.
LAPSED = "expired_uncaptured_charge"
# The category of a refund's movement that stands for what was authorised and not captured.
NOT_CAPTURED = "partial_capture_reversal"
# In the metadata of a refund by which we set free a charge that was never captured.
VOID_MARK = "retail_void"


def to_charge(envelope: Envelope) -> Payment:
    """Read a charge: money that was taken, or an authorisation while it is not captured."""
    charge = envelope.object
    state = CHARGE_STATES.get(charge.text("status") or "", _old_state(charge))
    intent = charge.link("payment_intent")
    shared = {
        "state": state,
        "authorization": intent,
        "processed_at": charge.stamp("created"),
        "payer_email": _email(charge),
    }
    # What failed was no authorisation, nor the capture of one, and its intent may still succeed.
    if state is TransactionState.SUCCESS and not charge.flag("captured", True):
        return _payment(
            envelope,
            external_id=intent or charge.required_identifier(),
            payment_kind=PaymentKind.AUTHORIZATION,
            amount=charge.money(),
            expires_at=_capture_before(charge),
            **shared,
        )
    separate = state is not TransactionState.FAILURE and _was_authorized(envelope)
    return _payment(
        envelope,
        external_id=charge.required_identifier(),
        payment_kind=PaymentKind.CAPTURE if separate else PaymentKind.SALE,
        amount=_taken(charge, state),
        parent_external_id=(intent if separate else None),
        failure=_failure(charge, "failure_code", "failure_message"),
        **shared,
    )


def to_authorization(envelope: Envelope) -> Payment:
    """Read the authorisation of a payment intent, with its charge where that stands there."""
    intent, charge = envelope.object, _charge(envelope.object)
    return _payment(
        envelope,
        external_id=intent.required_identifier(),
        payment_kind=PaymentKind.AUTHORIZATION,
        state=TransactionState.SUCCESS,
        amount=_authorized(intent, charge),
        authorization=intent.required_identifier(),
        processed_at=charge.stamp("created") if charge else intent.stamp("created"),
        payer_email=(charge and _email(charge)) or intent.text("receipt_email"),
        expires_at=charge and _capture_before(charge),
    )


def to_failure(envelope: Envelope) -> Payment:
    """Read an intent that could not be paid. It may have come to no charge (3-D Secure)."""
    intent = envelope.object
    error = intent.child("last_payment_error") or Node({}, "last_payment_error")
    number = intent.required_identifier()
    method = error.child("payment_method")
    return _payment(
        envelope,
        external_id=error.link("charge") or number + FAILED,
        payment_kind=PaymentKind.SALE,
        state=TransactionState.FAILURE,
        amount=intent.money(),
        authorization=number,
        processed_at=envelope.moment,
        payer_email=(method and _email(method)) or intent.text("receipt_email"),
        failure=_failure(error, "code", "message"),
    )


def to_void(envelope: Envelope) -> Payment | None:
    """Read a cancelled intent, or a charge that lapsed; ``None`` if nothing was authorised."""
    node = envelope.object
    if node.text("object") == "charge":
        parent = node.link("payment_intent") or node.required_identifier()
    else:
        parent = node.required_identifier()
        if _last_charge(node) is None or node.text("status") not in ("canceled", None):
            return None
    return _voided(envelope, parent, node.money(), parent + VOID)


def to_refunded_charge(envelope: Envelope) -> Payment | None:
    """Read the last refund of a charge where the charge lists it.

    Since 2022-11-15 it does not; ``refund.created`` and the poll tell of it then.
    """
    charge = envelope.object
    if not charge.flag("captured", True):
        return to_void(envelope)
    listed = charge.child("refunds")
    newest = max(
        listed.children("data") if listed else (),
        key=lambda refund: refund.whole("created") or 0,
        default=None,
    )
    return to_refund(envelope.of(newest)) if newest else None


def to_refund(envelope: Envelope) -> Payment:
    """Read a refund, or what Stripe keeps as one: authorised money that was set free.

    That a capture left something out shows in the refund's movement of the balance, which events
    only name: the poll corrects them.
    """
    refund = envelope.object
    charge, intent = refund.link("charge"), refund.link("payment_intent")
    parent, movement = intent or charge, refund.expanded("balance_transaction")
    if parent and movement and movement.text("reporting_category") == NOT_CAPTURED:
        return _voided(envelope, parent, refund.money(), refund.required_identifier())
    if parent and _sets_free(refund):
        return _voided(envelope, parent, refund.money(), parent + VOID)
    state = REFUND_STATES.get(refund.text("status") or "", TransactionState.UNKNOWN)
    reason = refund.text("failure_reason")
    if state is TransactionState.FAILURE:
        reason = reason or refund.text("status")
    return _payment(
        envelope,
        external_id=refund.required_identifier(),
        payment_kind=PaymentKind.REFUND,
        state=state,
        amount=refund.money(),
        parent_external_id=charge or intent,
        authorization=intent,
        processed_at=refund.stamp("created"),
        failure=reason,
    )


def _payment(envelope: Envelope, **values: object) -> Payment:
    return Payment(
        gateway=GATEWAY,
        updated_at=envelope.updated_at,
        reference=envelope.reference(),
        test=envelope.is_test,
        **values,
    )


def _voided(envelope: Envelope, parent: str, amount: Money, number: str) -> Payment:
    return _payment(
        envelope,
        external_id=number,
        payment_kind=PaymentKind.VOID,
        state=TransactionState.SUCCESS,
        amount=amount,
        parent_external_id=parent,
        authorization=parent,
        processed_at=envelope.object.stamp("canceled_at") or envelope.moment,
    )


def _sets_free(refund: Node) -> bool:
    metadata = refund.child("metadata")
    return refund.text("reason") == LAPSED or bool(metadata and metadata.text(VOID_MARK))


def _old_state(charge: Node) -> TransactionState:
    """Before 2014 a charge had no status but ``paid``."""
    if "status" in charge or "paid" not in charge:
        return TransactionState.UNKNOWN
    return TransactionState.SUCCESS if charge.flag("paid") else TransactionState.FAILURE


def _taken(charge: Node, state: TransactionState) -> Money:
    """Return what was captured; of a charge that is not through, what is to be."""
    if state is TransactionState.SUCCESS and "amount_captured" in charge:
        return charge.money("amount_captured")
    return charge.money()


def _was_authorized(envelope: Envelope) -> bool:
    """Tell whether a captured charge was authorised before.

    The intent says it where it stands there as a whole; else the event does, or the time by which
    it had to be captured.
    """
    intent = envelope.object.expanded("payment_intent")
    if intent:
        return intent.text("capture_method") == "manual"
    return envelope.topic == "charge.captured" or _capture_before(envelope.object) is not None


def _capture_before(charge: Node):
    """Return when an authorisation lapses (UTC), which cards tell."""
    details = charge.child("payment_method_details")
    for name in ("card", "card_present"):
        card = details and details.child(name)
        if card and "capture_before" in card:
            return card.stamp("capture_before")
    return None


def _authorized(intent: Node, charge: Node | None) -> Money:
    """Return what was authorised: the intent shows only what can be captured still."""
    capturable = intent.whole("amount_capturable")
    if capturable and not intent.whole("amount_received"):
        return to_money(capturable, intent.code())
    return charge.money() if charge else intent.money()


def _last_charge(intent: Node) -> str | None:
    charge = _charge(intent)
    return charge.identifier() if charge else intent.link("latest_charge")


def _charge(intent: Node) -> Node | None:
    """Return an intent's last charge where it stands there: ``charges`` before 2022-11-15."""
    found = intent.expanded("latest_charge")
    listed = intent.child("charges")
    return found or next(listed.children("data") if listed else iter(()), None)


def _email(node: Node) -> str | None:
    billing = node.child("billing_details")
    return (billing and billing.text("email")) or node.text("receipt_email")


def _failure(node: Node, code: str, message: str) -> str | None:
    parts = [text for text in (node.text(code), node.text(message)) if text]
    return ": ".join(parts) or None
