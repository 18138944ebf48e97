"""From an event to a message, and from a message to what it tells.

Source: docs.easypost.com/docs/events: ``description`` names the event, ``result`` is the object.
"""

import hashlib
from dataclasses import replace

from odoo.addons.retail_connector_base.canonical import CanonicalMessage, version_of
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    ReceivedMessage,
    StoredMessage,
    strict_json,
)
from odoo.addons.retail_connector_base.providers.reading import understood

from .node import Node
from .tracker import to_tracking

EVENTS = ("tracker.created", "tracker.updated")
POLLED = "poll/tracker"
KIND = "tracking"


def to_message(body: bytes) -> ReceivedMessage:
    """Return the message of an authentic body, whatever it holds."""
    try:
        event = Node(strict_json.loads(body))
        event_id, name = event.required_identifier(), event.required("description")
    except MalformedPayloadError:
        return _unreadable(body)
    moment = _moment(event, "created_at")
    kind = KIND if name in EVENTS else None
    kept = ReceivedMessage(event_id, name, kind, body, f"event:{event_id}", moment, moment)
    if kind is None:
        return kept
    try:
        told = parse(StoredMessage(name, kind, body, {}))
    except MalformedPayloadError:
        return kept
    return replace(kept, entity_key=told.entity_key, version=told.version or moment)


def polled(tracker: Node, authoritative: bool = False) -> ReceivedMessage:
    """Return the message of a tracker that was read; the same state is one message."""
    body = strict_json.dumps(tracker.raw)
    number = tracker.text("id") or hashlib.sha256(body).hexdigest()
    version = _moment(tracker, "updated_at")
    try:
        key = parse(StoredMessage(POLLED, KIND, body, {})).entity_key
    except MalformedPayloadError:
        # It cannot be read: kept, in a queue of its own.
        key = f"broken:{number}"
    return ReceivedMessage(
        event_id=f"{key}@{version}",
        topic=POLLED,
        kind=KIND,
        body=body,
        entity_key=key,
        version=version,
        observed_at=version,
        authoritative=authoritative,
    )


def parse(message: StoredMessage) -> CanonicalMessage:
    """Read a message. Raises nothing but ``MalformedPayloadError``."""
    return understood(lambda: _parse(message))


def _parse(message: StoredMessage) -> CanonicalMessage:
    content = Node(strict_json.loads(message.body))
    if message.topic == POLLED:
        return to_tracking(content)
    if message.topic not in EVENTS:
        raise MalformedPayloadError("The event tells of nothing that is kept here.")
    shown = content.child("result")
    if shown is None:
        raise content.wrong("result", "is missing")
    return to_tracking(shown)


def _moment(node: Node, key: str) -> int:
    try:
        moment = node.utc(key)
    except MalformedPayloadError:
        return 0
    return version_of(moment) if moment else 0


def _unreadable(body: bytes) -> ReceivedMessage:
    digest = hashlib.sha256(body).hexdigest()
    try:
        name = Node(strict_json.loads(body)).text("description") or ""
    except MalformedPayloadError:
        name = ""
    return ReceivedMessage(digest, name, None, body, f"event:{digest}")
