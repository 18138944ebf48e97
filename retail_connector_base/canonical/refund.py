"""What was given back to a customer."""

from enum import Enum
from typing import ClassVar

from pydantic import AwareDatetime

from .base import CanonicalMessage, CanonicalModel
from .money import ExactDecimal, Money, MoneySet


class RestockKind(str, Enum):
    """What becomes of refunded units."""

    RETURN = "return"
    CANCEL = "cancel"
    NO_RESTOCK = "no_restock"
    UNKNOWN = "unknown"


class RefundLine(CanonicalModel):
    """Refunded units of one order line.

    ``subtotal`` is after discounts, in the order's price basis; ``tax`` is the tax of these units.
    """

    external_id: str
    order_line_external_id: str
    quantity: ExactDecimal
    restock: RestockKind
    location_external_id: str | None = None
    subtotal: MoneySet
    tax: MoneySet


class RefundAdjustment(CanonicalModel):
    """Money given back, or kept, that belongs to no line: shipping, appeasement, discrepancies.

    What is given back is positive, what is kept negative, in the order's price basis.
    """

    external_id: str
    reason: str
    amount: MoneySet
    tax: MoneySet


class RefundTransaction(CanonicalModel):
    """A payment that carries the refund; a refund waits until none is pending."""

    external_id: str
    state: str
    amount: Money
    gateway: str | None = None


class Refund(CanonicalMessage):
    """One refund of an order. Ordered among the messages of its order."""

    kind: ClassVar[str] = "refund"

    order_external_id: str
    created_at: AwareDatetime | None = None
    note: str | None = None
    return_external_id: str | None = None
    lines: tuple[RefundLine, ...] = ()
    adjustments: tuple[RefundAdjustment, ...] = ()
    transactions: tuple[RefundTransaction, ...] = ()

    @property
    def entity_key(self) -> str:
        """The order's key: what happens to one order happens in order."""
        return f"order:{self.order_external_id}"
