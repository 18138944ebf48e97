"""Canonical orders as tests need them, and how they get into Odoo."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from itertools import count

from odoo.addons.retail_connector_base.canonical import (
    Address,
    Customer,
    MoneySet,
    Order,
    OrderLine,
    PayableMoneySet,
    PaymentState,
    ShippingLine,
    TaxLine,
)
from odoo.addons.retail_connector_base.decisions.outcome import InboundItem
from odoo.addons.retail_connector_base.decisions.problem import ItemFailures
from odoo.addons.retail_connector_base.tests.common import BackendCase

START = datetime(2026, 5, 4, 9, 30, tzinfo=timezone.utc)
BERLIN = Address(
    name="Ada Lovelace", street="Unter den Linden 1", city="Berlin", zip="10117", country_code="DE"
)
numbers = count(1)


def money(amount, currency="EUR"):
    """Return the same amount in both currencies of the order."""
    return MoneySet.single(Decimal(str(amount)), currency)


def tax(rate, amount, title="VAT", currency="EUR", **values):
    """Return a tax line; ``rate`` is a fraction."""
    return TaxLine(title=title, rate=Decimal(str(rate)), amount=money(amount, currency), **values)


def line(sku="A", quantity=1, price="10.00", discount=0, taxes=(), currency="EUR", **values):
    """Return a line of an order."""
    quantity = Decimal(str(quantity))
    defaults = {
        "external_id": f"L{next(numbers)}",
        "title": f"Thing {sku}",
        "sku": sku,
        "variant_external_id": f"V-{sku}",
        "ordered_quantity": quantity,
    }
    return OrderLine(
        **{**defaults, **values},
        quantity=quantity,
        unit_price=money(price, currency),
        discount=money(discount, currency),
        taxes=tuple(taxes),
    )


def charge(price, discount=0, taxes=(), currency="EUR"):
    """Return a shipping charge."""
    return ShippingLine(
        external_id=f"S{next(numbers)}",
        title="Standard",
        price=money(price, currency),
        discount=money(discount, currency),
        taxes=tuple(taxes),
    )


def custom(kind, price, taxes=(), **values):
    """Return a line that is no goods."""
    return line(sku=None, price=price, taxes=taxes, kind=kind, variant_external_id=None, **values)


def order(*lines, shipping=(), total, total_tax=0, currency="EUR", minutes=0, **values):
    """Return an order; ``minutes`` after the start is its version."""
    number = next(numbers)
    defaults = {
        "external_id": f"O{number}",
        "name": f"#{1000 + number}",
        "updated_at": START + timedelta(minutes=minutes),
        "placed_at": START,
        "local_date": START.date(),
        "currency": currency,
        "presentment_currency": currency,
        "taxes_included": False,
        "billing_address": BERLIN,
        "shipping_address": BERLIN,
        "payment_state": PaymentState.PAID,
    }
    return Order(
        **{**defaults, **values},
        lines=lines,
        shipping_lines=tuple(shipping),
        total=PayableMoneySet.single(Decimal(str(total)), currency),
        total_tax=PayableMoneySet.single(Decimal(str(total_tax)), currency),
    )


def customer(external_id="C1", **values):
    """Return a customer whose e-mail the channel proved."""
    defaults = {"email": "ada@example.com", "email_verified": True, "first_name": "Ada"}
    return Customer(external_id=external_id, **{**defaults, **values})


def changed(message, minutes=1, **values):
    """Return a later state of a message."""
    at = (message.updated_at or START) + timedelta(minutes=minutes)
    return message.model_copy(update={"updated_at": at, **values})


def item(message, message_id=None):
    """Return a message on its way into Odoo."""
    return InboundItem(
        message_id=message_id or next(numbers),
        canonical=message,
        topic="orders/updated",
        observed_at=message.version,
        content_hash=message.content_hash(),
        correlation_id=f"correlation-{message.external_id}",
    )


def run_import(backend, *messages):
    """Import messages as the inbox does: what fails is left out and the others are run again.

    Return (results, failures), both by external id.
    """
    items, failures = [item(message) for message in messages], {}
    context = {"allowed_company_ids": backend.company_id.ids, "retail_import": True}
    importer = backend.env[f"retail.importer.{messages[0].kind}"].with_user(backend.user_id).sudo()
    importer = importer.with_company(backend.company_id).with_context(**context)
    while items:
        try:
            with backend.env.cr.savepoint():
                results = importer._import_batch(backend.with_env(importer.env), items)
        except ItemFailures as failed:
            failures |= failed.failures
            items = [one for one in items if one.message_id not in failed.failures]
        else:
            names = {one.message_id: one.canonical.external_id for one in items}
            break
    else:
        results, names = {}, {}
    return {names[key]: value for key, value in results.items()}, failures


class OrderCase(BackendCase):
    """A shop in EUR with products A, B and C in stock and German taxes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {
                "name": "Shop",
                "currency_id": cls.env.ref("base.EUR").id,
                "country_id": cls.env.ref("base.de").id,
            }
        )
        cls.env.ref("base.EUR").active = True
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.env.user.company_ids += cls.company
        cls.tax_group = cls.env["account.tax.group"].create(
            {"name": "VAT", "company_id": cls.company.id, "country_id": cls.company.country_id.id}
        )
        cls.backend = cls.backend.create(
            {
                "name": "Sample 2",
                "provider": "sample",
                "state": "running",
                "company_id": cls.company.id,
            }
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.products = {sku: cls.make_product(sku) for sku in "ABC"}

    @classmethod
    def make_product(cls, sku, stock=100, **values):
        """Create a product with stock."""
        product = cls.env["product.product"].create(
            {
                "name": f"Product {sku}",
                "default_code": sku,
                "is_storable": True,
                "invoice_policy": "order",
                **values,
            }
        )
        cls.env["stock.quant"]._update_available_quantity(
            product, cls.warehouse.lot_stock_id, stock
        )
        return product

    @classmethod
    def make_tax(cls, percent, included=False, **values):
        """Create a sale tax of the company."""
        return cls.env["account.tax"].create(
            {
                "name": f"{percent} % {'incl' if included else 'excl'}",
                "amount": percent,
                "amount_type": "percent",
                "type_tax_use": "sale",
                "price_include_override": "tax_included" if included else "tax_excluded",
                "company_id": cls.company.id,
                "country_id": cls.company.country_id.id,
                "tax_group_id": cls.tax_group.id,
                **values,
            }
        )

    def run_import(self, *messages):
        """Import messages; see ``run_import``."""
        return run_import(self.backend, *messages)

    def imported(self, message):
        """Import one message that must come through; return its sale order."""
        _results, failures = self.run_import(message)
        for failure in failures.values():
            problem = getattr(failure, "problem", None)
            self.fail(f"{problem.code}: {problem.comparison}" if problem else failure)
        return self.binding(message).odoo_id

    def problem_of(self, message):
        """Import one message that must fail; return its problem."""
        results, failures = self.run_import(message)
        self.assertFalse(results, "it was imported")
        (failure,) = failures.values()
        return failure.problem

    def binding(self, message):
        """Return the binding of an order."""
        return self.env["retail.order.binding"].search(
            [("backend_id", "=", self.backend.id), ("external_id", "=", message.external_id)]
        )

    def assertTotals(self, sale, untaxed, tax):
        """Check an order's stored amounts."""
        currency = sale.currency_id
        found = [currency.round(sale.amount_untaxed), currency.round(sale.amount_tax)]
        self.assertEqual([f"{a:.{currency.decimal_places}f}" for a in found], [untaxed, tax])
