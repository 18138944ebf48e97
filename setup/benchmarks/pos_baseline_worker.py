"""One process of the baseline: send its tickets to Odoo's own point of sale one by one.

Run by ``pos_baseline.py`` with a configuration, a database and a file of sales.
"""

import sys
from typing import Any
from uuid import uuid4

from baseline_worker import main

from odoo import api, fields
from odoo.modules.registry import Registry


def prepare(registry: Registry, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the user interface sends for each sale."""
    return [_from_ui(order) for order in orders]


def make(env: api.Environment, _order: dict[str, Any], told: dict[str, Any]) -> None:
    """Send one ticket as the cashier's register does."""
    own = env(user=told["user_id"], context={})
    # What is sent is used up: a second try sends it anew.
    order = {**told, "lines": [(0, 0, dict(line)) for line in told["lines"]]}
    order["payment_ids"] = [(0, 0, dict(payment)) for payment in told["payment_ids"]]
    own["pos.order"].sync_from_ui([order])


def _from_ui(sale: dict[str, Any]) -> dict[str, Any]:
    now = fields.Datetime.to_string(fields.Datetime.now())
    name = f"{sale['store']}-{sale['register']}-{sale['number']:08d}"
    payment = {
        "amount": sale["total"],
        "payment_method_id": sale["card"] or sale["cash"],
        "payment_date": now,
        "uuid": str(uuid4()),
    }
    return {
        "uuid": str(uuid4()),
        "name": name,
        "pos_reference": name,
        "tracking_number": name[-3:],
        "sequence_number": sale["number"],
        "session_id": sale["session"],
        "user_id": sale["user"],
        "partner_id": False,
        "fiscal_position_id": False,
        "date_order": now,
        "state": "paid",
        "to_invoice": False,
        "last_order_preparation_change": "{}",
        "amount_total": sale["total"],
        "amount_tax": sale["total_tax"],
        "amount_paid": sale["total"],
        "amount_return": 0,
        "lines": [_line(sale, *line) for line in sale["lines"]],
        "payment_ids": [payment],
    }


def _line(sale: dict[str, Any], product: int, units: int, price: float) -> dict[str, Any]:
    return {
        "product_id": product,
        "qty": units,
        "price_unit": price,
        "discount": 0,
        "tax_ids": [(6, 0, [sale["tax"]])],
        "price_subtotal": round(units * price / 1.19, 2),
        "price_subtotal_incl": round(units * price, 2),
        "pack_lot_ids": [],
        "uuid": str(uuid4()),
    }


if __name__ == "__main__":
    main(*sys.argv[1:], prepare=prepare, make=make)
