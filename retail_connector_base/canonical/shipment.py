"""Goods that left for a customer."""

from datetime import date
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


class Lot(CanonicalModel):
    """Units of one lot, or one unit with its serial number."""

    number: str
    quantity: ExactDecimal
    expires_on: date | None = None


class ShipmentLine(CanonicalModel):
    """A quantity, in units, of one line of the order.

    A warehouse may name the item alone; another item than the order's line has is a substitution.
    ``unit`` is its word where it counts in anything but units.
    """

    order_line_external_id: str | None = None
    sku: str | None = None
    quantity: ExactDecimal
    external_id: str | None = None
    unit: str | None = None
    lots: tuple[Lot, ...] = ()


class Tracking(CanonicalModel):
    """A parcel's number and where to look it up."""

    number: str
    url: str | None = None


class Parcel(CanonicalModel):
    """One parcel of a shipment and what lies in it, where that is told."""

    external_id: str
    tracking: Tracking | None = None
    carrier: str | None = None
    weight_grams: ExactDecimal | None = None
    lines: tuple[ShipmentLine, ...] = ()


class Shipment(CanonicalMessage):
    """One fulfilment of an order, possibly partial. Ordered among the messages of its order.

    A warehouse's order is what it was released: ``order_external_id`` is our own reference of the
    release then. ``final``: nothing more will be sent of the order.
    """

    kind: ClassVar[str] = "shipment"
    schema_version: ClassVar[str] = "1.1"

    order_external_id: str
    name: str | None = None
    state: ShipmentState
    shipped_at: AwareDatetime | None = None
    location_external_id: str | None = None
    carrier: str | None = None
    trackings: tuple[Tracking, ...] = ()
    lines: tuple[ShipmentLine, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    final: bool = False

    @property
    def entity_key(self) -> str:
        """The order's key: what happens to one order happens in order."""
        return f"order:{self.order_external_id}"
