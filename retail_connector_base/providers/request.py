"""What comes in over HTTP, and what a provider makes of it before anything is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class RawRequest:
    """An HTTP request as it came: the body's bytes and the headers by lower-case name.

    ``url`` is our own address as the sender sees it: some vendors sign it.
    """

    body: bytes
    headers: Mapping[str, str]
    received_at: datetime
    url: str = ""

    def header(self, name: str) -> str:
        """Return a header's value, empty when absent."""
        return self.headers.get(name.lower(), "")


@dataclass(frozen=True)
class ReceivedMessage:
    """One event to be kept.

    ``event_id`` is its identity (see ``queues.md``). ``kind`` is the canonical kind it will be read
    as, ``None`` for a topic we do not know. ``entity_key`` orders it among the messages of one
    entity. ``version`` and ``observed_at`` (both in microseconds since 1970 UTC) say which state of
    the entity it shows and when the sender took it.
    """

    event_id: str
    topic: str
    kind: str | None
    body: bytes
    entity_key: str
    version: int = 0
    observed_at: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    authoritative: bool = False


@dataclass(frozen=True)
class Acknowledgement:
    """What the sender wants to hear. ``None`` leaves it to the controller's default answer."""

    status: int | None = None
    body: bytes | None = None
    content_type: str = "application/json"


@dataclass(frozen=True)
class Delivery:
    """All messages of one request and the answer that acknowledges them."""

    messages: tuple[ReceivedMessage, ...]
    acknowledgement: Acknowledgement = Acknowledgement()


@dataclass(frozen=True)
class StoredMessage:
    """A message as the inbox holds it, handed back to its provider to be parsed."""

    topic: str
    kind: str | None
    body: bytes
    headers: Mapping[str, str]
