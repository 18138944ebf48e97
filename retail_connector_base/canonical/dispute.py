"""A customer's bank takes a payment back, or asks about it."""

from enum import Enum
from typing import ClassVar

from pydantic import AwareDatetime

from .base import CanonicalMessage
from .money import ExactDecimal, Money


class DisputeState(str, Enum):
    """How far a dispute has come. An inquiry takes no money."""

    INQUIRY = "inquiry"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Dispute(CanonicalMessage):
    """One dispute of a payment. ``amount`` is positive; ``won_amount`` is what came back of it.

    ``respond_until`` (UTC) is the last moment for evidence. ``fee`` is in the amount's currency.
    """

    kind: ClassVar[str] = "dispute"

    payment_external_id: str | None = None
    order_external_id: str | None = None
    state: DisputeState
    amount: Money
    won_amount: ExactDecimal | None = None
    fee: ExactDecimal | None = None
    fee_returned: bool = False
    reason: str | None = None
    gateway: str | None = None
    opened_at: AwareDatetime | None = None
    respond_until: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
    test: bool = False

    @property
    def entity_key(self) -> str:
        """The order's key where it is known: what happens to one order happens in order."""
        if self.order_external_id:
            return f"order:{self.order_external_id}"
        return super().entity_key
