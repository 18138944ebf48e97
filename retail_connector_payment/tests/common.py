"""A company with accounts, a gateway that is booked, and what happens at it.

The functions work in any environment (also in one that is really committed); ``PaymentCase`` has
them for tests in one transaction.
"""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from itertools import count
from uuid import uuid4

from odoo import fields
from odoo.tests import TransactionCase
from odoo.tests.common import get_db_name

from odoo.addons.retail_connector_base.canonical import (
    Money,
    Payment,
    PaymentKind,
    TransactionState,
)
from odoo.addons.retail_connector_base.decisions.outcome import InboundItem
from odoo.addons.retail_connector_base.decisions.problem import ItemFailures
from odoo.addons.retail_connector_base.tests.spare_company import (
    create_company,
    leave_spare,
    take_spare,
)

from ..decisions.ledger import Role
from ..models.retail_gateway import RECONCILED, ROLE_FIELDS

START = datetime(2026, 5, 4, 9, 30, tzinfo=timezone.utc)
ACCOUNT_TYPES = {
    Role.CLEARING: "asset_current",
    Role.UNMATCHED: "liability_current",
    Role.FEE: "expense",
    Role.FEE_TAX: "asset_current",
    Role.DISPUTE: "asset_current",
    Role.DISPUTE_FEE: "expense",
    Role.LOSS: "expense",
    Role.RESERVE: "asset_current",
    Role.ADJUSTMENT: "expense",
    Role.LABEL: "expense",
    Role.DUTY: "expense",
    Role.TRANSIT: "asset_current",
    Role.EXCHANGE_GAIN: "income_other",
    Role.EXCHANGE_LOSS: "expense",
}
numbers = count(1)


# The company and its gateway


def make_company(env, name="Payments", currency="EUR", make=create_company):
    """Return a company with the generic chart of accounts; ``currency`` is its own."""
    company = make(env, name)
    env.user.company_ids += company
    company.currency_id = activate(env, currency)
    return company


def activate(env, *names):
    """Return currencies by name, active."""
    currencies = env["res.currency"].with_context(active_test=False)
    found = currencies.search([("name", "in", names)])
    found.active = True
    return found


def set_rate(env, company, currency, per_unit, day="2026-01-01"):
    """Say how many units of a currency one unit of the company's currency is worth from a day."""
    return env["res.currency.rate"].create(
        {
            "currency_id": activate(env, currency).id,
            "company_id": company.id,
            "name": day,
            "rate": per_unit,
        }
    )


def make_backend(env, company, **values):
    """Create a running backend that speaks the canonical API."""
    defaults = {"name": f"Gateway {uuid4().hex[:8]}", "provider": "canonical", "state": "running"}
    return env["retail.backend"].create({**defaults, "company_id": company.id, **values})


def make_accounts(env, company):
    """Create an account for each role of a gateway; return their ids by the gateway's field."""
    accounts = env["account.account"].with_company(company)
    return {
        ROLE_FIELDS[role]: accounts.create(
            {
                "name": f"Gateway {role.value} {number}",
                "code": f"9{number:02d}{index:02d}",
                "account_type": kind,
                "reconcile": role in RECONCILED,
            }
        ).id
        for number in [next(numbers)]
        for index, (role, kind) in enumerate(ACCOUNT_TYPES.items())
    }


def book_here(gateway, match_patience=0):
    """Give a gateway a journal and an account for each role, and let it be booked.

    Payments without an order do not wait for it, unless ``match_patience`` (seconds) says so.
    """
    env, company = gateway.env, gateway.company_id
    journal = env["account.journal"].create(
        {
            "name": f"Gateway {gateway.id}",
            "code": f"G{gateway.id}"[:5],
            "type": "general",
            "company_id": company.id,
        }
    )
    accounts = make_accounts(env, company)
    gateway.sudo().write(
        {"journal_id": journal.id, "booking": "here", "match_patience": match_patience, **accounts}
    )
    return gateway


def make_gateway(backend, name=None, booked=True):
    """Return the gateway of a name (the backend's own one without), booked unless told not to."""
    gateway = backend.env["retail.gateway"]._of(backend, [name])[name]
    return book_here(gateway) if booked else gateway


