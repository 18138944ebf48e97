"""What each webhook topic is about.

Source: shopify.dev, "Webhook topics" (2026-04). A topic that is missing here is stored as well.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """The canonical kind a topic is read as (``None``: kept only) and whose queue it stands in.

    ``path`` leads to the id of that entity in the payload. Where it leads nowhere, what is named
    ``alone`` stands in a queue of its own, by its own id.
    """

    kind: str | None
    entity: str
    path: tuple[str, ...] = ("id",)
    alone: str = ""


def _each(prefix: str, names: str, topic: Topic) -> dict[str, Topic]:
    return {f"{prefix}/{name}": topic for name in names.split()}


_ORDER_ID = ("order_id",)

TOPICS: dict[str, Topic] = {
    **_each(
        "orders",
        "create updated paid cancelled fulfilled partially_fulfilled",
        Topic("order", "order"),
    ),
    "orders/delete": Topic("deletion", "order"),
    "orders/link_requested": Topic(None, "order"),
    # An edit is followed by orders/updated, which shows its result.
    "orders/edited": Topic(None, "order", ("order_edit", "order_id")),
    "orders/risk_assessment_changed": Topic(None, "order", _ORDER_ID),
    "orders/shopify_protect_eligibility_changed": Topic(None, "order", _ORDER_ID),
    "refunds/create": Topic("refund", "order", _ORDER_ID),
    **_each("fulfillments", "create update", Topic("shipment", "order", _ORDER_ID)),
    **_each("fulfillment_events", "create delete", Topic(None, "order", _ORDER_ID)),
    "order_transactions/create": Topic("payment", "order", _ORDER_ID, "payment"),
    "tender_transactions/create": Topic(None, "order", _ORDER_ID),
    **_each("disputes", "create update", Topic("dispute", "order", _ORDER_ID, "dispute")),
    **_each(
        "returns",
        "request approve decline cancel close reopen update process",
        Topic(None, "order", ("order", "id")),
    ),
    **_each("customers", "create update enable disable", Topic("customer", "customer")),
    "customers/delete": Topic("deletion", "customer"),
    # Mandatory for apps; configured with the app, not by the API ("Privacy law compliance").
    # A queue of their own: a customer's blocked message must not hold them back.
    **_each(
        "customers",
        "data_request redact",
        Topic("privacy_request", "privacy_request", ("customer", "id")),
    ),
    "shop/redact": Topic("privacy_request", "privacy_request", ("shop_id",)),
    **_each("products", "create update", Topic("product", "product")),
    "products/delete": Topic("deletion", "product"),
    **_each("inventory_levels", "connect update disconnect", Topic("stock_level", "stock_level")),
    # Polled entities come through the same inbox under topics of our own.
    "poll/orders": Topic("order", "order"),
    "poll/products": Topic("product", "product"),
    "poll/customers": Topic("customer", "customer"),
    "poll/payments": Topic("payment", "order"),
    "poll/disputes": Topic("dispute", "order"),
    "poll/payouts": Topic("payout", "payout"),
}

UNKNOWN = Topic(None, "")
