"""Odoo's own register in a process: a session of a real user, and tickets from its interface."""

import random
from uuid import uuid4

from odoo import api, fields

LINES = 3
LOGIN = "bench-cashier"


def open_register(env: api.Environment) -> None:
    """Open a point of sale whose stock moves in real time, as a user: the superuser must not."""
    company = env["res.company"].search([], order="id", limit=1)
    company.point_of_sale_update_stock_quantities = "real"
    env = env(context={"allowed_company_ids": company.ids})
    user = env["res.users"].create(
        {
            "name": "Cashier",
            "login": LOGIN,
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
            "group_ids": [(4, env.ref("point_of_sale.group_pos_manager").id)],
        }
    )
    journal = env["account.journal"].create(
        {"name": "Drawer", "code": "DRAWR", "type": "cash", "company_id": company.id}
    )
    drawer = env["pos.payment.method"].create(
        {"name": "Cash", "journal_id": journal.id, "company_id": company.id}
    )
    config = env["pos.config"].create(
        {
            "name": "Own register",
            "company_id": company.id,
            "payment_method_ids": [(6, 0, drawer.ids)],
        }
    )
    session = env["pos.session"].with_user(user).create({"config_id": config.id})
    session.set_opening_control(0, None)


def ring_up(env: api.Environment, rng: random.Random, product_ids: list[int]) -> None:
    """Send a ticket as the register's interface does."""
    user = env["res.users"].search([("login", "=", LOGIN)])
    own = env(user=user.id, context={})
    session = own["pos.session"].search([("user_id", "=", user.id)], limit=1)
    lines = [
        {
            "product_id": product,
            "qty": rng.randint(1, 3),
            "price_unit": 9.5,
            "discount": 0,
            "tax_ids": [(6, 0, [])],
            "pack_lot_ids": [],
            "uuid": str(uuid4()),
        }
        for product in rng.sample(product_ids, LINES)
    ]
    for line in lines:
        line["price_subtotal"] = line["price_subtotal_incl"] = line["qty"] * line["price_unit"]
    total = sum(line["price_subtotal"] for line in lines)
    now = fields.Datetime.to_string(fields.Datetime.now())
    payment = {
        "amount": total,
        "payment_method_id": session.payment_method_ids.id,
        "payment_date": now,
        "uuid": str(uuid4()),
    }
    order = {
        "uuid": str(uuid4()),
        "name": "/",
        "session_id": session.id,
        "user_id": user.id,
        "date_order": now,
        "state": "paid",
        "to_invoice": False,
        "fiscal_position_id": False,
        "last_order_preparation_change": "{}",
        "amount_total": total,
        "amount_tax": 0,
        "amount_paid": total,
        "amount_return": 0,
        "lines": [(0, 0, line) for line in lines],
        "payment_ids": [(0, 0, payment)],
    }
    answer = own["pos.order"].sync_from_ui([order])
    if answer["pos.order"][0]["state"] != "paid":
        raise RuntimeError("the ticket is not paid")
