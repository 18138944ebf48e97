"""Asks the simulated shop over HTTP, as an app does."""

from uuid import uuid4

import requests

from simulator import AppSettings, ShopifySimulator

HEADERS = {"X-Shopify-Access-Token": AppSettings().fixed_tokens[0]}
SET = """mutation ($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id reason changes { name delta quantityAfterChange } }
    userErrors { field code message } } }"""
LEVEL = """query ($item: ID!, $place: ID!) { inventoryItem(id: $item) { id sku tracked
  inventoryLevel(locationId: $place) { id
    quantities(names: ["available", "committed", "on_hand"]) { name quantity } } } }"""
FULFIL = """mutation ($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { id name status createdAt totalQuantity location { id }
      trackingInfo { company number url } order { id displayFulfillmentStatus updatedAt }
      fulfillmentLineItems(first: 9) { nodes { quantity lineItem { id unfulfilledQuantity } } } }
    userErrors { field message } } }"""


def post(simulator: ShopifySimulator, query: str, timeout: float = 5, **variables):
    """Return the response to a request."""
    url = f"{simulator.base_url}/admin/api/2026-04/graphql.json"
    body = {"query": query, "variables": variables}
    return requests.post(url, json=body, headers=HEADERS, timeout=timeout)


def ask(simulator: ShopifySimulator, query: str, **variables):
    """Return the data of an answer, which must be without errors."""
    answer = post(simulator, query, **variables).json()
    assert "errors" not in answer, answer
    return answer["data"]


def change(simulator: ShopifySimulator, query: str, **variables):
    """Return the payload of a document's only mutation."""
    (payload,) = ask(simulator, query, **variables).values()
    return payload


def error(simulator: ShopifySimulator, query: str, **variables):
    """Return the first top-level error of an answer."""
    return post(simulator, query, **variables).json()["errors"][0]


def gid(kind: str, number: int) -> str:
    """Return a global id."""
    return f"gid://shopify/{kind}/{number}"


def item(simulator: ShopifySimulator, sku: str) -> str:
    """Return the id of a SKU's inventory item."""
    return gid("InventoryItem", simulator.shop.assortment.sku(sku).inventory_item_id)


def place(simulator: ShopifySimulator, index: int = 0) -> str:
    """Return the id of a location."""
    return gid("Location", simulator.shop.places[index].id)


def available(simulator: ShopifySimulator, sku: str) -> int:
    """Return what the API says is available at the first location."""
    data = ask(simulator, LEVEL, item=item(simulator, sku), place=place(simulator))
    return data["inventoryItem"]["inventoryLevel"]["quantities"][0]["quantity"]


def quantity(simulator: ShopifySimulator, sku: str, count: int, before: int | None, **values):
    """Return one entry of ``quantities``."""
    entry = {"inventoryItemId": item(simulator, sku), "locationId": place(simulator)}
    return entry | {"quantity": count, "changeFromQuantity": before} | values


def set_input(*entries, **values):
    """Return the input of ``inventorySetQuantities``."""
    return {"name": "available", "reason": "correction", "quantities": list(entries)} | values


def set_available(simulator, *entries, key: str | None = None, **values):
    """Return the payload of ``inventorySetQuantities``."""
    given = set_input(*entries, **values)
    return change(simulator, SET, input=given, key=key or str(uuid4()))


def codes(payload) -> list[str]:
    """Return the codes of the user errors."""
    return [problem["code"] for problem in payload["userErrors"]]


def parts(simulator: ShopifySimulator, order, index: int = 0, **units):
    """Return an entry of ``lineItemsByFulfillmentOrder``; without units all that remains."""
    found = order.fulfilment_orders[index]
    entry = {"fulfillmentOrderId": gid("FulfillmentOrder", found.id)}
    if "count" in units:
        part = gid("FulfillmentOrderLineItem", found.parts[0].id)
        entry["fulfillmentOrderLineItems"] = [{"id": part, "quantity": units["count"]}]
    return entry