# Orders


def make_product(env, company, **values):
    """Create a service without taxes that is invoiced as it is ordered."""
    income = env["account.account"].search(
        [("account_type", "=", "income"), ("company_ids", "in", company.ids)], limit=1
    )
    return (
        env["product.product"]
        .with_company(company)
        .create(
            {
                "name": "Thing",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [],
                "property_account_income_id": income.id,
                **values,
            }
        )
    )


def make_pricelist(env, company, currency):
    """Return a price list in a currency."""
    return env["product.pricelist"].create(
        {
            "name": f"{currency} {next(numbers)}",
            "currency_id": activate(env, currency).id,
            "company_id": company.id,
        }
    )


def make_order(
    backend, product, amount="100.00", currency="EUR", partner=None, quantity=1, **values
):
    """Create a confirmed sale order of one line and its binding; return the binding.

    ``amount`` is that of one unit. ``values`` are the binding's, e.g. its external id.
    """
    companies = {"allowed_company_ids": backend.company_id.ids}
    env = backend.env(context={**backend.env.context, **companies})
    partner = partner or env["res.partner"].create({"name": f"Customer {next(numbers)}"})
    line = {"product_id": product.id, "product_uom_qty": quantity, "price_unit": float(amount)}
    sale = env["sale.order"].create(
        {
            "partner_id": partner.id,
            "company_id": backend.company_id.id,
            "pricelist_id": make_pricelist(env, backend.company_id, currency).id,
            "order_line": [(0, 0, {**line, "tax_ids": []})],
        }
    )
    sale.action_confirm()
    number = f"O{next(numbers)}-{uuid4().hex[:6]}"
    return env["retail.order.binding"].create(
        {
            "backend_id": backend.id,
            "external_id": number,
            "name": f"#{number}",
            "odoo_id": sale.id,
            "state": "confirmed",
            "currency_id": sale.currency_id.id,
            "amount_total": sale.amount_total,
            **values,
        }
    )


# Messages


def payment_message(amount="100.00", currency="EUR", order=None, minutes=0, **values):
    """Return a payment that succeeded; ``order`` is a binding, ``minutes`` after the start."""
    at = START + timedelta(minutes=minutes)
    defaults = {
        "external_id": f"P{next(numbers)}-{uuid4().hex[:6]}",
        "order_external_id": order.external_id if order else None,
        "payment_kind": PaymentKind.SALE,
        "state": TransactionState.SUCCESS,
        "amount": Money(amount=Decimal(str(amount)), currency=currency),
        "processed_at": at,
        "updated_at": at,
    }
    return Payment(**{**defaults, **values})


def item(message):
    """Return a message on its way into Odoo."""
    return InboundItem(
        message_id=next(numbers),
        canonical=message,
        topic=f"api/{message.kind}s",
        observed_at=message.version,
        content_hash=message.content_hash(),
        correlation_id=f"correlation-{message.external_id}",
    )


def run_import(backend, *messages):
    """Import messages one by one, each as the inbox does it.

    Return (results, failures), both by external id; of an entity's messages the last one's.
    """
    results, failures = {}, {}
    for message in messages:
        one, name = item(message), message.external_id
        importer = importer_of(backend, message.kind)
        try:
            with backend.env.cr.savepoint():
                done = importer._import_batch(backend.with_env(importer.env), [one])
        except ItemFailures as failed:
            failures[name] = failed.failures[one.message_id]
        else:
            results[name] = done[one.message_id]
    return results, failures


def importer_of(backend, kind):
    """Return the importer of a kind, as the inbox runs it."""
    context = {"allowed_company_ids": backend.company_id.ids, "retail_import": True}
    importer = backend.env[f"retail.importer.{kind}"].with_user(backend.user_id).sudo()
    return importer.with_company(backend.company_id).with_context(**context)


