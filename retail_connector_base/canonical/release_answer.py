"""What a warehouse that fetches its orders by itself reads. Moments are UTC."""

from enum import Enum

from pydantic import AwareDatetime

from .base import CanonicalModel
from .warehouse_command import Recipient, ReleaseLine


class ReleaseState(str, Enum):
    """How far a release has come, as far as Odoo knows."""

    SENT = "sent"
    ACCEPTED = "accepted"
    ON_HOLD = "on_hold"
    REJECTED = "rejected"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class RequestKind(str, Enum):
    """What is asked: not to send it, to send it elsewhere, or to send something else."""

    CANCEL = "cancel"
    ADDRESS = "address"
    LINES = "lines"


class ReleaseRequestStatus(CanonicalModel):
    """A request that waits for an answer: `answers` of a warehouse order, by its reference.

    ``recipient`` is where it is to go, ``lines`` are all that is to be sent then.
    """

    request_reference: str
    kind: RequestKind
    asked_at: AwareDatetime
    reason: str | None = None
    recipient: Recipient | None = None
    lines: tuple[ReleaseLine, ...] | None = None


class ReleaseStatus(CanonicalModel):
    """An order that a warehouse is to send.

    ``order_external_id`` is what it is named by in warehouse orders and shipments, ``order_name``
    the number that the customer knows. ``priority``: the higher the sooner. ``external_id`` is the
    warehouse's own id of it, once it was told. Requests count only when they are answered.
    """

    order_external_id: str
    external_id: str | None = None
    location_external_id: str
    order_name: str
    state: ReleaseState
    recipient: Recipient
    lines: tuple[ReleaseLine, ...]
    priority: int = 0
    ordered_at: AwareDatetime | None = None
    released_at: AwareDatetime | None = None
    ship_by: AwareDatetime | None = None
    carrier: str | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()
    requests: tuple[ReleaseRequestStatus, ...] = ()
    updated_at: AwareDatetime
