"""Money that a gateway pays out, and the transactions it is made of."""

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import ClassVar

from pydantic import AwareDatetime

from .base import CanonicalMessage, CanonicalModel
from .money import ExactDecimal, Money


class PayoutState(str, Enum):
    """How far a payout has come. A paid one can fail afterwards."""

    PENDING = "pending"
    IN_TRANSIT = "in_transit"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class BalanceCategory(str, Enum):
    """What a transaction is to the books. ``UNKNOWN`` parks its payout."""

    CHARGE = "charge"
    REFUND = "refund"
    REFUND_FAILURE = "refund_failure"
    FEE = "fee"
    FEE_REFUND = "fee_refund"
    DISPUTE = "dispute"
    DISPUTE_REVERSAL = "dispute_reversal"
    DISPUTE_FEE = "dispute_fee"
    DISPUTE_FEE_REFUND = "dispute_fee_refund"
    RESERVE_HOLD = "reserve_hold"
    RESERVE_RELEASE = "reserve_release"
    ADJUSTMENT = "adjustment"
    CONVERSION = "conversion"
    TAX = "tax"
    LABEL = "label"
    DUTY = "duty"
    PAYOUT = "payout"
    PAYOUT_FAILURE = "payout_failure"
    TRANSFER = "transfer"
    UNKNOWN = "unknown"


class BalanceTransaction(CanonicalModel):
    """One movement of the gateway's balance: ``net`` = ``gross`` - ``fee``, signed, one currency.

    Money that came to us is positive. ``original`` is the amount in the customer's currency where
    the gateway converted it. ``vendor_type`` is the gateway's own word.
    """

    external_id: str
    category: BalanceCategory
    vendor_type: str | None = None
    gross: Money
    fee: ExactDecimal = Decimal(0)
    fee_tax: ExactDecimal = Decimal(0)
    net: ExactDecimal
    original: Money | None = None
    payment_external_id: str | None = None
    order_external_id: str | None = None
    dispute_external_id: str | None = None
    occurred_at: AwareDatetime | None = None
    description: str | None = None


class Payout(CanonicalMessage):
    """One payout. ``amount`` is negative where money is collected from our bank account.

    ``transactions_complete`` is false where the channel's event does not list all of them.
    ``reference`` is what the bank statement will show.
    """

    kind: ClassVar[str] = "payout"

    gateway: str | None = None
    state: PayoutState
    amount: Money
    created_at: AwareDatetime | None = None
    arrival_date: date | None = None
    automatic: bool = True
    reference: str | None = None
    bank_last_four: str | None = None
    failure: str | None = None
    transactions: tuple[BalanceTransaction, ...] = ()
    transactions_complete: bool = True
    test: bool = False
