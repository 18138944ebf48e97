"""A first message of each route, to be pasted into a terminal."""

from typing import Any


def _money(amount: str) -> dict[str, Any]:
    side = {"amount": amount, "currency": "EUR"}
    return {"shop": side, "presentment": side}


ORDER: dict[str, Any] = {
    "external_id": "1001",
    "name": "#1001",
    "placed_at": "2026-04-02T10:00:00Z",
    "local_date": "2026-04-02",
    "currency": "EUR",
    "presentment_currency": "EUR",
    "taxes_included": True,
    "payment_state": "paid",
    "email": "ada@example.com",
    "lines": [
        {
            "external_id": "1",
            "title": "Cup",
            "sku": "CUP",
            "ordered_quantity": "1",
            "quantity": "1",
            "unit_price": _money("10.00"),
            "discount": _money("0"),
        }
    ],
    "total": _money("10.00"),
    "total_tax": _money("0"),
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "orders": ORDER,
    "customers": {"external_id": "c1", "email": "ada@example.com"},
}


def example_of(route: str) -> dict[str, Any]:
    """Return a message for a route; where there is none, one whose answer names what it needs."""
    return EXAMPLES.get(route, {"external_id": "1001"})
