"""What was read from the API as messages of the inbox.

Their identity is what they show, so that one state is one message; their version is the entity's
own. Names and addresses of customers are left out: nothing here needs them.
"""

import hashlib
from datetime import datetime
from typing import Any

from odoo.addons.retail_connector_base.canonical import version_of
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    ReceivedMessage,
    StoredMessage,
    TransientError,
    strict_json,
)

from .client import Row
from .parse import parse
from .topics import ORDER, POLLED, SHIPMENT_ID

_PERSONAL = frozenset(("recipient", "gift_message", "retailer_program_data"))


def polled(
    topic: str, content: Row, seen_at: datetime, authoritative: bool = False
) -> ReceivedMessage:
    """Return the message of an answer. Raises ``MalformedPayloadError`` for what tells nothing.

    Of two messages with one version the one that was seen later counts: lists say more than events.
    """
    body = strict_json.dumps(content)
    found = parse(StoredMessage(topic, None, body, {}))
    return ReceivedMessage(
        event_id=f"{found.entity_key}/{found.kind}@{_digest(body)}",
        topic=topic,
        kind=found.kind,
        body=body,
        entity_key=found.entity_key,
        version=found.version,
        observed_at=version_of(seen_at),
        authoritative=authoritative,
    )


def read_or_keep(topic: str, number: Any, content: Row, seen_at: datetime) -> ReceivedMessage:
    """Return the message of an answer; one that cannot be read is kept, and stops nobody."""
    if isinstance(number, bool) or not isinstance(number, int | str):
        raise TransientError("ShipBob lists something without id.")
    try:
        return polled(topic, content, seen_at)
    except MalformedPayloadError:
        body, kind = strict_json.dumps(content), POLLED[topic].kind
        key = f"{kind}:{str(number)[:100]}"
        return ReceivedMessage(f"{key}@{_digest(body)}", topic, kind, body, key)


def slim(order: Row) -> Row:
    """Return an order without what is personal."""
    shipments = order.get("shipments")
    bare = {key: value for key, value in order.items() if key not in _PERSONAL}
    if isinstance(shipments, list):
        bare["shipments"] = [
            {key: value for key, value in one.items() if key not in _PERSONAL}
            if isinstance(one, dict) else one
            for one in shipments
        ]  # fmt: skip
    return bare


def of_shipment(order: Row, number: Any) -> Row:
    """Return what is kept of one shipment: its order, for the whole, and its number."""
    return {ORDER: slim(order), SHIPMENT_ID: number}


def unusable(error: MalformedPayloadError) -> TransientError:
    """Return that one answer cannot be used, where a single entity was asked for."""
    return TransientError(f"ShipBob's answer cannot be used: {error}")


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:24]
