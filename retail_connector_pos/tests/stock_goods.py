"""Orders of tickets as an import leaves them, and sales of Odoo's own: what is tested is goods."""

from datetime import date
from itertools import count
from uuid import uuid4

from odoo import fields

TODAY = date(2026, 5, 4)
PRICE = 10.0
numbers = count(1)


def make_day(register, business_date=TODAY):
    """Return the business day of a register."""
    return register.env["retail.pos.day"]._of({(register, business_date)})[register, business_date]


def make_order(register, lines, day=None, **values):
    """Create the paid order of lines (product, quantity[, more values]) in the day's session."""
    session = (day or make_day(register))._session()
    config = session.config_id
    rows = [line_of(*line) for line in lines]
    total = sum(row["price_subtotal_incl"] for row in rows)
    method = config.payment_method_ids.filtered("is_cash_count")[:1]
    order = session.env["pos.order"].create(
        {
            "name": f"Ticket {next(numbers)}",
            "session_id": session.id,
            "company_id": config.company_id.id,
            "pricelist_id": config.pricelist_id.id,
            "date_order": fields.Datetime.now(),
            "amount_tax": 0,
            "amount_total": total,
            "amount_paid": total,
            "amount_return": 0,
            "is_refund": total < 0,
            "lines": [(0, 0, {**row, "is_total_cost_computed": False}) for row in rows],
            "payment_ids": [(0, 0, {"payment_method_id": method.id, "amount": total})],
            "state": "paid",
            "uuid": str(uuid4()),
            **values,
        }
    )
    order._compute_total_cost_in_real_time()  # what is known before goods move
    return order


def line_of(product, quantity, values=None):
    """Return the values of an untaxed line."""
    return {
        "name": f"Line {next(numbers)}",
        "full_product_name": product.name,
        "product_id": product.id,
        "qty": quantity,
        "price_unit": PRICE,
        "discount": 0,
        "tax_ids": [(6, 0, [])],
        "price_subtotal": PRICE * quantity,
        "price_subtotal_incl": PRICE * quantity,
        **(values or {}),
    }


def make_ticket(register, lines, day=None, **values):
    """Create an order and the ticket that it came from; its goods were not asked for yet."""
    day = day or make_day(register)
    order = make_order(register, lines, day, **values)
    return register.env["retail.pos.ticket"].create(
        {
            "backend_id": register.backend_id.id,
            "external_id": f"ticket-{next(numbers)}-{uuid4().hex[:6]}",
            "number": order.name,
            "odoo_id": order.id,
            "register_id": register.id,
            "day_id": day.id,
            "currency_id": order.currency_id.id,
            "amount_total": order.amount_total,
        }
    )


def sell(register, *lines, **values):
    """Create a ticket and ask for its goods, as the importer does."""
    ticket = make_ticket(register, lines, **values)
    register.env["retail.pos.stock"]._note(ticket)
    return ticket


def run_lane(warehouse):
    """Do what the warehouse's lane does until nothing is left; return the number of chunks."""
    lane, chunks = warehouse.env["retail.reservation"], 0
    while lane._try_chunk(warehouse.id):
        chunks += 1
    return chunks


# Odoo's own point of sale


def open_session(config, cashier):
    """Open a session of Odoo's own."""
    config.with_user(cashier).open_ui()
    session = config.current_session_id
    session.with_user(cashier).set_opening_control(0, None)
    return session


def sell_in_odoo(session, cashier, *lines, **values):
    """Let Odoo's own screen send a paid order; return it."""
    rows = [line_of(*line) for line in lines]
    total = sum(row["price_subtotal_incl"] for row in rows)
    method = session.config_id.payment_method_ids.filtered("is_cash_count")[:1]
    order = {
        "amount_paid": total,
        "amount_return": 0,
        "amount_tax": 0,
        "amount_total": total,
        "date_order": fields.Datetime.to_string(fields.Datetime.now()),
        "fiscal_position_id": False,
        "pricelist_id": session.config_id.pricelist_id.id,
        "lines": [(0, 0, {**row, "uuid": str(uuid4()), "pack_lot_ids": row.get("pack_lot_ids", [])})
                  for row in rows],
        "name": f"Order {next(numbers)}",
        "partner_id": False,
        "session_id": session.id,
        "payment_ids": [(0, 0, {
            "amount": total, "name": fields.Datetime.to_string(fields.Datetime.now()),
            "payment_method_id": method.id})],
        "uuid": str(uuid4()),
        "user_id": cashier.id,
        "to_invoice": False,
        "state": "paid",
        "is_refund": total < 0,
        **values,
    }  # fmt: skip
    orders = session.env["pos.order"].with_user(cashier).with_company(session.company_id)
    answer = orders.sync_from_ui([order])
    return session.env["pos.order"].browse(answer["pos.order"][0]["id"])
