"""What comes in over HTTP, and what a provider makes of it before anything is stored."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

_LONGEST_HEADER = 200


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

    def kept(self, names: Iterable[str]) -> dict[str, str]:
        """Return the headers worth keeping: their printable part, bounded, none that is empty."""
        found = {name: _printable(self.header(name)) for name in names}
        return {name: value for name, value in found.items() if value}


def _printable(value: str) -> str:
    """Return a text without what cannot be stored: control characters, halves of pairs."""
    text = "".join(char for char in value if char.isprintable())
    return text if len(text) <= _LONGEST_HEADER else hashlib.sha256(text.encode()).hexdigest()


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
