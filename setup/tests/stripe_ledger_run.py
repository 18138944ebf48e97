"""Runs stories of a Stripe account through the importers and the lane of a real Odoo.

Runs in Odoo's shell, in one transaction that is never committed. What jobs would do after a commit
(fetching what is missing) is done here, by the same provider, over HTTP.
"""

import json
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any
from unittest.mock import patch

from stripe_account import SECRET, parsed, provider
from stripe_books import Balances, Oracle
from stripe_story import CURRENCIES, Story

from odoo.addons.retail_connector_base.providers import RawRequest, ReceivedMessage
from odoo.addons.retail_connector_payment.decisions.ledger import Role
from odoo.addons.retail_connector_payment.models import retail_payout_settle
from odoo.addons.retail_connector_payment.tests import common

from simulator_stripe import StripeSimulator
from simulator_stripe.clock import Clock
from simulator_stripe.money import EUROS, Terms, amount_of
from simulator_stripe.webhooks import signature

# The books' names of accounts.
ROLES = {
    "clearing": Role.CLEARING, "transit": Role.TRANSIT, "fee": Role.FEE, "fee_tax": Role.FEE_TAX,
    "dispute": Role.DISPUTE, "dispute_fee": Role.DISPUTE_FEE, "loss": Role.LOSS,
    "reserve": Role.RESERVE, "adjustment": Role.ADJUSTMENT, "payments": Role.UNMATCHED,
}  # fmt: skip
EXCHANGE = (Role.EXCHANGE_GAIN, Role.EXCHANGE_LOSS)
# Of what was a success before it failed the list of what is there tells only the end.
LOST = ("charge.succeeded", "charge.captured", "charge.dispute", "payment_intent")
BALANCES = """
    SELECT line.account_id, account.account_type, currency.name, sum(line.amount_currency)::text
      FROM account_move_line line JOIN res_currency currency ON currency.id = line.currency_id
      JOIN account_account account ON account.id = line.account_id
     WHERE line.company_id = %s AND line.parent_state = 'posted' AND line.journal_id = %s
     GROUP BY 1, 2, 3
"""
UNBALANCED = """
    SELECT line.move_id FROM account_move_line line WHERE line.company_id = %s
     GROUP BY line.move_id HAVING sum(line.balance) <> 0
"""
# What is left over by exchange, and by what it is caused: items in other currencies.
EXCHANGED = """
    SELECT coalesce(sum(line.balance) FILTER (WHERE line.account_id = ANY(%(exchange)s)), 0)::text,
           coalesce(sum(abs(line.balance)) FILTER (WHERE line.currency_id <> %(own)s), 0)::text,
           count(*) FILTER (WHERE line.currency_id <> %(own)s)
      FROM account_move_line line WHERE line.journal_id = %(journal)s
       AND line.parent_state = 'posted'
"""
# The rates of the company are at most so far from those of the gateway.
RATES_DIFFER = Decimal("0.03")
# What the clearing account holds in company currency, and the open entries' share of it.
WORTH = """
    SELECT coalesce((SELECT sum(balance) FROM account_move_line
                      WHERE account_id = %(account)s AND parent_state = 'posted'), 0)
           - coalesce((SELECT sum(line.balance) FROM retail_ledger_entry entry
                         JOIN account_move_line line ON line.id = entry.clearing_line_id
                        WHERE entry.gateway_id = %(gateway)s AND entry.state = 'posted'), 0)
"""


class Company:
    """A company whose gateway is booked, and where it stands."""

    def __init__(self, env: Any, currency: str) -> None:
        company = common.make_company(env, currency=currency)
        self.env = env(context={**env.context, "allowed_company_ids": company.ids})
        self.company = company.with_env(self.env)
        for number, name in enumerate(CURRENCIES):
            if name.upper() != currency:
                per_unit = Decimal(EUROS[currency.lower()]) / Decimal(EUROS[name])
                common.set_rate(self.env, self.company, name.upper(), float(per_unit), "2020-01-01")
                # Nobody's rates stay, or are those of a gateway.
                day = (datetime.now() - timedelta(days=90 - 5 * number)).date()
                changed = float(per_unit * Decimal("1.02"))
                common.set_rate(self.env, self.company, name.upper(), changed, str(day))
        self.backend = common.make_backend(self.env, self.company, provider="stripe")
        self.gateway = common.make_gateway(self.backend, "stripe")
        self.product = common.make_product(self.env, self.company)
        self.strange = common.make_accounts(self.env, self.company)["loss_account_id"]

    def order(self, intent: dict[str, Any]) -> None:
        """Take the order that an intent pays."""
        amount = amount_of(intent["amount"], intent["currency"])
        currency, name = intent["currency"].upper(), intent["metadata"]["order_id"]
        common.make_order(self.backend, self.product, amount, currency, name=f"#{name}")

    def map_strange(self) -> None:
        """Decide what the movements are that nobody knew."""
        mapping = self.env["retail.mapping"].search(
            [("backend_id", "=", self.backend.id), ("kind", "=", "balance_type")]
        )
        mapping.write({"account_id": self.strange, "state": "mapped"})


