"""From a webhook request to a message: authentic, identified, placed in its entity's queue.

Source: shopify.dev, "Verify deliveries" and "Headers" of webhooks. Only the body is signed.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from odoo.addons.retail_connector_base.canonical import version_of
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    RawRequest,
    ReceivedMessage,
    strict_json,
)

from .node import Node
from .topics import TOPICS, UNKNOWN, Topic

SIGNATURE = "x-shopify-hmac-sha256"
SHOP = "x-shopify-shop-domain"
TOPIC = "x-shopify-topic"
EVENT_ID = "x-shopify-event-id"
WEBHOOK_ID = "x-shopify-webhook-id"
TRIGGERED_AT = "x-shopify-triggered-at"
API_VERSION = "x-shopify-api-version"
_KEPT = (TOPIC, SHOP, API_VERSION, EVENT_ID, WEBHOOK_ID, TRIGGERED_AT)
# Shopify writes nanoseconds; Python 3.10 reads three or six digits.
_FRACTION = re.compile(r"\.(\d+)")


def triggered_at(headers: Mapping[str, str]) -> datetime | None:
    """Return when Shopify made the event (UTC), ``None`` when the header is absent or wrong."""
    text = headers.get(TRIGGERED_AT, "").replace("Z", "+00:00")
    text = _FRACTION.sub(lambda found: "." + found[1][:6].ljust(6, "0"), text, count=1)
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(timezone.utc) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def to_message(request: RawRequest) -> ReceivedMessage:
    """Return the message of an authentic request, whatever its body holds."""
    headers = request.kept(_KEPT)
    topic_name = headers.get(TOPIC, "")
    topic = TOPICS.get(topic_name, UNKNOWN)
    node = _readable(request.body)
    name, entity_id = _entity(node, topic) if node else (topic.entity, None)
    moment = triggered_at(headers)
    observed = version_of(moment) if moment else 0
    version = (node and _updated_at(node)) or observed
    event_id = headers.get(EVENT_ID) or headers.get(WEBHOOK_ID)
    if not event_id:
        event_id = _identity(topic_name, entity_id or request.body, version)
    return ReceivedMessage(
        event_id=event_id,
        topic=topic_name,
        kind=topic.kind,
        body=request.body,
        entity_key=f"{name}:{entity_id}" if entity_id else f"event:{event_id}",
        version=version,
        observed_at=observed,
        headers=headers,
    )


def _readable(body: bytes) -> Node | None:
    try:
        return Node(strict_json.loads(body))
    except MalformedPayloadError:
        return None


def _entity(node: Node, topic: Topic) -> tuple[str, str | None]:
    """Return what a payload is about, and its id if that can be told."""
    found = _entity_id(node, topic)
    if found or not topic.alone:
        return topic.entity, found
    return topic.alone, _entity_id(node, Topic(topic.kind, topic.alone))


def _entity_id(node: Node, topic: Topic) -> str | None:
    """Return the id of the entity that a payload is about, ``None`` when it cannot be told."""
    if not topic.entity:
        return None
    try:
        if topic.entity == "stock_level":
            parts = (node.identifier("inventory_item_id"), node.identifier("location_id"))
            return ":".join(parts) if all(parts) else None
        *parents, key = topic.path
        for parent in parents:
            child = node.child(parent)
            if child is None:
                return None
            node = child
        return node.identifier(key)
    except MalformedPayloadError:
        return None


def _updated_at(node: Node) -> int:
    try:
        moment = node.utc("updated_at")
    except MalformedPayloadError:
        return 0
    return version_of(moment) if moment else 0


def _identity(topic: str, about: Any, version: int) -> str:
    """Return an identity for an event that was sent without one (``queues.md``)."""
    content = about if isinstance(about, bytes) else str(about).encode()
    return hashlib.sha256(b"%s\0%s\0%d" % (topic.encode(), content, version)).hexdigest()
