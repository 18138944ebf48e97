"""Completes an order or product of which the first answer shows only a part of the lines."""

from typing import Any

from odoo.addons.retail_connector_base.providers import RejectedError, TransientError

from . import documents
from .client import Operation, ShopifyClient
from .paging import walk

LINES = 50
# The most that ``refunds(first:)`` gives; the list has no cursor to go on from.
MOST_REFUNDS = 250


def complete_order(client: ShopifyClient, order: dict[str, Any]) -> dict[str, Any]:
    """Return an order with all lines, shipping charges and refunded lines."""
    _rest(client, order, "lineItems", documents.ORDER_LINES, "order")
    _rest(client, order, "shippingLines", documents.ORDER_SHIPPING, "order")
    for refund in order.get("refunds") or ():
        _rest(client, refund, "refundLineItems", documents.REFUND_LINES, "refund")
        for key in ("refundShippingLines", "orderAdjustments", "transactions"):
            refund[key] = {"nodes": (refund.get(key) or {}).get("nodes") or []}
    if len(order.get("refunds") or ()) >= MOST_REFUNDS:
        raise RejectedError(f"An order has more than {MOST_REFUNDS} refunds.")
    return order


def complete_product(client: ShopifyClient, product: dict[str, Any]) -> dict[str, Any]:
    """Return a product with all its variants."""
    _rest(client, product, "variants", documents.PRODUCT_VARIANTS, "product")
    return product


def _rest(
    client: ShopifyClient, owner: dict[str, Any], key: str, operation: Operation, root: str
) -> None:
    """Append what follows the first page of a nested connection, then drop its paging."""
    nested = owner.get(key)
    if not isinstance(nested, dict) or not isinstance(nested.get("nodes"), list):
        raise TransientError(f"The shop's answer lacks {key}.")
    info = nested.get("pageInfo") or {}
    nodes = list(nested["nodes"])
    if info.get("hasNextPage"):
        variables = {"id": owner.get("id"), "first": LINES}
        pages = walk(client, operation, variables, (root, key), info.get("endCursor"))
        for more, _end, data in pages:
            seen = data[root].get("updatedAt", owner.get("updatedAt"))
            if seen != owner.get("updatedAt"):
                raise TransientError("The order or product was changed while it was read.")
            nodes += more
    owner[key] = {"nodes": nodes}
