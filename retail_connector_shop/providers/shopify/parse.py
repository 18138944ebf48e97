"""From stored bytes to a canonical message, by topic."""

from collections.abc import Callable

from odoo.addons.retail_connector_base.canonical import CanonicalMessage
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    StoredMessage,
    strict_json,
)
from odoo.addons.retail_connector_base.providers.reading import understood

from .dispute import to_dispute
from .graphql_shape import unwrap
from .node import Node
from .order import to_order
from .order_events import to_payment, to_refund, to_shipment
from .others import to_deletion, to_stock_level
from .parties import to_customer
from .payout import to_payout
from .privacy import to_privacy_request
from .product import to_product
from .topics import TOPICS, UNKNOWN
from .webhook import triggered_at

_READERS: dict[str, Callable[[Node], CanonicalMessage]] = {
    "order": to_order,
    "customer": to_customer,
    "product": to_product,
    "shipment": to_shipment,
    "refund": to_refund,
    "payment": to_payment,
    "payout": to_payout,
    "dispute": to_dispute,
}


def parse(message: StoredMessage) -> CanonicalMessage:
    """Read a message. Raises nothing but ``MalformedPayloadError``; no value gets into its text."""
    return understood(lambda: _read(message))


def _read(message: StoredMessage) -> CanonicalMessage:
    topic = TOPICS.get(message.topic, UNKNOWN)
    node = unwrap(Node(strict_json.loads(message.body)), message.topic)
    moment = triggered_at(message.headers)
    if topic.kind == "deletion":
        return to_deletion(node, topic.entity, moment)
    if topic.kind == "stock_level":
        return to_stock_level(node, message.topic != "inventory_levels/disconnect", moment)
    if topic.kind == "privacy_request":
        return to_privacy_request(node, message.topic, moment)
    reader = _READERS.get(topic.kind or "")
    if reader is None:
        raise MalformedPayloadError("The topic is not one that can be read.")
    return reader(node)
