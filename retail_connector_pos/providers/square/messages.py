"""What was read from the API as messages of the inbox.

Their identity is what they show, so that one state is one message; their version is the entity's
own.
"""

import hashlib
from typing import Any

from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    ReceivedMessage,
    StoredMessage,
    TransientError,
    strict_json,
)

from .parse import parse


def polled(topic: str, content: dict[str, Any], authoritative: bool = False) -> ReceivedMessage:
    """Return the message of an answer. Raises ``MalformedPayloadError`` for what tells nothing."""
    body = strict_json.dumps(content)
    found = parse(StoredMessage(topic, None, body, {}))
    digest = hashlib.sha256(body).hexdigest()[:24]
    return ReceivedMessage(
        event_id=f"{found.entity_key}@{digest}",
        topic=topic,
        kind=found.kind,
        body=body,
        entity_key=found.entity_key,
        version=found.version,
        observed_at=found.version,
        authoritative=authoritative,
    )


def broken(topic: str, kind: str, number: str, content: dict[str, Any]) -> ReceivedMessage:
    """Return the message of an answer that cannot be read: it is kept, and shown to people."""
    body = strict_json.dumps(content)
    digest = hashlib.sha256(body).hexdigest()[:24]
    key = f"{kind}:{number}"
    return ReceivedMessage(f"{key}@{digest}", topic, kind, body, key)


def unusable(error: MalformedPayloadError) -> TransientError:
    """Return that one answer cannot be used, where a single entity was asked for."""
    return TransientError(f"Square's answer cannot be used: {error}")
