"""From a webhook to a message, and from a message to what it tells.

Source: docs.shipstation.com/apis/docs/guides/webhooks-schemas: ``resource_type``, ``resource_url``
and, of tracking, ``data``. Events have no id: what is told twice is the same event.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace

from odoo.addons.retail_connector_base.canonical import CanonicalMessage
from odoo.addons.retail_connector_base.canonical.parcel_tracking import ParcelTracking
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    ReceivedMessage,
    StoredMessage,
    strict_json,
)
from odoo.addons.retail_connector_base.providers.reading import understood

from .node import Node
from .tracking import of_label, to_tracking

# What an event about a parcel is called by the one API and the other.
EVENTS = ("API_TRACK", "TRACK_EVENT_V2")
POLLED, LISTED = "poll/track", "poll/label"
KIND = "tracking"
_READ: dict[str, Callable[[Node], ParcelTracking]] = {POLLED: to_tracking, LISTED: of_label}


def to_message(body: bytes) -> ReceivedMessage:
    """Return the message of an authentic body, whatever it holds."""
    digest = hashlib.sha256(body).hexdigest()
    try:
        name = Node(strict_json.loads(body)).text("resource_type") or ""
    except MalformedPayloadError:
        name = ""
    kind = KIND if name in EVENTS else None
    kept = ReceivedMessage(digest, name, kind, body, f"event:{digest}", 0, 0)
    if kind is None:
        return kept
    try:
        told = parse(StoredMessage(name, kind, body, {}))
    except MalformedPayloadError:
        return kept
    return replace(kept, entity_key=told.entity_key, version=told.version, observed_at=told.version)


def polled(topic: str, content: Node, authoritative: bool = False) -> ReceivedMessage:
    """Return the message of what was read; the same state is one message."""
    body = strict_json.dumps(content.raw)
    digest = hashlib.sha256(body).hexdigest()
    try:
        told = parse(StoredMessage(topic, KIND, body, {}))
        key, version = told.entity_key, told.version
    except MalformedPayloadError:
        # It cannot be read: kept, in a queue of its own.
        key, version = f"broken:{digest}", 0
    return ReceivedMessage(
        event_id=f"{key}@{version}#{digest[:16]}",
        topic=topic,
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
    if message.topic in _READ:
        return _READ[message.topic](content)
    if message.topic not in EVENTS:
        raise MalformedPayloadError("The event tells of nothing that is kept here.")
    told = content.child("data")
    if told is None:
        raise content.wrong("data", "is missing")
    return to_tracking(told)
