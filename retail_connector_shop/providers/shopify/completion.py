"""Completes an order or product of which the first answer shows only a part of the lines."""

from typing import Any

from odoo.addons.retail_connector_base.providers import RejectedError, TransientError

from . import documents
from .client import Operation, ShopifyClient, TooExpensiveError
from .paging import walk

LINES = 50
# The most that ``refunds(first:)`` gives; the list has no cursor to go on from.
MOST_REFUNDS = 250


def complete_order(client: ShopifyClient, order: dict[str, Any]) -> dict[str, Any]:
    """Return an order with all lines, their duties, shipping charges and refunds."""
    if order.get("originalTotalDutiesSet"):
        order["lineItems"] = {"nodes": [], "pageInfo": {"hasNextPage": True}}
    _rest(client, order, "lineItems", documents.ORDER_LINES, "order")
    for line in order["lineItems"]["nodes"]:
        line.setdefault("duties", [])
    _rest(client, order, "shippingLines", documents.ORDER_SHIPPING, "order")
    if order.get("refunds"):
        order["refunds"] = _refunds(client, order)
    return order


def _refunds(client: ShopifyClient, order: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all refunds of an order with all their lines."""
    nested = LINES
    while True:
        variables = {"id": order.get("id"), "refunds": MOST_REFUNDS, "nested": nested}
        try:
            found = client.execute(documents.ORDER_REFUNDS, variables).get("order") or {}
            break
        except TooExpensiveError:
            if nested == 1:
                raise
            nested //= 2
    _check_unchanged(order, found)
    refunds = found.get("refunds") or []
    if len(refunds) >= MOST_REFUNDS:
        raise RejectedError(f"An order has {MOST_REFUNDS} refunds or more.")
    for refund in refunds:
        _rest(client, refund, "refundLineItems", documents.REFUND_LINES, "refund")
    return refunds


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
            _check_unchanged(owner, data[root])
            nodes += more
    owner[key] = {"nodes": nodes}


def _check_unchanged(owner: dict[str, Any], again: dict[str, Any]) -> None:
    """Parts of two states must not be put together: the list is read again later."""
    if "updatedAt" in owner and again.get("updatedAt") != owner["updatedAt"]:
        raise TransientError("The order or product was changed while it was read.")
