"""From stored bytes to a canonical message, by topic and kind."""

from odoo.addons.retail_connector_base.canonical import CanonicalMessage
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    StoredMessage,
    strict_json,
)
from odoo.addons.retail_connector_base.providers.reading import understood

from .node import Node
from .topics import POLLED, TOPICS


def parse(message: StoredMessage) -> CanonicalMessage:
    """Read a message. Raises nothing but ``MalformedPayloadError``; no value gets into its text."""
    return understood(lambda: _parse(message))


def _parse(message: StoredMessage) -> CanonicalMessage:
    content = Node(strict_json.loads(message.body))
    topic = POLLED.get(message.topic) or TOPICS.get(message.topic)
    read = topic.read.get(message.kind or topic.kind) if topic else None
    found = read(content) if read else None
    if found is None:
        raise MalformedPayloadError("The event tells of nothing that is kept here.")
    return found
