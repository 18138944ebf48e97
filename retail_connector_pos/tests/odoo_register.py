"""Odoo's own register: what its user interface sends for a sale, and how it ends a session."""

from odoo import fields

from . import estate


def open_session(config, cashier):
    """Open a session of a point of sale as its own user does; the superuser must not."""
    config.with_user(cashier).open_ui()
    session = config.with_user(cashier).current_session_id
    session.set_opening_control(0, None)
    return session


def close_session(session, counted=None):
    """Close a session with all the cash that should be there, as the interface does."""
    session.invalidate_recordset()
    expected = session.cash_register_balance_end
    session.post_closing_cash_details(expected if counted is None else counted)
    answer = session.action_pos_session_closing_control()
    if session.state != "closed":
        raise AssertionError(f"the session is {session.state}: {answer}")
    return session


def ui_order(session, message, products, taxes, methods, partner=None):
    """Return what the interface sends for the sale that a canonical ticket tells of.

    ``products`` by SKU, ``taxes`` by (percent, included), ``methods`` by the ticket's words. The
    amounts are those that the interface computes, by the engine that is its mirror.
    """
    lines = [_ui_line(message, line, products, taxes) for line in message.lines]
    if message.tip:
        tip = session.config_id.tip_product_id
        lines.append(_line(tip, taxes[19, True].browse(), 1.0, float(message.tip), 0.0, "Tip"))
    base_lines = _base_lines(session, lines)
    total = sum(
        line["tax_details"]["total_excluded_currency"]
        + line["tax_details"]["delta_total_excluded_currency"]
        for line in base_lines
    )
    tax = sum(
        data["tax_amount_currency"] for line in base_lines
        for data in line["tax_details"]["taxes_data"]
    )  # fmt: skip
    currency = session.currency_id
    is_refund = message.total < 0
    sign = -1 if is_refund else 1
    for values, base_line in zip(lines, base_lines, strict=True):
        details = base_line["tax_details"]
        values["price_subtotal"] = currency.round(details["total_excluded_currency"] * sign)
        values["price_subtotal_incl"] = currency.round(details["total_included_currency"] * sign)
    change = sum(t.amount for t in message.tenders if t.amount < 0 and message.total >= 0)
    paid = [t for t in message.tenders if t.amount > 0 or message.total < 0]
    date = fields.Datetime.to_string(message.sold_at.replace(tzinfo=None))
    return {
        "uuid": f"ui-{message.external_id}",
        "name": "/",
        "session_id": session.id,
        "pricelist_id": session.config_id.pricelist_id.id,
        "fiscal_position_id": False,
        "user_id": session.env.uid,
        "partner_id": partner.id if partner else False,
        "date_order": date,
        "pos_reference": message.number,
        "tracking_number": f"{(message.sequence or 0) % 1000:03d}",
        "sequence_number": message.sequence or 0,
        "state": "paid",
        "to_invoice": False,
        "is_refund": is_refund,
        "is_tipped": bool(message.tip),
        "tip_amount": float(message.tip),
        "amount_total": currency.round(total + tax),
        "amount_tax": currency.round(tax),
        "amount_paid": currency.round(float(sum(t.amount for t in paid))),
        "amount_return": float(change),
        "lines": [(0, 0, values) for values in lines],
        "payment_ids": [
            (
                0,
                0,
                {
                    "amount": float(tender.amount),
                    "payment_method_id": methods[tender.method].id,
                    "payment_date": date,
                    "uuid": f"ui-{message.external_id}-{tender.external_id}",
                },
            )
            for tender in paid
        ],
    }


def _ui_line(message, line, products, taxes):
    gross = line.unit_price * line.quantity
    percent = float(line.discount / gross * 100) if line.discount else 0.0
    found = taxes[19, True].browse()
    for tax in line.taxes:
        found |= taxes[int(tax.rate * 100), message.taxes_included]
    product = products[line.sku]
    return _line(product, found, float(line.quantity), float(line.unit_price), percent, line.title)


def _line(product, taxes, quantity, price, discount, name):
    return {
        "product_id": product.id,
        "full_product_name": name,
        "qty": quantity,
        "price_unit": price,
        "discount": discount,
        "tax_ids": [(6, 0, taxes.ids)],
        "pack_lot_ids": [],
    }


def _base_lines(session, lines):
    engine, company = session.env["account.tax"], session.company_id
    base_lines = [
        engine._prepare_base_line_for_taxes_computation(
            {},
            currency_id=session.currency_id,
            product_id=session.env["product.product"].browse(line["product_id"]),
            tax_ids=engine.browse(line["tax_ids"][0][2]),
            quantity=line["qty"],
            price_unit=line["price_unit"],
            discount=line["discount"],
            is_refund=line["qty"] * line["price_unit"] < 0,
        )
        for line in lines
    ]
    engine._add_tax_details_in_base_lines(base_lines, company)
    engine._round_base_lines_tax_details(base_lines, company)
    return base_lines


def sync(session, orders):
    """Send orders as the interface does, one by one; return them."""
    found = session.env["pos.order"]
    for order in orders:
        answer = found.sync_from_ui([order])
        found |= found.browse([row["id"] for row in answer["pos.order"]])
    return found


def make_cashier(env, company):
    """Create who runs Odoo's own register."""
    return estate.make_cashier(env, company)
