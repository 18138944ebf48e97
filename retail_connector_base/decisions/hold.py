"""When an order may go on, and what holds it."""

from enum import Enum

from ..canonical import PaymentState


class HoldReason(str, Enum):
    """Why an order is held. The first is set and lifted by payments, the others by people.

    ``FULFILLED``: its goods had left before it was known here; they must not leave again.
    """

    PAYMENT = "payment"
    FULFILLED = "fulfilled"
    FRAUD = "fraud"
    ADDRESS = "address"
    PROMOTION = "promotion"
    OTHER = "other"


class ConfirmOn(str, Enum):
    """What of a payment lets an order go on."""

    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    ALWAYS = "always"


CAPTURED = frozenset({PaymentState.PAID, PaymentState.PARTIALLY_REFUNDED})
SUFFICIENT: dict[ConfirmOn, frozenset[PaymentState]] = {
    ConfirmOn.AUTHORIZED: CAPTURED | {PaymentState.AUTHORIZED},
    ConfirmOn.CAPTURED: CAPTURED,
    ConfirmOn.ALWAYS: frozenset(PaymentState),
}


def payment_suffices(policy: ConfirmOn, state: PaymentState, total_is_zero: bool) -> bool:
    """Tell whether the payment lets an order go on. What costs nothing needs no payment."""
    return total_is_zero or state in SUFFICIENT[policy]
