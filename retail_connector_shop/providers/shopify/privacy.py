"""The three mandatory privacy webhooks.

Source: shopify.dev, "Privacy law compliance": an app has to act within 30 days; a shop is redacted
48 hours after it uninstalled the app. The topics are set in the app's configuration, not by the
API. A customer may have an e-mail only.
"""

from datetime import datetime, timedelta

from odoo.addons.retail_connector_base.canonical import PrivacyRequest, PrivacyRequestType

from .node import Node

DUE = timedelta(days=30)
TYPES = {
    "customers/data_request": PrivacyRequestType.DATA_REQUEST,
    "customers/redact": PrivacyRequestType.REDACT,
    "shop/redact": PrivacyRequestType.SHOP_REDACT,
}


def to_privacy_request(node: Node, topic: str, moment: datetime | None) -> PrivacyRequest:
    """Read a request about a customer or a shop; ``moment`` is the event's."""
    customer = node.child("customer")
    wanted = TYPES[topic]
    asked = node.child("data_request")
    about = (customer and customer.identifier("id")) or node.required_identifier("shop_id")
    number = asked and asked.identifier("id")
    orders = [*_identifiers(node, "orders_to_redact"), *_identifiers(node, "orders_requested")]
    return PrivacyRequest(
        external_id=f"{wanted.value}:{number or about}",
        updated_at=moment,
        type=wanted,
        customer_external_id=customer and customer.identifier("id"),
        email=customer and customer.text("email"),
        phone=customer and customer.text("phone"),
        order_external_ids=tuple(orders),
        due_at=moment and moment + DUE,
    )


def _identifiers(node: Node, key: str) -> list[str]:
    values = node.raw.get(key)
    if values is None:
        return []
    if not isinstance(values, list):
        raise node.wrong(key, "is not a list")
    return [Node({"id": value}, key).required_identifier() for value in values]
