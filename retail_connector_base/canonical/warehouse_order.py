"""What a warehouse says of an order that it was sent."""

from enum import Enum
from typing import ClassVar

from pydantic import AwareDatetime

from .base import CanonicalMessage, CanonicalModel, ExternalId


class WarehouseOrderState(str, Enum):
    """How far an order has come in the warehouse."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ON_HOLD = "on_hold"
    IN_PROGRESS = "in_progress"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class RequestAnswer(CanonicalModel):
    """The answer to one of our requests (a change, a cancellation), by our reference of it."""

    request_reference: str
    accepted: bool
    reason: str | None = None


class WarehouseOrder(CanonicalMessage):
    """The state of an order in the warehouse.

    ``external_id`` is the warehouse's id of the order, ``order_external_id`` our own reference that
    it was released with. ``reason`` says why it was rejected or is on hold, in words for a person,
    ``reason_code`` in the warehouse's vocabulary.
    """

    kind: ClassVar[str] = "warehouse_order"

    order_external_id: ExternalId
    state: WarehouseOrderState
    reason: str | None = None
    reason_code: str | None = None
    expected_ship_at: AwareDatetime | None = None
    answers: tuple[RequestAnswer, ...] = ()

    @property
    def entity_key(self) -> str:
        """The order's key: what happens to one order happens in order."""
        return f"order:{self.order_external_id}"
