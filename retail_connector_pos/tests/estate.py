"""A company with stores, registers and stock, in any environment (also a committed one)."""

from itertools import count
from uuid import uuid4

from odoo.addons.retail_connector_base.tests.spare_company import create_company

numbers = count(1)


def make_company(env, name="Stores", currency="EUR", country="de", make=create_company):
    """Return a company with the generic chart of accounts that moves stock at closing."""
    company = make(env, name)
    env.user.company_ids += company
    # After the chart: a new company with a country gets that country's own at the commit.
    company.country_id = env.ref(f"base.{country}")
    company.write(
        {
            "currency_id": activate(env, currency).id,
            "account_fiscal_country_id": company.country_id.id,
            "point_of_sale_update_stock_quantities": "closing",
        }
    )
    return company


def activate(env, *names):
    """Return currencies by name, active."""
    currencies = env["res.currency"].with_context(active_test=False)
    found = currencies.search([("name", "in", names)])
    found.active = True
    return found


def make_backend(env, company, **values):
    """Create a running backend that speaks the canonical API."""
    defaults = {"name": f"Estate {uuid4().hex[:8]}", "provider": "canonical", "state": "running"}
    return env["retail.backend"].create({**defaults, "company_id": company.id, **values})


def make_tax(env, company, percent=19, included=True, **values):
    """Create a sale tax of the company, booked to its own account of taxes."""
    here = {"company_id": company.id, "country_id": company.account_fiscal_country_id.id}
    groups = env["account.tax.group"]
    group = groups.search([(name, "=", value) for name, value in here.items()], limit=1)
    group = group or groups.create({"name": "VAT", **here})
    return env["account.tax"].create(
        {
            "name": f"{percent} % {'incl' if included else 'excl'}",
            "amount": percent,
            "amount_type": "percent",
            "type_tax_use": "sale",
            "price_include_override": "tax_included" if included else "tax_excluded",
            "tax_group_id": group.id,
            **here,
            **values,
        }
    )


def make_warehouse(env, company, name=None):
    """Create a warehouse: a store's own stock."""
    code = f"W{next(numbers)}{uuid4().hex[:3]}"[:5].upper()
    values = {"name": name or f"Store {code}", "code": code, "company_id": company.id}
    return env["stock.warehouse"].create(values)


def make_journal(env, company, kind, name, currency=None):
    """Create a journal, in a currency of its own where one is given."""
    code = uuid4().hex[:5].upper()
    values = {"name": name, "code": code, "type": kind, "company_id": company.id}
    if currency and currency != company.currency_id:
        values["currency_id"] = currency.id
    return env["account.journal"].create(values)


def make_method(env, company, kind, name, currency=None, **values):
    """Create a payment method: ``cash`` or ``bank`` with a journal of its own, else on account."""
    journal = kind in ("cash", "bank") and make_journal(env, company, kind, name, currency)
    values = {"name": name, "company_id": company.id, **values}
    return env["pos.payment.method"].create({**values, "journal_id": journal and journal.id})


def make_config(env, company, warehouse, card, name=None, currency=None, **values):
    """Create a point of sale with a cash drawer of its own that also takes ``card`` methods."""
    name = name or f"Register {next(numbers)}"
    currency = currency or company.currency_id
    drawer = make_method(env, company, "cash", f"Cash {name}", currency)
    sales = make_journal(env, company, "sale", f"Sales {name}", currency)
    foreign = currency != company.currency_id
    pricelist = env["product.pricelist"].create(
        {"name": f"{currency.name} {name}", "currency_id": currency.id, "company_id": company.id}
    )
    prices = {"use_pricelist": True, "pricelist_id": pricelist.id}
    return env["pos.config"].create(
        {
            "name": name,
            "company_id": company.id,
            "warehouse_id": warehouse.id,
            "picking_type_id": warehouse.pos_type_id.id,
            "journal_id": sales.id,
            "invoice_journal_id": sales.id,
            "payment_method_ids": [(6, 0, (drawer | card).ids)],
            **({**prices, "available_pricelist_ids": [(6, 0, pricelist.ids)]} if foreign else {}),
            **values,
        }
    )


def make_store(backend, external_id, warehouse, **values):
    """Create a store of the estate, bound to a warehouse."""
    return backend.env["retail.pos.store"].create(
        {
            "backend_id": backend.id,
            "external_id": external_id,
            "name": f"Store {external_id}",
            "odoo_id": warehouse.id,
            **values,
        }
    )


def make_register(store, external_id, config, **values):
    """Create a register of a store, bound to a point of sale; ``external_id`` is its own part."""
    registers = store.env["retail.pos.register"]
    return registers.create(
        {
            "backend_id": store.backend_id.id,
            "external_id": registers._key(store.external_id, external_id),
            "name": f"Register {external_id}",
            "store_id": store.id,
            "odoo_id": config.id,
            **values,
        }
    )


def map_tender(backend, word, method):
    """Say which payment method a register's word is."""
    return backend.env["retail.mapping"].create(
        {
            "backend_id": backend.id,
            "kind": "pos_tender",
            "external_key": word,
            "pos_payment_method_id": method.id,
        }
    )


def make_product(env, company, sku, stock=None, location=None, cost=4.0, **values):
    """Create a storable product with ``stock`` units at a location."""
    product = (
        env["product.product"]
        .with_company(company)
        .create(
            {
                "name": f"Product {sku}",
                "default_code": sku,
                "is_storable": True,
                "available_in_pos": True,
                "lst_price": 11.9,
                "standard_price": cost,
                "taxes_id": [(5,)],
                "company_id": company.id,
                **values,
            }
        )
    )
    if stock:
        env["stock.quant"]._update_available_quantity(product, location, stock)
    return product


def make_cashier(env, company, **values):
    """Create somebody who may run Odoo's own point of sale (the superuser must not open one)."""
    groups = ["point_of_sale.group_pos_manager", "account.group_account_invoice"]
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": "Cashier",
                "login": f"cashier-{uuid4().hex[:8]}",
                "company_id": company.id,
                "company_ids": [(6, 0, company.ids)],
                "group_ids": [(4, env.ref(group).id) for group in groups],
                **values,
            }
        )
    )
