"""From stored bytes to a canonical message, by topic."""

from collections.abc import Callable
from decimal import Context, localcontext

from pydantic import ValidationError

from odoo.addons.retail_connector_base.canonical import CanonicalMessage
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    StoredMessage,
    strict_json,
)

from .graphql_shape import unwrap
from .node import Node
from .order import to_order
from .order_events import to_payment, to_refund, to_shipment
from .others import to_deletion, to_stock_level
from .parties import to_customer
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
}
# Sums and products of bounded numbers stay exact.
_EXACT = Context(prec=100)


def parse(message: StoredMessage) -> CanonicalMessage:
    """Read a message. Raises nothing but ``MalformedPayloadError``; no value gets into its text."""
    try:
        with localcontext(_EXACT):
            return _read(message)
    except ValidationError as error:
        fields = sorted({_field(entry["loc"]) for entry in error.errors(include_input=False)})
        raise MalformedPayloadError(f"Not usable in {error.title}: {', '.join(fields)}.") from None
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise MalformedPayloadError(
            f"The content cannot be computed with ({type(error).__name__})."
        ) from None


def _read(message: StoredMessage) -> CanonicalMessage:
    topic = TOPICS.get(message.topic, UNKNOWN)
    node = unwrap(Node(strict_json.loads(message.body)), message.topic)
    moment = triggered_at(message.headers)
    if topic.kind == "deletion":
        return to_deletion(node, topic.entity, moment)
    if topic.kind == "stock_level":
        return to_stock_level(node, message.topic != "inventory_levels/disconnect", moment)
    reader = _READERS.get(topic.kind or "")
    if reader is None:
        raise MalformedPayloadError("The topic is not one that can be read.")
    return reader(node)


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "the whole"
