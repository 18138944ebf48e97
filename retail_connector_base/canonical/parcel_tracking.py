"""Where a parcel is, as its carrier tells."""

from enum import Enum
from typing import ClassVar

from pydantic import AwareDatetime

from .base import CanonicalMessage, CanonicalModel


class TrackingState(str, Enum):
    """Where a parcel is."""

    ANNOUNCED = "announced"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERED = "delivered"
    ATTEMPTED = "attempted"
    RETURNING = "returning"
    RETURNED = "returned"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Milestone(CanonicalModel):
    """Something that happened to a parcel; ``text`` and ``place`` in the carrier's words."""

    state: TrackingState
    occurred_at: AwareDatetime | None = None
    text: str | None = None
    place: str | None = None


class ParcelTracking(CanonicalMessage):
    """The way of one parcel so far. ``external_id`` is the carrier service's id of the tracker."""

    kind: ClassVar[str] = "tracking"

    number: str
    carrier: str | None = None
    state: TrackingState
    url: str | None = None
    expected_at: AwareDatetime | None = None
    signed_by: str | None = None
    milestones: tuple[Milestone, ...] = ()