class Telling:
    """Tells a company what happened in a story: late, twice, and in any order."""

    def __init__(self, company: Company, story: Story, random: Random) -> None:
        self.company, self.story, self.random = company, story, random
        self.adapter = provider(story.simulator)
        self.untold: list[str] = []
        self._known: set[str] = set()
        self._late: list[Any] = []
        self._ordered: set[str] = set()
        self.wanted: list[tuple[str, str]] = []

    def some(self) -> None:
        """Tell some of what is new, and let the lane run or not."""
        self._hear()
        self._take_orders(0.2)
        for number in self.random.sample(self.untold, self.random.randint(0, len(self.untold))):
            self._event(number)
        if self.random.random() < 0.1:
            self._poll()
        if self.random.random() < 0.4:
            self._work()

    def all(self) -> None:
        """Tell what was not told yet, and let the pollers and the lane come to rest."""
        self._hear()
        self._take_orders(0.5)
        self.random.shuffle(self.untold)
        for number in [*self.untold, *self.random.sample(self.untold, len(self.untold) // 3)]:
            self._event(number)
        self._poll()
        self._poll(self.story.begun_at)
        self._take_orders(1)
        for _round in range(20):
            self._work()
            if not self.wanted and not self._late:
                return
        raise AssertionError(f"it does not come to rest: {self.wanted} {self._late}")

    def _hear(self) -> None:
        new = [one for one in self.story.account.events if one not in self._known]
        self._known.update(new)
        self.untold += [one for one in new if not self._is_lost(one)]

    def _is_lost(self, number: str) -> bool:
        """Some webhooks never arrive: what the pollers bring is enough."""
        kind = self.story.account.events[number]["type"]
        return kind.startswith(LOST) and self.random.random() < 0.1

    def _take_orders(self, share: float) -> None:
        """Take some of the orders that were paid, be it before or after their payment is known."""
        for intent in self.story.account.intents.values():
            name = intent["metadata"].get("order_id")
            if name and name not in self._ordered and self.random.random() < share:
                self._ordered.add(name)
                self.company.order(intent)

    def _event(self, number: str) -> None:
        """Deliver an event as a webhook."""
        event = {**self.story.account.events[number], "pending_webhooks": 1}
        if number in self.untold and self.random.random() < 0.8:
            self.untold.remove(number)  # the others come twice
        body = json.dumps(event).encode()
        now = self.story.simulator.clock()
        headers = {"stripe-signature": signature([SECRET], int(now.timestamp()), body)}
        for message in self.adapter.verify(RawRequest(body, headers, now)).messages:
            self._deliver(message)

    def _poll(self, since: datetime | None = None) -> None:
        for kind in ("payment", "dispute", "payout"):
            for page in self.adapter.fetch(kind, "", since):
                for message in page.messages:
                    self._deliver(message)

    def _deliver(self, message: ReceivedMessage) -> None:
        if message.kind:
            self._import(parsed(self.adapter, message))

    def _import(self, told: Any) -> None:
        """Import a message; what must wait for another comes again, as from the inbox."""
        _results, failures = common.run_import(self.company.backend, told)
        if failures:
            self._late.append(told)

    def _work(self) -> None:
        """Run the lane, and fetch what it asks for."""
        common.run_lane(self.company.gateway, most=500)
        late, self._late = self._late, []
        for told in late:
            self._import(told)
        wanted, self.wanted = list(dict.fromkeys(self.wanted)), []
        for kind, number in wanted:
            message = self.adapter.fetch_one(kind, number)
            if message:
                self._deliver(message)

    def asked(self, _polls: Any, _backend: Any, kind: str, number: str) -> None:
        """Remember what a job would fetch after the commit."""
        self.wanted.append((kind, number))


def tell_all(env: Any, currency: str, seeds: range) -> None:
    """Print what is wrong after each story, and how many there were."""
    company = Company(env, currency)
    for seed in seeds:
        for text in run(company, seed):
            print(f"WRONG {currency} {seed}: {text}".replace("\n", " "))
    print(f"ALL TOLD {len(seeds)}")


def run(company: Company, seed: int) -> list[str]:
    """Live and tell a story; return in words what is wrong with the books then."""
    savepoint = company.env.cr.savepoint()
    try:
        return _run(company, seed)
    finally:
        company.env.cr.postcommit.clear()
        savepoint.close(rollback=True)
        company.env.invalidate_all(flush=False)


def _run(company: Company, seed: int) -> list[str]:
    random = Random(seed)
    clock = Clock(datetime.now(timezone.utc).replace(microsecond=0) - timedelta(days=120))
    terms = Terms(settles=("eur", "usd"), tax=random.choice((Decimal(0), Decimal("0.19"))), delay=1)
    with StripeSimulator(seed=seed, clock=clock, terms=terms) as simulator:
        story = Story(simulator, random, strange=random.random() < 0.3)
        telling = Telling(company, story, random)
        polls = type(company.env["retail.poll"])
        with (
            patch.object(polls, "_refetch_after_commit", lambda *told: telling.asked(*told)),
            patch.object(retail_payout_settle, "CHUNK_LINES", random.randint(1, 6)),
        ):
            for _thing in range(random.randint(5, 45)):
                story.go_on()
                telling.some()
            story.end()
            telling.all()
            found = differences(company, Oracle(story))
            if not found and Oracle(story).parked:
                company.map_strange()
                telling.all()
                found = differences(company, Oracle(story, mapped=True))
            return found


def differences(company: Company, oracle: Oracle) -> list[str]:
    """Compare every account of the gateway with what was counted."""
    found, wanted = actual(company), oracle.balances
    told = [
        f"{name}: {found.get(name, 0)} is shown, {wanted.get(name, 0)} is right"
        for name in sorted(found.keys() | wanted.keys())
        if found.get(name, 0) != wanted.get(name, 0)
    ]
    gateway = company.gateway
    told += [f"I4: {one}" for one in gateway._clearing_difference().items()]
    company.env.cr.execute(UNBALANCED, [company.company.id])
    told += [f"{one} is not balanced" for one in company.env.cr.fetchall()]
    accounts = {"account": gateway.clearing_account_id.id, "gateway": gateway.id}
    company.env.cr.execute(WORTH, accounts)
    told += [f"clearing is worth {one} too much" for (one,) in company.env.cr.fetchall() if one]
    return told + _exchanged(company) + _payouts(company, oracle)


def _exchanged(company: Company) -> list[str]:
    """Return whether the remainder is larger than rates and rounding explain."""
    gateway, own = company.gateway, company.company.currency_id
    exchange = [gateway._role_account(role).id for role in EXCHANGE]
    values = {"exchange": exchange, "own": own.id, "journal": gateway.journal_id.id}
    company.env.cr.execute(EXCHANGED, values)
    rest, turnover, count = company.env.cr.fetchone()
    limit = RATES_DIFFER * Decimal(turnover) + count * Decimal(str(own.rounding))
    is_much = abs(Decimal(rest)) > limit
    return [f"{rest} of {turnover} is left over by exchange"] if is_much else []


def _payouts(company: Company, oracle: Oracle) -> list[str]:
    """Return the payouts that are not where they must be."""
    told = []
    for payout in company.env["retail.payout"].search([("gateway_id", "=", company.gateway.id)]):
        number = payout.external_id
        wanted = "parked" if number in oracle.parked else "settled"
        if number not in oracle.parked | oracle.booked:
            wanted = "cancelled" if payout.gateway_state == "failed" else "announced"
        if payout.state != wanted:
            told.append(f"{number} is {payout.state}, not {wanted}: {payout.problem}")
    return told


def actual(company: Company) -> Balances:
    """Return what the accounts show."""
    company.env.flush_all()
    names = {company.gateway._role_account(role).id: name for name, role in ROLES.items()}
    names |= {company.gateway._role_account(role).id: "exchange" for role in EXCHANGE}
    names[company.strange] = "strange"
    company.env.cr.execute(BALANCES, [company.company.id, company.gateway.journal_id.id])
    found: Balances = defaultdict(Decimal)
    for account, kind, currency, amount in company.env.cr.fetchall():
        name = "customer" if kind == "asset_receivable" else names[account]
        found[name, currency] += Decimal(amount)
    return {key: amount for key, amount in found.items() if key[0] != "exchange"}
