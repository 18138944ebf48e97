"""What the warehouse itself knows, as Odoo must have it in the end."""

from collections.abc import Iterable, Mapping
from typing import Any

from simulator_shipbob import Account

from .warehouse_orders import CANCELLED, ORDERS, RETURNED
from .warehouse_return import BACK
from .warehouse_setup import LAMP

# Words of the account for orders, and the state of a release that they mean.
MEANT = {
    "Processing": "accepted",
    "Exception": "on_hold",
    "PartiallyFulfilled": "partly_shipped",
    "Fulfilled": "shipped",
    "Cancelled": "cancelled",
}


def left(account: Account) -> list[dict[str, Any]]:
    """Return the shipments that left."""
    return [one for one in account.all_shipments() if one["status"] == "Completed"]


def gone(account: Account) -> dict[tuple[str, str], int]:
    """Return the units that left, by shipment and SKU."""
    return {
        (str(one["id"]), product["reference_id"]): sum(
            item["quantity"] for item in product["inventory_items"]
        )
        for one in left(account)
        for product in one["products"]
    }


def meant(account: Account) -> dict[str, str]:
    """Return the state that each release should have, by its reference."""
    return {row["reference_id"]: MEANT[row["status"]] for row in account.orders.values()}


def stowed(account: Account) -> dict[str, int]:
    """Return the units that suppliers brought, by SKU."""
    rows = [one for row in account.receivings.values() for one in row["inventory_quantities"]]
    return {row["sku"]: row["stowed_quantity"] for row in rows}


def disposed(account: Account) -> dict[str, int]:
    """Return the units that came back and were thrown away, by SKU."""
    return {
        item["sku"]: sum(
            one["quantity_processed"] for one in item["action_taken"] if one["action"] == "Dispose"
        )
        for row in account.returns.values()
        for item in row["inventory"]
    }


def kept() -> dict[tuple[str, str], tuple[str, int]]:
    """Return state and units that each order should have in the end, by number and SKU."""
    found = {
        (number, sku): ("sale", units)
        for number, line in ORDERS.items()
        for sku, units in line.items()
    }
    found |= {(CANCELLED, sku): ("cancel", 0) for sku in ORDERS[CANCELLED]}
    found[RETURNED, LAMP] = ("sale", ORDERS[RETURNED][LAMP] - BACK)
    return found


def unlike(found: Mapping[Any, Any], wanted: Mapping[Any, Any], what: str) -> Iterable[str]:
    """Yield where two tables differ."""
    for key in sorted(found.keys() | wanted.keys(), key=str):
        if found.get(key) != wanted.get(key):
            yield f"{what} {key}: {found.get(key)}, {wanted.get(key)} is right"
