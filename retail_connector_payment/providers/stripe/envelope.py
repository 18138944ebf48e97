"""What an object came in: an event, or an answer of the API that is kept in the same shape."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .node import Node

# Of two events of one second the charge tells more than its payment intent, and counts.
MORE = timedelta(microseconds=1)


@dataclass(frozen=True)
class Envelope:
    """An object and what is known beside it.

    ``topic`` is the event's type, or ``poll/<object>``. ``moment`` (UTC) is when the object was as
    it is shown. ``reference_keys`` are the keys of its metadata that may hold our order's number.
    """

    topic: str
    moment: datetime | None
    object: Node
    live: bool
    reference_keys: tuple[str, ...] = ()

    @property
    def updated_at(self) -> datetime | None:
        """Which state of the object this is."""
        if self.moment is None:
            return None
        return self.moment + MORE if self.topic.startswith("charge.") else self.moment

    @property
    def is_test(self) -> bool:
        """Tell whether this is no real money. Refunds do not say it themselves."""
        return not self.object.flag("livemode", self.live)

    def of(self, other: Node) -> "Envelope":
        """Return the envelope with another object that came with this one."""
        return Envelope(self.topic, self.moment, other, self.live, self.reference_keys)

    def reference(self) -> str | None:
        """Return our order's number, or the shop's, as Stripe was given it."""
        metadata = self.object.child("metadata")
        return metadata.first_text(self.reference_keys) if metadata else None