def run_lane(gateway, most=100):
    """Post and settle what a gateway's lane owes, in this transaction; return how many chunks."""
    gateway.env.flush_all()
    ledger = gateway.env["retail.ledger"].with_user(gateway.backend_id.user_id).sudo()
    for done in range(most):
        if not ledger._try_chunk(gateway.id):
            gateway.env.flush_all()
            gateway.env.invalidate_all()
            return done
    raise AssertionError(f"the lane of {gateway.name} does not come to an end")


class PaymentCase(TransactionCase):
    """A company in EUR with accounts, a canonical backend and its gateway, booked."""

    @classmethod
    def setUpClass(cls):
        leave_spare(get_db_name())
        super().setUpClass()
        cls.company = make_company(cls.env, make=take_spare)
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.company = cls.company.with_env(cls.env)
        cls.backend = make_backend(cls.env, cls.company)
        cls.gateway = make_gateway(cls.backend)
        cls.product = make_product(cls.env, cls.company)
        cls.partner = cls.env["res.partner"].create({"name": "Ada Lovelace"})

    # What happens

    def order(self, amount="100.00", currency="EUR", **values):
        """Return the binding of a confirmed order; see ``make_order``."""
        return make_order(self.backend, self.product, amount, currency, **values)

    def payment_message(self, amount="100.00", currency="EUR", order=None, **values):
        """Return a payment that succeeded; see the function of this name."""
        return payment_message(amount, currency, order, **values)

    def run_import(self, *messages):
        """Import messages; return (results, failures) by external id."""
        return run_import(self.backend, *messages)

    def drain(self, *messages):
        """Import messages that must all come through; return their results by external id."""
        results, failures = self.run_import(*messages)
        for failure in failures.values():
            problem = getattr(failure, "problem", None)
            raise AssertionError(f"{problem.code}: {problem.cause}") if problem else failure
        return results

    def post(self, gateway=None):
        """Post and settle what the gateway's lane owes; return how many chunks there were."""
        return run_lane(gateway or self.gateway)

    def note(self, amount, category="charge", currency="EUR", order=None, gateway=None, **values):
        """Write down what happened at the gateway (``amount`` is signed); return the entry."""
        gateway = gateway or self.gateway
        row = {
            "gateway_id": gateway.id,
            "backend_id": gateway.backend_id.id,
            "company_id": gateway.company_id.id,
            "category": category,
            "external_id": f"E{next(numbers)}",
            "currency_id": activate(self.env, currency).id,
            "amount": float(amount),
            "occurred_at": fields.Datetime.to_string(START.replace(tzinfo=None)),
            "order_binding_id": order.id if order else None,
        }
        return self.env["retail.ledger.entry"]._note([{**row, **values}])

    # What is seen

    def entries(self, **values):
        """Return the ledger entries of the gateway that have these values, in order of making."""
        domain = [("gateway_id.backend_id", "=", self.backend.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["retail.ledger.entry"].search(domain, order="id")

    def payment(self, message):
        """Return the stored payment of a message."""
        return self.env["retail.payment"]._by_external_id(self.backend, [message.external_id])[
            message.external_id
        ]

    def balance(self, role=Role.CLEARING, currency=None, gateway=None):
        """Return the posted balance of a role's account, in company or the given currency."""
        account = (gateway or self.gateway)._role_account(role)
        return account_balance(account, currency)

    def problems(self, state="open"):
        """Return the codes of the backend's exceptions in a state, sorted."""
        found = self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("state", "=", state)]
        )
        return sorted(found.mapped("code"))


def account_balance(account, currency=None):
    """Return an account's posted balance as text, e.g. "-12.50"; in a currency where given."""
    lines = account.env["account.move.line"].search(
        [("account_id", "=", account.id), ("parent_state", "=", "posted")]
    )
    if currency:
        lines = lines.filtered(lambda line: line.currency_id.name == currency)
        return as_text(sum(lines.mapped("amount_currency")), lines.currency_id)
    return as_text(sum(lines.mapped("balance")), account.env.company.currency_id)


def as_text(amount, currency):
    """Write an amount with the decimal places of its currency."""
    places = currency[:1].decimal_places if currency else 2
    text = f"{amount:.{places}f}"
    return text.lstrip("-") if not float(text) else text
