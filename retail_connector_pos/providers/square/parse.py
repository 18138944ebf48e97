"""From stored bytes to a canonical message, by topic."""

from odoo.addons.retail_connector_base.canonical import CanonicalMessage
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    StoredMessage,
    strict_json,
)
from odoo.addons.retail_connector_base.providers.reading import understood

from .node import Node
from .notice import Notice
from .topics import POLLED, TOPICS, Topic, notice_of, shown_by

NOTICE = Notice.kind
_NOTHING = "The event tells of nothing that is kept here."


def parse(message: StoredMessage) -> CanonicalMessage:
    """Read a message. Raises nothing but ``MalformedPayloadError``; no value gets into its text."""
    return understood(lambda: _parse(message))


def _parse(message: StoredMessage) -> CanonicalMessage:
    content = Node(strict_json.loads(message.body))
    if message.topic in POLLED:
        found = POLLED[message.topic](content)
    else:
        found = read_event(content, message.topic, message.kind)
    if found is None:
        raise MalformedPayloadError(_NOTHING)
    return found


def read_event(event: Node, name: str, kind: str | None) -> CanonicalMessage | None:
    """Return what an event tells as a kind, ``None`` if nothing."""
    topic = TOPICS.get(name)
    if topic is None or kind is None:
        return None
    rows = shown_by(topic, event)
    if kind == NOTICE:
        return notice_of(topic, event, rows[0] if rows else Node({}, "data.object"))
    return _first(topic, event, rows)


def _first(topic: Topic, event: Node, rows: list[Node]) -> CanonicalMessage | None:
    if not rows and topic.kind != "stock_level":
        raise event.wrong(f"data.object.{topic.shown}", "is missing")
    return topic.read(rows[0]) if topic.read and rows else None
