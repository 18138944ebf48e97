"""Not a measurement: an estate of stores and registers in the stage's company.

Ours or Odoo's own: for the baseline its registers are open, and stock moves in real time.
"""

from odoo import api
from odoo.modules.registry import Registry

from .timing import environment

RATE = 19
UNITS = 100_000


def measure(
    registry: Registry, product_ids: list[int], stores: int, registers: int, baseline: bool = False
) -> dict[str, list]:
    """Return a token of the canonical API and the currency of tickets, or for the baseline what
    each register sells with.

    ``stores`` have a warehouse each, and ``registers`` each.
    """
    with environment(registry) as env:
        company = env["res.company"].search([], order="id", limit=1)
        company.point_of_sale_update_stock_quantities = "real" if baseline else "closing"
        env = env(context={"allowed_company_ids": company.ids})
        company = company.with_env(env)
        tax = _tax(env, company)
        card = _method(env, company, "bank", "Card")
        houses = [_warehouse(env, company, number, product_ids) for number in range(stores)]
        configs = [
            (f"S{place}", f"R{number}", _config(env, company, house, card, f"S{place} R{number}"))
            for place, house in enumerate(houses)
            for number in range(registers)
        ]
        if baseline:
            return {"registers": _open(env, company, configs), "tax": [tax.id], "card": [card.id]}
        token = _connect(env, company, houses, configs, card)
        return {"token": [token], "currency": [company.currency_id.name]}


def _tax(env: api.Environment, company):
    group = env["account.tax.group"].search([("company_id", "=", company.id)], limit=1)
    return env["account.tax"].create(
        {
            "name": "VAT in the price",
            "amount": RATE,
            "type_tax_use": "sale",
            "price_include_override": "tax_included",
            "company_id": company.id,
            "country_id": company.account_fiscal_country_id.id,
            "tax_group_id": group.id,
        }
    )


def _warehouse(env: api.Environment, company, number: int, product_ids: list[int]):
    values = {"name": f"Store {number}", "code": f"ST{number}", "company_id": company.id}
    house = env["stock.warehouse"].create(values)
    quants = env["stock.quant"]
    for product in env["product.product"].browse(product_ids):
        quants._update_available_quantity(product, house.lot_stock_id, UNITS)
    return house


def _method(env: api.Environment, company, kind: str, name: str):
    code = name.replace(" ", "")[:5] if kind == "cash" else "PCARD"
    journal = env["account.journal"].create(
        {"name": name, "code": code, "type": kind, "company_id": company.id}
    )
    values = {"name": name, "journal_id": journal.id, "company_id": company.id}
    return env["pos.payment.method"].create(values)


def _config(env: api.Environment, company, house, card, name: str):
    drawer = _method(env, company, "cash", name)
    journal = env["account.journal"].search(
        [("type", "=", "sale"), ("company_id", "=", company.id)], limit=1
    )
    return env["pos.config"].create(
        {
            "name": name,
            "company_id": company.id,
            "warehouse_id": house.id,
            "picking_type_id": house.pos_type_id.id,
            "journal_id": journal.id,
            "invoice_journal_id": journal.id,
            "payment_method_ids": [(6, 0, (drawer | card).ids)],
        }
    )


# Ours


def _connect(env: api.Environment, company, houses, configs, card) -> str:
    """Tell a canonical backend what its stores, registers and tenders are; return a token."""
    backend = env["retail.backend"].create(
        {
            "name": "Estate",
            "provider": "canonical",
            "state": "running",
            "company_id": company.id,
        }
    )
    place = {"backend_id": backend.id}
    stores = {
        f"S{number}": env["retail.pos.store"].create(
            {**place, "external_id": f"S{number}", "odoo_id": house.id}
        )
        for number, house in enumerate(houses)
    }
    for store, register, config in configs:
        values = {"external_id": f"{store}:{register}", "odoo_id": config.id}
        env["retail.pos.register"].create({**place, **values, "store_id": stores[store].id})
    tender = {"kind": "pos_tender", "external_key": "card", "pos_payment_method_id": card.id}
    env["retail.mapping"].create({**place, **tender})
    client = env["retail.api.client"].create(
        {
            **place,
            "name": "Estate",
            "scope_ids": env["retail.api.scope"]._of(["pos-tickets:write"]).ids,
            "rate_per_minute": 1_000_000,
            "burst": 1_000_000,
        }
    )
    return env["retail.api.token"]._issue(client)[1]


# Odoo's own


def _open(env: api.Environment, company, configs) -> list[dict[str, int | str]]:
    """Open the registers as a real user: the superuser must not."""
    user = env["res.users"].create(
        {
            "name": "Cashier",
            "login": "bench-cashier",
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
            "group_ids": [(4, env.ref("point_of_sale.group_pos_manager").id)],
        }
    )
    found = []
    for store, register, config in configs:
        own = config.with_user(user)
        session = env["pos.session"].with_user(user).create({"config_id": config.id})
        session.set_opening_control(0, None)
        drawer = own.payment_method_ids.filtered("is_cash_count")
        found.append(
            {
                "store": store,
                "register": register,
                "user": user.id,
                "session": session.id,
                "cash": drawer.id,
            }
        )
    return found
