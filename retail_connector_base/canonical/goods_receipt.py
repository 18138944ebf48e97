"""Goods that a warehouse took in from a supplier or from another warehouse."""

from enum import Enum
from typing import ClassVar

from pydantic import AwareDatetime

from .base import CanonicalMessage, CanonicalModel
from .goods_return import Condition
from .money import ExactDecimal
from .shipment import Lot


class ReceiptState(str, Enum):
    """How far a receipt has come. ``completed``: nothing more comes of this announcement."""

    EXPECTED = "expected"
    ARRIVED = "arrived"
    RECEIVING = "receiving"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class ReceiptLine(CanonicalModel):
    """What of one item this receipt took in. ``quantity`` is all of it so far, in ``unit``.

    ``line_reference`` is our own reference of the announced line, where the warehouse tells it.
    """

    external_id: str | None = None
    line_reference: str | None = None
    sku: str | None = None
    quantity: ExactDecimal
    expected_quantity: ExactDecimal | None = None
    unit: str | None = None
    condition: Condition = Condition.UNKNOWN
    lots: tuple[Lot, ...] = ()


class GoodsReceipt(CanonicalMessage):
    """One receipt of a warehouse. ``announcement_reference`` is our own, ``None``: unannounced."""

    kind: ClassVar[str] = "receipt"

    announcement_reference: str | None = None
    state: ReceiptState
    location_external_id: str | None = None
    received_at: AwareDatetime | None = None
    lines: tuple[ReceiptLine, ...] = ()
    note: str | None = None

    @property
    def entity_key(self) -> str:
        """The announcement's key: its receipts are taken in order."""
        if self.announcement_reference:
            return f"receipt:{self.announcement_reference}"
        return super().entity_key
