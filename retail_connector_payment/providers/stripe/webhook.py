"""From an event to a message: identified, and placed in its entity's queue.

Events that are sent and events that are listed become the same message. Two things differ between
them: ``pending_webhooks``, which counts down while Stripe delivers, is left out; and an endpoint
may have a version of its own, in which case it is named in the identity.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from odoo.addons.retail_connector_base.canonical import CanonicalMessage
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    ReceivedMessage,
    strict_json,
)
from odoo.addons.retail_connector_base.providers.reading import understood

from .node import Node
from .parse import read_event
from .topics import TOPICS

_COUNTDOWN = "pending_webhooks"


def to_message(body: bytes, version: str, reference_keys: Sequence[str]) -> ReceivedMessage:
    """Return the message of an authentic body, whatever it holds. ``version`` is the API's."""
    try:
        event = Node(strict_json.loads(body))
        event_id, topic = event.required_identifier(), event.required("type")
    except MalformedPayloadError:
        return _unreadable(body)
    return event_message(event, event_id, topic, version, reference_keys)


def event_message(
    event: Node, event_id: str, topic: str, version: str, reference_keys: Sequence[str]
) -> ReceivedMessage:
    """Return the message of an event."""
    canonical, kind = _read(event, topic, reference_keys)
    told = event.raw.get("api_version")
    same = told is None or told == version
    state = canonical.version if canonical else _created(event)
    return ReceivedMessage(
        event_id=event_id if same else f"{event_id}#{_short(told)}",
        topic=topic,
        kind=kind,
        body=strict_json.dumps({k: v for k, v in event.raw.items() if k != _COUNTDOWN}),
        entity_key=canonical.entity_key if canonical else f"event:{event_id}",
        version=state,
        observed_at=state,
    )


def _read(
    event: Node, topic: str, reference_keys: Sequence[str]
) -> tuple[CanonicalMessage | None, str | None]:
    """Return what an event tells, and its kind: none if it tells of nothing that is kept here."""
    try:
        found = understood(lambda: read_event(event, topic, {}, reference_keys))
    except MalformedPayloadError:
        return None, TOPICS[topic].kind if topic in TOPICS else None
    return found, found.kind if found else None


def _created(event: Node) -> int:
    try:
        return (event.whole("created") or 0) * 1_000_000
    except MalformedPayloadError:
        return 0


def _unreadable(body: bytes) -> ReceivedMessage:
    """Return the message of what is no event, in a queue of its own."""
    digest = hashlib.sha256(body).hexdigest()
    return ReceivedMessage(digest, _topic(body), None, body, f"event:{digest}")


def _topic(body: bytes) -> str:
    try:
        return Node(strict_json.loads(body)).text("type") or ""
    except MalformedPayloadError:
        return ""


def _short(value: Any) -> str:
    return str(value)[:40]
