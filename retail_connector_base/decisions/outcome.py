"""What goes into an importer, and what becomes of it."""

from dataclasses import dataclass
from enum import Enum

from ..canonical import CanonicalMessage
from .version import Seen


class Outcome(str, Enum):
    """The final state that an importer gives a message."""

    DONE = "done"
    SUPERSEDED = "superseded"
    IGNORED = "ignored"


@dataclass(frozen=True)
class InboundItem:
    """A parsed message on its way into Odoo, with the identity of the inbox row it came from.

    ``observed_at`` is in microseconds since 1970 UTC; ``content_hash`` is the canonical message's.
    """

    message_id: int
    canonical: CanonicalMessage
    topic: str
    observed_at: int
    content_hash: str
    correlation_id: str
    authoritative: bool = False

    @property
    def version(self) -> int:
        """The entity's own version, or else when the sender took this state."""
        return self.canonical.version or self.observed_at

    def seen(self) -> Seen:
        """Return the state that this item shows, for the version guard."""
        return Seen(self.version, self.observed_at, self.content_hash, self.authoritative)


@dataclass(frozen=True)
class ImportResult:
    """What an importer did with an item; ``note`` says why when it did nothing.

    ``record`` is (model, id) of the Odoo record that the message ended in.
    """

    outcome: Outcome
    note: str = ""
    record: tuple[str, int] | None = None
