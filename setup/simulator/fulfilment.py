"""Fulfilment orders and fulfilments: what is to be shipped from where, and what was shipped."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Part:
    """Units of an order's line within a fulfilment order."""

    id: int
    line_id: int
    total: int
    remaining: int


@dataclass(frozen=True)
class Hold:
    """Why nothing may be shipped for now. ``reason`` is written as in the API's enum."""

    id: int
    reason: str = "OTHER"
    notes: str | None = None
    handle: str | None = None
    by_app: bool = False


@dataclass(frozen=True)
class FulfilmentOrder:
    """Lines of an order that one location is to ship."""

    id: int
    location_id: int
    parts: tuple[Part, ...]
    created_at: datetime
    updated_at: datetime
    holds: tuple[Hold, ...] = ()
    fulfil_at: datetime | None = None
    cancelled: bool = False
    incomplete: bool = False
    in_progress: bool = False

    @property
    def remaining(self) -> int:
        """The units that are still to be shipped."""
        return sum(part.remaining for part in self.parts)

    @property
    def started(self) -> bool:
        """Whether some of its units left already."""
        return any(part.remaining < part.total for part in self.parts)

    @property
    def active(self) -> bool:
        """Whether something is still to be done."""
        return self.remaining > 0 and not (self.cancelled or self.incomplete)

    @property
    def status(self) -> str:
        """The status as the API writes it."""
        if self.cancelled:
            return "CANCELLED"
        if self.incomplete:
            return "INCOMPLETE"
        if not self.remaining:
            return "CLOSED"
        if self.holds:
            return "ON_HOLD"
        if self.fulfil_at:
            return "SCHEDULED"
        return "IN_PROGRESS" if self.started or self.in_progress else "OPEN"

    def part(self, number: int) -> Part | None:
        """Return a part by its identifier."""
        return next((part for part in self.parts if part.id == number), None)


@dataclass(frozen=True)
class Shipped:
    """Units of a line within a fulfilment, and the part that they were taken from."""

    id: int
    line_id: int
    fulfilment_order_id: int
    part_id: int
    quantity: int


@dataclass(frozen=True)
class Tracking:
    """How a parcel can be followed."""

    company: str | None = None
    numbers: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownEvent:
    """Where a parcel was, as it is shown to the customer, in the API's words."""

    id: int
    status: str
    at: datetime


@dataclass(frozen=True)
class Fulfilment:
    """A parcel; ``status`` is success or cancelled."""

    id: int
    name: str
    location_id: int
    created_at: datetime
    updated_at: datetime
    lines: tuple[Shipped, ...]
    tracking: Tracking = Tracking()
    status: str = "success"
    by_app: bool = False
    events: tuple[ShownEvent, ...] = ()

    @property
    def quantity(self) -> int:
        """The units in it."""
        return sum(line.quantity for line in self.lines)


class RefusedError(Exception):
    """An action that the shop does not allow; becomes a ``userError`` of the API."""

    def __init__(
        self, message: str, field: tuple[str, ...] | None = None, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.message, self.field, self.code = message, field, code
