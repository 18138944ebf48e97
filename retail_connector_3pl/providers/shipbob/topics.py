"""What each event is about, and how it is read.

Source: the enumeration ``Webhooks.Topics`` of the specification of 2026-01; developer.shipbob.com/
webhooks names more topics since, which are read but not subscribed to. ``order.shipped`` shows an
order, the other topics of orders show a shipment: what came is told from its content. An order is
kept with the number of the shipment that a message is about.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from odoo.addons.retail_connector_base.canonical import CanonicalMessage, ShipmentState

from .invoices import to_invoice
from .levels import to_snapshot
from .node import Node
from .orders import held_order, to_order
from .products import to_product
from .receiving import to_receipt
from .returns import to_return
from .shipments import state_of, to_shipment
from .trackings import delivered, to_tracking

Read = Callable[[Node], CanonicalMessage | None]
ORDER, SHIPMENT_ID = "order", "shipment_id"

SHIPPED_EVENTS = ("order.shipped", "order.shipment.cancelled")
HELD_EVENTS = ("order.shipment.exception", "order.shipment.on_hold")
DELIVERED_EVENTS = ("order.shipment.delivered",)
RETURN_EVENTS = ("return.created", "return.updated", "return.completed")
# Named by the documentation only: the specification does not let one subscribe to them.
LATER_ORDER_EVENTS = (
    "order.delivered",
    "order.shipment.tracking.updated",
    "order.shipment.address.updated",
    "order.shipment.shipping_service.updated",
    "order.shipment.line_item.added",
    "order.shipment.line_item.removed",
    "order.shipment.line_item.updated",
)
LATER_RECEIPT_EVENTS = ("wro.created", "wro.updated", "wro.completed")


@dataclass(frozen=True)
class Topic:
    """What reads each canonical kind; ``kind`` is the one that what cannot be read counts as."""

    kind: str
    read: dict[str, Read]


def shown_by(content: Node) -> tuple[Node | None, Node | None]:
    """Return the order and the shipment that a content shows."""
    order = content.child(ORDER)
    if order is None and "order_id" in content:
        return None, content
    number = content.identifier(SHIPMENT_ID)
    order = order or content
    found = (one for one in order.children("shipments") if one.identifier() == number)
    return order, next(found, None) if number else None


def _order(content: Node) -> CanonicalMessage | None:
    order, shipment = shown_by(content)
    if order is not None:
        return to_order(order)
    return held_order(shipment) if shipment else None


def _shipment(content: Node) -> CanonicalMessage | None:
    order, shipment = shown_by(content)
    return to_shipment(shipment, order) if shipment else None


def _delivered(content: Node) -> CanonicalMessage | None:
    _order, shipment = shown_by(content)
    return delivered(shipment) if shipment else None


_ORDER_KINDS = {"warehouse_order": _order, "shipment": _shipment, "tracking": _delivered}


def _topics(topic: Topic, names: tuple[str, ...]) -> dict[str, Topic]:
    return dict.fromkeys(names, topic)


TOPICS: dict[str, Topic] = {
    **_topics(Topic("shipment", _ORDER_KINDS), SHIPPED_EVENTS),
    **_topics(Topic("warehouse_order", _ORDER_KINDS), HELD_EVENTS),
    **_topics(Topic("tracking", _ORDER_KINDS), DELIVERED_EVENTS),
    **_topics(Topic("warehouse_order", _ORDER_KINDS), LATER_ORDER_EVENTS),
    **_topics(Topic("return", {"return": to_return}), RETURN_EVENTS),
    **_topics(Topic("receipt", {"receipt": to_receipt}), LATER_RECEIPT_EVENTS),
}
# What is read from the API comes through the same inbox under topics of our own.
POLLED: dict[str, Topic] = {
    "poll/order": Topic("warehouse_order", {"warehouse_order": _order}),
    "poll/shipment": Topic("shipment", {"shipment": _shipment}),
    "poll/return": Topic("return", {"return": to_return}),
    "poll/receipt": Topic("receipt", {"receipt": to_receipt}),
    "poll/stock": Topic("stock_snapshot", {"stock_snapshot": to_snapshot}),
    "poll/product": Topic("product", {"product": to_product}),
    "poll/tracking": Topic("tracking", {"tracking": to_tracking}),
    "poll/invoice": Topic("warehouse_invoice", {"warehouse_invoice": to_invoice}),
}


def has_ended(shipment: Node) -> bool:
    """Tell whether a shipment says anything about goods: what is still to be sent does not."""
    return state_of(shipment) is not ShipmentState.PENDING


def is_foreign(content: dict[str, Any], channel: str) -> bool:
    """Tell whether an order or a return is of another channel of the account than ours."""
    told = content.get("channel")
    number = told.get("id") if isinstance(told, dict) else None
    return bool(channel) and number is not None and str(number) != channel
