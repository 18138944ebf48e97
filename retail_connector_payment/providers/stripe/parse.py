"""From stored bytes to a canonical message, by topic."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone

from odoo.addons.retail_connector_base.canonical import CanonicalMessage
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    StoredMessage,
    strict_json,
)
from odoo.addons.retail_connector_base.providers.reading import understood

from .envelope import Envelope
from .node import Node
from .topics import TOPICS

# When what was polled was read, by Stripe's clock, in seconds since 1970.
READ_AT = "x-read-at"


def parse(message: StoredMessage, reference_keys: Sequence[str]) -> CanonicalMessage:
    """Read a message. Raises nothing but ``MalformedPayloadError``; no value gets into its text."""
    return understood(lambda: _parse(message, reference_keys))


def _parse(message: StoredMessage, reference_keys: Sequence[str]) -> CanonicalMessage:
    event = Node(strict_json.loads(message.body))
    found = read_event(event, message.topic, message.headers, reference_keys)
    if found is None:
        raise MalformedPayloadError("The event tells of nothing that is kept here.")
    return found


def read_event(
    event: Node, topic: str, headers: Mapping[str, str], reference_keys: Sequence[str]
) -> CanonicalMessage | None:
    """Return what an event, or what is kept of an answer, tells; ``None`` if nothing."""
    known = TOPICS.get(topic)
    if known is None:
        return None
    data = event.child("data")
    shown = data.child("object") if data else None
    if shown is None:
        raise event.wrong("data.object", "is missing")
    moment = _read_at(headers) or event.stamp("created")
    live = event.flag("livemode", True)
    return known.read(Envelope(topic, moment, shown, live, tuple(reference_keys)))


def _read_at(headers: Mapping[str, str]) -> datetime | None:
    text = headers.get(READ_AT, "")
    if not text.isascii() or not text.isdigit() or len(text) > 11:
        return None
    return datetime.fromtimestamp(int(text), timezone.utc)
