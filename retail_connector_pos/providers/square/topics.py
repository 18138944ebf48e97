"""What each type of event is about, and how it is read.

Source: developer.squareup.com/docs/webhooks/v2webhook-events-tech-ref. Events of orders say only
that one changed; those of payments and refunds show the payment, and make its order worth asking
for. A type that is missing here is stored as well.
"""

from collections.abc import Callable
from dataclasses import dataclass

from odoo.addons.retail_connector_base.canonical import CanonicalMessage

from .closing import to_closing
from .disputes import to_dispute
from .levels import is_stock, to_level
from .node import Node
from .notice import Notice
from .payments import to_payment, to_refund
from .payouts import to_payout
from .products import to_product
from .ticket import to_ticket

Read = Callable[[Node], CanonicalMessage | None]


@dataclass(frozen=True)
class Topic:
    """The canonical kind, the name of what is shown, and what reads it.

    ``read`` returns ``None`` where the object tells of nothing that is kept as this kind. ``asks``
    are the kind that has to be asked for besides, and the field that names it.
    """

    kind: str
    shown: str
    read: Read | None
    asks: tuple[str, str] | None = None


def _topics(topic: Topic, names: str) -> dict[str, Topic]:
    return {name: topic for name in names.split()}


_TICKET = ("pos_ticket", "order_id")

ORDER_EVENTS = {
    "order.created": Topic("pos_ticket", "order_created", None, _TICKET),
    "order.updated": Topic("pos_ticket", "order_updated", None, _TICKET),
    "order.fulfillment.updated": Topic("pos_ticket", "order_fulfillment_updated", None, _TICKET),
}
PAYMENT_EVENTS = {
    **_topics(Topic("payment", "payment", to_payment, _TICKET), "payment.created payment.updated"),
    **_topics(Topic("payment", "refund", to_refund, _TICKET), "refund.created refund.updated"),
}
STOCK_EVENTS = {"inventory.count.updated": Topic("stock_level", "inventory_counts", to_level)}
CATALOG_EVENTS = {"catalog.version.updated": Topic("product", "catalog_version", None)}
PAYOUT_EVENTS = _topics(
    Topic("payout", "payout", to_payout, ("payout", "id")), "payout.sent payout.paid payout.failed"
)
DISPUTE_EVENTS = _topics(
    Topic("dispute", "dispute", to_dispute),
    "dispute.created dispute.state.updated",
)
TOPICS: dict[str, Topic] = {
    **ORDER_EVENTS,
    **PAYMENT_EVENTS,
    **STOCK_EVENTS,
    **CATALOG_EVENTS,
    **PAYOUT_EVENTS,
    **DISPUTE_EVENTS,
    # The name of versions before 2021: not subscribed to.
    "dispute.state.changed": Topic("dispute", "dispute", to_dispute),
}
# What is read from the API comes through the same inbox under topics of our own.
POLLED: dict[str, Read] = {
    "poll/order": to_ticket,
    "poll/closing": to_closing,
    "poll/payment": to_payment,
    "poll/refund": to_refund,
    "poll/payout": to_payout,
    "poll/dispute": to_dispute,
    "poll/item": to_product,
}


def notice_of(topic: Topic, event: Node, shown: Node) -> Notice | None:
    """Return the notice that an event is, ``None`` where nobody has to be asked."""
    moment = shown.utc("updated_at") or event.utc("created_at")
    if topic.kind == "product":
        merchant = event.text("merchant_id") or "catalog"
        return Notice(
            external_id=merchant, updated_at=moment, entity_kind="product", whole_list=True
        )
    if topic.asks is None:
        return None
    kind, field = topic.asks
    number = shown.identifier(field)
    if number is None and topic.read is None:
        number = event.inner("data").identifier()
    if number is None:
        return None
    partial = topic.kind == kind and topic.read is not None
    return Notice(external_id=number, updated_at=moment, entity_kind=kind, is_partial=partial)


def shown_by(topic: Topic, event: Node) -> list[Node]:
    """Return what an event shows: one object, or each count that can be sold."""
    data = event.inner("data", "object")
    if topic.kind != "stock_level":
        # Disputes stand under either name: the examples have one, the specification the other.
        found = data.child(topic.shown) or data.child("object")
        return [found] if found else []
    return [count for count in data.children(topic.shown) if is_stock(count)]
