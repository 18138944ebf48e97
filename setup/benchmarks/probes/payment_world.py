"""A company with a booked gateway, its payments and payouts, for measuring."""

from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from itertools import count

from odoo import api

from odoo.addons.retail_connector_base.canonical import (
    BalanceCategory,
    BalanceTransaction,
    Money,
    Payout,
    PayoutState,
)
from odoo.addons.retail_connector_base.decisions.outcome import InboundItem
from odoo.addons.retail_connector_payment.decisions.ledger import Role
from odoo.addons.retail_connector_payment.models.retail_gateway import RECONCILED, ROLE_FIELDS

AT = datetime(2026, 5, 4, 9, 30, tzinfo=timezone.utc)
ARRIVAL = date(2026, 5, 7)
TYPES = {
    Role.FEE: "expense",
    Role.DISPUTE_FEE: "expense",
    Role.LOSS: "expense",
    Role.ADJUSTMENT: "expense",
    Role.LABEL: "expense",
    Role.DUTY: "expense",
    Role.EXCHANGE_GAIN: "income_other",
    Role.EXCHANGE_LOSS: "expense",
    Role.UNMATCHED: "liability_current",
}
numbers = count(1)


@dataclass(frozen=True)
class World:
    """What is measured in: ids, since each measurement has an environment of its own."""

    company_id: int
    backend_id: int
    gateway_id: int
    foreign: str

    def gateway(self, env: api.Environment):
        """Return the gateway as its lane works on it."""
        return env["retail.ledger"]._working(self.gateway_id)


def found_world(env: api.Environment) -> World:
    """Give the oldest company a gateway that is booked, and another currency with two rates."""
    company = env["res.company"].search([], order="id", limit=1)
    backend = env["retail.backend"].create(
        {
            "name": "Gateway",
            "provider": "canonical",
            "state": "running",
            "company_id": company.id,
        }
    )
    gateway = env["retail.gateway"]._of(backend, [None])[None]
    gateway.write(
        {
            "journal_id": _journal(env, company).id,
            "booking": "here",
            "match_patience": 0,
            **_accounts(env, company),
        }
    )
    return World(company.id, backend.id, gateway.id, _foreign(env, company))


def _journal(env: api.Environment, company):
    values = {"name": "Gateway", "code": "GATE", "type": "general", "company_id": company.id}
    return env["account.journal"].create(values)


def _accounts(env: api.Environment, company) -> dict[str, int]:
    accounts = env["account.account"].with_company(company)
    return {
        field: accounts.create(
            {
                "name": f"Gateway {role.value}",
                "code": f"99{index:03d}",
                "account_type": TYPES.get(role, "asset_current"),
                "reconcile": role in RECONCILED,
            }
        ).id
        for index, (role, field) in enumerate(ROLE_FIELDS.items())
    }


def _foreign(env: api.Environment, company) -> str:
    """Return a currency that is worth something else when the payout arrives."""
    name = "GBP" if company.currency_id.name != "GBP" else "USD"
    currency = env["res.currency"].with_context(active_test=False).search([("name", "=", name)])
    currency.active = True
    for rate, day in ((1.25, "2026-01-01"), (1.20, "2026-05-06")):
        env["res.currency.rate"].create(
            {"currency_id": currency.id, "company_id": company.id, "name": day, "rate": rate}
        )
    return name


def note_payments(env: api.Environment, world: World, currency: str, amount: int) -> list[str]:
    """Note so many charges that are not posted yet; return their ids at the gateway."""
    found = env["res.currency"].search([("name", "=", currency)])
    keys = [f"ch_{next(numbers)}" for _number in range(amount)]
    row = {
        "gateway_id": world.gateway_id,
        "backend_id": world.backend_id,
        "company_id": world.company_id,
        "category": BalanceCategory.CHARGE.value,
        "currency_id": found.id,
        "occurred_at": "2026-05-04 09:30:00",
    }
    env["retail.ledger.entry"]._note(
        [
            {**row, "external_id": key, "amount": float(price(number))}
            for number, key in enumerate(keys)
        ]
    )
    return keys


def price(number: int) -> Decimal:
    """Return a price; which one does not matter to the time it takes."""
    return Decimal(1000 + number % 9973) / 100


def payout_of(keys: list[str], currency: str) -> Payout:
    """Return the message of a payout that settles these charges."""
    lines = tuple(_line(number, key, currency) for number, key in enumerate(keys))
    total = sum((line.net for line in lines), Decimal(0))
    return Payout(
        external_id=f"po_{next(numbers)}",
        state=PayoutState.PAID,
        amount=Money(amount=total, currency=currency),
        created_at=AT,
        arrival_date=ARRIVAL,
        transactions=lines,
        updated_at=AT,
    )


def _line(number: int, key: str, currency: str) -> BalanceTransaction:
    gross = price(number)
    fee = (gross * Decimal("0.029")).quantize(Decimal("0.01")) + Decimal("0.30")
    return BalanceTransaction(
        external_id=f"txn_{key}",
        category=BalanceCategory.CHARGE,
        vendor_type="charge",
        gross=Money(amount=gross, currency=currency),
        fee=fee,
        net=gross - fee,
        payment_external_id=key,
        occurred_at=AT,
    )


def item(message: Payout) -> InboundItem:
    """Return a message on its way into Odoo."""
    return InboundItem(
        message_id=next(numbers),
        canonical=message,
        topic="payouts",
        observed_at=message.version,
        content_hash=message.content_hash(),
        correlation_id=message.external_id,
    )
