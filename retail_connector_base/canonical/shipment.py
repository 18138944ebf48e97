"""Goods that left for a customer."""

from enum import Enum
from typing import ClassVar

from pydantic import AwareDatetime

from .base import CanonicalMessage, CanonicalModel
from .money import ExactDecimal


class ShipmentState(str, Enum):
    """How far a shipment has come."""

    PENDING = "pending"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNKNOWN = "unknown"


class ShipmentLine(CanonicalModel):
    """A quantity, in units, of one line of the order."""

    order_line_external_id: str
    sku: str | None = None
    quantity: ExactDecimal


class Tracking(CanonicalModel):
    """A parcel's number and where to look it up."""

    number: str
    url: str | None = None


class Shipment(CanonicalMessage):
    """One fulfilment of an order, possibly partial. Ordered among the messages of its order."""

    kind: ClassVar[str] = "shipment"

    order_external_id: str
    name: str | None = None
    state: ShipmentState
    shipped_at: AwareDatetime | None = None
    location_external_id: str | None = None
    carrier: str | None = None
    trackings: tuple[Tracking, ...] = ()
    lines: tuple[ShipmentLine, ...] = ()

    @property
    def entity_key(self) -> str:
        """The order's key: what happens to one order happens in order."""
        return f"order:{self.order_external_id}"
