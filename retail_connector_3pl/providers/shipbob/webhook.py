"""From a delivery to messages: each identified, and placed in its entity's queue.

An order becomes a message of its state and one of each shipment that has ended; a shipment alone,
what it tells of goods, of its order's hold and of its parcel. A topic stands in a header.
"""

import hashlib
from collections.abc import Iterator

from odoo.addons.retail_connector_base.canonical import CanonicalMessage
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    RawRequest,
    ReceivedMessage,
    strict_json,
)
from odoo.addons.retail_connector_base.providers.reading import understood

from .messages import of_shipment
from .node import Node
from .quantities import NotToldError
from .shipments import in_order
from .signature import TIME
from .signature import TOPIC as HEADER
from .topics import SHIPMENT_ID, TOPICS, Topic, has_ended, is_foreign, shown_by

_LONGEST_TOPIC = 100
Reading = tuple[CanonicalMessage, bytes]


def to_messages(request: RawRequest, event_id: str, channel: str) -> tuple[ReceivedMessage, ...]:
    """Return the messages of an authentic delivery, whatever it holds."""
    name = "".join(char for char in request.header(HEADER) if char.isprintable())[:_LONGEST_TOPIC]
    topic, body = TOPICS.get(name), request.body
    sent_at = int(request.header(TIME)) * 1_000_000
    try:
        content = Node(strict_json.loads(body))
        found = list(_readings(content, topic, body, channel)) if topic else []
    except NotToldError:
        # A poll reads the order that says it.
        found, topic = [], None
    except MalformedPayloadError:
        return (_kept(event_id, name, topic, body, sent_at),)
    if not found:
        return (_kept(event_id, name, None, body, sent_at),)
    return tuple(
        ReceivedMessage(
            event_id=f"{event_id}#{count}" if count else event_id,
            topic=name,
            kind=message.kind,
            body=kept,
            entity_key=message.entity_key,
            version=message.version or sent_at,
            observed_at=sent_at,
        )
        for count, (message, kept) in enumerate(found)
    )


def _readings(content: Node, topic: Topic, body: bytes, channel: str) -> Iterator[Reading]:
    """Yield what a content tells, with the bytes from which just that is read again."""
    if is_foreign(content.raw, channel):
        return
    for part, kept in _parts(content, topic, body):
        for kind, read in topic.read.items():
            if _is_asked(part, topic, kind):
                message = understood(lambda read=read, part=part: read(part))
                if message is not None:
                    yield message, kept


def _parts(content: Node, topic: Topic, body: bytes) -> Iterator[tuple[Node, bytes]]:
    """Yield the content, and for an order one for each of its shipments that have ended."""
    yield content, body
    if "shipment" not in topic.read or "order_id" in content:
        return
    for shipment in in_order(content):
        if has_ended(shipment):
            raw = of_shipment(content.raw, shipment.raw.get("id"))
            yield Node(raw), strict_json.dumps(raw)


def _is_asked(part: Node, topic: Topic, kind: str) -> bool:
    """Tell whether a part is read as a kind: an order's parts are its shipments and itself."""
    if "shipment" not in topic.read:
        return True
    _order, shipment = shown_by(part)
    if kind == "warehouse_order":
        return SHIPMENT_ID not in part
    return shipment is not None and (kind != "shipment" or has_ended(shipment))


def _kept(
    event_id: str, name: str, topic: Topic | None, body: bytes, sent_at: int
) -> ReceivedMessage:
    """Return the message of what tells nothing, or cannot be read, in a queue of its own."""
    digest = hashlib.sha256(body).hexdigest()[:24]
    kind = topic.kind if topic else None
    return ReceivedMessage(
        event_id, name, kind, body, f"event:{event_id}:{digest}", sent_at, sent_at
    )
