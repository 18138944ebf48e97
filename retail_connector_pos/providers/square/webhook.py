"""From an event to messages: each identified, and placed in its entity's queue.

An event may become two messages, what it shows and the notice that its order or payout is to be
asked for; one of stock counts becomes a message for each count.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from odoo.addons.retail_connector_base.canonical import CanonicalMessage, version_of
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    ReceivedMessage,
    strict_json,
)
from odoo.addons.retail_connector_base.providers.reading import understood

from .node import Node
from .parse import NOTICE, read_event
from .topics import TOPICS, Topic, shown_by


def to_messages(body: bytes) -> tuple[ReceivedMessage, ...]:
    """Return the messages of an authentic body, whatever it holds."""
    try:
        event = Node(strict_json.loads(body))
        event_id, name = event.required_identifier("event_id"), event.required("type")
    except MalformedPayloadError:
        return (_unreadable(body),)
    topic = TOPICS.get(name)
    found = tuple(_messages(event, event_id, name, topic, body)) if topic else ()
    return found or (_kept(event, event_id, name, topic, body),)


def _messages(
    event: Node, event_id: str, name: str, topic: Topic, body: bytes
) -> Iterator[ReceivedMessage]:
    """Yield what an event tells; the first message has the event's own identity."""
    for count, (kind, content, raw) in enumerate(_readings(event, name, topic, body)):
        suffix = f"#{count}" if count else ""
        yield ReceivedMessage(
            event_id=event_id + suffix,
            topic=name,
            kind=kind,
            body=raw,
            entity_key=content.entity_key,
            version=content.version or _created(event),
            observed_at=_created(event),
        )


def _readings(
    event: Node, name: str, topic: Topic, body: bytes
) -> Iterator[tuple[str, CanonicalMessage, bytes]]:
    for part, raw in _parts(event, topic, body):
        for kind in (topic.kind, NOTICE):
            found = _read(part, name, kind)
            if found is not None:
                yield found.kind, found, raw


def _parts(event: Node, topic: Topic, body: bytes) -> Iterator[tuple[Node, bytes]]:
    """Yield the event as it is, or an event for each of its counts."""
    if topic.kind != "stock_level":
        yield event, body
        return
    try:
        rows = shown_by(topic, event)
    except MalformedPayloadError:
        return
    if len(rows) == 1 and len(event.raw["data"]["object"][topic.shown]) == 1:
        yield event, body
        return
    for row in rows:
        raw = _with(event, topic.shown, [row.raw])
        yield Node(raw), strict_json.dumps(raw)


def _with(event: Node, name: str, rows: list[Any]) -> dict[str, Any]:
    data = event.raw["data"]
    return {**event.raw, "data": {**data, "object": {**data["object"], name: rows}}}


def _read(event: Node, name: str, kind: str) -> CanonicalMessage | None:
    try:
        return understood(lambda: read_event(event, name, kind))
    except MalformedPayloadError:
        return None


def _kept(
    event: Node, event_id: str, name: str, topic: Topic | None, body: bytes
) -> ReceivedMessage:
    """Return the message of an event that tells nothing, or cannot be read as what it says."""
    kind = topic.kind if topic and _should_tell(event, topic) else None
    created = _created(event)
    return ReceivedMessage(event_id, name, kind, body, f"event:{event_id}", created, created)


def _should_tell(event: Node, topic: Topic) -> bool:
    """Tell whether an event of which nothing was read is broken, and not just of no interest."""
    try:
        rows = shown_by(topic, event)
        return topic.kind != "stock_level" and not rows or any(map(_is_broken(topic), rows))
    except MalformedPayloadError:
        return True


def _is_broken(topic: Topic):
    def check(row: Node) -> bool:
        try:
            found = understood(lambda: topic.read(row) if topic.read else None)
        except MalformedPayloadError:
            return True
        return found is None and topic.read is None

    return check


def _created(event: Node) -> int:
    try:
        moment = event.utc("created_at")
    except MalformedPayloadError:
        return 0
    return version_of(moment) if moment else 0


def _unreadable(body: bytes) -> ReceivedMessage:
    """Return the message of what is no event, in a queue of its own."""
    digest = hashlib.sha256(body).hexdigest()
    return ReceivedMessage(digest, _name(body), None, body, f"event:{digest}")


def _name(body: bytes) -> str:
    try:
        return Node(strict_json.loads(body)).text("type") or ""
    except MalformedPayloadError:
        return ""
