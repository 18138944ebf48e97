"""A movement of money that a channel or gateway reports."""

from enum import Enum
from typing import ClassVar

from pydantic import AwareDatetime

from .base import CanonicalMessage
from .money import Money


class PaymentKind(str, Enum):
    """What the transaction tried to do."""

    AUTHORIZATION = "authorization"
    CAPTURE = "capture"
    SALE = "sale"
    REFUND = "refund"
    VOID = "void"
    CHANGE = "change"
    UNKNOWN = "unknown"


class TransactionState(str, Enum):
    """Whether it did."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"
    ERROR = "error"
    UNKNOWN = "unknown"


class Payment(CanonicalMessage):
    """One transaction of an order. ``amount`` is positive; ``payment_kind`` gives its direction.

    ``parent_external_id`` is the transaction that this one captures, voids or refunds.
    ``authorization`` is the gateway's own name of it where a shop tells of it. ``reference`` is our
    order's number, or the shop's, as the gateway was given it. ``expires_at`` (UTC) is when an
    authorisation lapses. ``failure`` says in the gateway's words why it failed.
    """

    kind: ClassVar[str] = "payment"
    schema_version: ClassVar[str] = "1.1"

    order_external_id: str | None = None
    payment_kind: PaymentKind
    state: TransactionState
    amount: Money
    gateway: str | None = None
    parent_external_id: str | None = None
    authorization: str | None = None
    processed_at: AwareDatetime | None = None
    test: bool = False
    reference: str | None = None
    payer_email: str | None = None
    expires_at: AwareDatetime | None = None
    failure: str | None = None

    @property
    def entity_key(self) -> str:
        """The order's key, the payment's own when it belongs to none."""
        if self.order_external_id:
            return f"order:{self.order_external_id}"
        return super().entity_key
