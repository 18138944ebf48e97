"""Goods that come back, from the wish to the decision what becomes of them."""

from enum import Enum
from typing import ClassVar

from pydantic import AwareDatetime, Field

from .base import CanonicalMessage, CanonicalModel
from .money import ExactDecimal
from .shipment import Lot, Tracking


class ReturnState(str, Enum):
    """How far a return has come."""

    REQUESTED = "requested"
    AUTHORIZED = "authorized"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Condition(str, Enum):
    """What state the goods are in."""

    SELLABLE = "sellable"
    OPENED = "opened"
    DAMAGED = "damaged"
    DEFECTIVE = "defective"
    WRONG_ITEM = "wrong_item"
    UNKNOWN = "unknown"


class Disposition(str, Enum):
    """What becomes of the goods."""

    RESTOCK = "restock"
    REFURBISH = "refurbish"
    SCRAP = "scrap"
    VENDOR = "vendor"
    UNDECIDED = "undecided"


class ReturnLine(CanonicalModel):
    """Units of one order line. ``quantity`` may come back, ``received_quantity`` did.

    ``lots`` are those of the received units.
    """

    external_id: str
    order_line_external_id: str | None = None
    sku: str | None = None
    quantity: ExactDecimal
    received_quantity: ExactDecimal | None = None
    reason: str | None = None
    condition: Condition = Condition.UNKNOWN
    disposition: Disposition = Disposition.UNDECIDED
    note: str | None = None
    lots: tuple[Lot, ...] = ()


class ExchangeLine(CanonicalModel):
    """What the customer gets instead, in units."""

    external_id: str
    sku: str | None = None
    variant_external_id: str | None = None
    quantity: ExactDecimal = Field(gt=0)


class Return(CanonicalMessage):
    """One return of an order. Ordered among the messages of its order.

    ``name`` is the number on the label (RMA). ``location_external_id`` is where the goods go.
    """

    kind: ClassVar[str] = "return"
    schema_version: ClassVar[str] = "1.1"

    order_external_id: str | None = None
    name: str | None = None
    state: ReturnState
    requested_at: AwareDatetime | None = None
    received_at: AwareDatetime | None = None
    location_external_id: str | None = None
    carrier: str | None = None
    trackings: tuple[Tracking, ...] = ()
    lines: tuple[ReturnLine, ...] = ()
    exchange_lines: tuple[ExchangeLine, ...] = ()
    note: str | None = None

    @property
    def entity_key(self) -> str:
        """The order's key, the return's own where the order is not known."""
        if self.order_external_id:
            return f"order:{self.order_external_id}"
        return super().entity_key
