"""From the order to the bank: gateways are set up, money comes and goes back, payouts arrive."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from environment import Server, step
from simulator.money import rounded
from simulator.trader import ABROAD

from .bank import import_statement, open_account
from .cashier import book, connect_stripe
from .channel import Channel
from .company import Company
from .reading import Database
from .rpc import Odoo
from .signing import (
    CORRECTED,
    GOODWILL,
    SENT_BACK,
    Run,
    approve,
    ask_back,
    compute,
    hire,
    sign,
    work_through,
)  # fmt: skip
from .statement import Movement
from .telesales import STRIPE, Telesales, stripe_account
from .till import GATEWAY, UNKNOWN_TYPE, Till, payment_of, poll_money, tell_all

ACCOUNTS = ("4000123456", "DE89370400440532013000")
# Seconds for which a payment of a shop waits for its order: nobody wants to wait for a minute.
PATIENCE = 3
SOLD, PARTY = 6, "Payments Europe Ltd."


@dataclass
class Money:
    """What came of it. ``outstanding`` is what the bank has yet to show, by backend.

    ``refund`` is the request that two people handled, ``refunded`` its order and amount.
    """

    tills: list[Till]
    telesales: Telesales
    runs: list[Run] = field(default_factory=list)
    outstanding: dict[int, Decimal] = field(default_factory=dict)
    refund: int = 0
    refunded: tuple[int, Decimal] = (0, Decimal(0))
    parked: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def backends(self) -> list[int]:
        """The backends whose money it is."""
        return [*(till.channel.backend.id for till in self.tills), self.telesales.backend.id]


class Chapter:
    """Plays the chapter about money, one step after the other."""

    def __init__(
        self, odoo: Odoo, server: Server, channels: Sequence[Channel], database: Database,
        settle: Callable[[str], None], seed: int,
    ) -> None:  # fmt: skip
        self.odoo, self.database, self.settle = odoo, database, settle
        self.companies: list[Company] = [channel.company for channel in channels]
        self.tills = [Till(one, Random(f"{seed}:till:{i}")) for i, one in enumerate(channels)]
        self.controller = hire(odoo, server.url, server.database, self.companies)
        self.seed, self.url = seed, server.url

    def play(self, stack: ExitStack) -> Money:
        """Play it; the Stripe account lives as long as the stack."""
        self.set_up(stack)
        self.first_days()
        self.later_days()
        self.bank_sends_back()
        self.map_type()
        self.at_the_bank()
        self.give_back()
        self.last_payouts()
        self.reconcile()
        return self.money

    # The steps

    def set_up(self, stack: ExitStack) -> None:
        """Let the gateways report, then give them their accounts; what waited is posted."""
        with step("money: the gateways report"):
            for till in self.tills:
                till.authorize()
            tell_all(self.odoo, self.tills)
        self.settle("with payments that nobody booked")
        with step("money: the gateways get their accounts"):
            company = self.companies[-1]
            simulator = stack.enter_context(stripe_account(self.seed))
            backend = connect_stripe(self.odoo, company, simulator, "Telesales", self.url)
            self.telesales = Telesales(simulator, backend, Random(f"{self.seed}:telesales"))
            self.money = Money(self.tills, self.telesales)
            for till in self.tills:
                know_rate(self.odoo, till.channel)
                book(self.odoo, till.channel.backend.id)
            self._be_impatient()
            for company, number in zip(self.companies, ACCOUNTS, strict=True):
                open_account(self.odoo, company, number)
        self.settle("with all payments posted")

    def _be_impatient(self) -> None:
        """Let payments wait for their orders for seconds only; on the telephone there is none."""
        domain = [("backend_id", "in", self.money.backends)]
        for row in self.odoo.read("retail.gateway", domain, "code"):
            seconds = 0 if row["code"] == STRIPE else PATIENCE
            self.odoo.write("retail.gateway", row["id"], {"match_patience": seconds})

    def first_days(self) -> None:
        """Money is taken, given back, disputed and paid out."""
        with step("money: captures, refunds, disputes, a payout"):
            self.telesales.sell(SOLD)
            self.refunds = [[till.refund(), till.refund()] for till in self.tills]
            self.disputes = [[till.dispute(), till.dispute()] for till in self.tills]
            self.count("captured", sum(till.capture() for till in self.tills))
            self.card_refund = self.telesales.refund()
            self.card_disputes = [self.telesales.dispute(), self.telesales.dispute()]
            self.pay_out()
            self.tell()
        self.settle("with the first payouts")

    def later_days(self) -> None:
        """A refund comes back, a dispute is won and one lost; it is paid out as well."""
        with step("money: a failed refund, a dispute won and one lost, a payout"):
            for till, (refund, _other), (won, lost) in zip(
                self.tills, self.refunds, self.disputes, strict=True
            ):
                shop = till.channel.simulator
                shop.till.fail_refund(refund)
                shop.account.respond(won)
                shop.account.win(won)
                shop.account.lose(lost)
            account = self.telesales.simulator.account
            account.fail_refund(self.card_refund)
            account.win_dispute(self.card_disputes[0])
            account.lose_dispute(self.card_disputes[1])
            self.telesales.sell(2)
            self.second = self.pay_out()
            self.tell()
        self.settle("with the second payouts")

    def bank_sends_back(self) -> None:
        """The second payouts come back after they were paid; the next ones take their money."""
        with step("money: the bank sends payouts back; a transaction that nobody knows"):
            for till, number in zip(self.tills, self.second[:-1], strict=True):
                till.channel.simulator.account.fail(int(number))
            self.telesales.simulator.account.fail_payout(self.second[-1])
            shop = self.tills[0].channel.simulator
            shop.account.adjust(Decimal("-12.50"), "Campaign", UNKNOWN_TYPE)
            self.pay_out()
            self.tell()
        self.settle("with payouts that came back")

    def map_type(self) -> None:
        """The payout with the unknown transaction waits; an accountant says what it is."""
        with step("money: an accountant maps the transaction that nobody knew"):
            backend = self.tills[0].channel.backend.id
            parked = [("backend_id", "=", backend), ("state", "=", "parked")]
            rows = self.odoo.read("retail.payout", parked, "problem")
            self.money.parked = [row["problem"] for row in rows]
            shown = [("code", "=", "payout_parked"), ("state", "=", "open")]
            problems = self.odoo.search("retail.exception", [("backend_id", "=", backend), *shown])
            if len(self.money.parked) != 1 or len(problems) != 1:
                self.money.broken.append(
                    f"{len(self.money.parked)} payouts are parked, {len(problems)} are shown"
                )
            for problem in problems:
                self._map(problem, self.companies[0])
        self.settle("with the mapped payout")

    def _map(self, problem: int, company: Company) -> None:
        action = self.odoo.call("retail.exception", "action_fix", [problem])
        mapping = action["context"]["default_mapping_id"]
        accounts = [("account_type", "=", "expense"), ("company_ids", "in", company.id)]
        account = self.odoo.search("account.account", accounts, limit=1, order="code")[0]
        values = {"mapping_id": mapping, "account_id": account}
        wizard = self.odoo.create(action["res_model"], values, **company.context)
        self.odoo.call(action["res_model"], "action_apply", [wizard])

    def at_the_bank(self) -> None:
        """The statements show what arrived; it is found by itself."""
        with step("money: bank statements are imported"):
            for till, company, number in zip(self.tills, self.companies, ACCOUNTS, strict=True):
                arrived = list(self._arrived(till))
                if company is self.companies[-1]:
                    arrived += self._arrived_by_card()
                import_statement(self.odoo, company, number, till.channel.brand.currency, arrived)
        self.settle("with the bank statements")

    def _arrived(self, till: Till) -> list[Movement]:
        return [
            Movement(f"B{one.id}", one.net, f"PAYOUT {one.trace}", PARTY)
            for one in till.channel.simulator.account.payouts.values()
            if one.status == "paid"
        ]

    def _arrived_by_card(self) -> list[Movement]:
        """Return the deposits without any name: the amount has to do."""
        return [
            Movement(f"C{index}", Decimal(one["amount"]) / 100, one["statement_descriptor"], PARTY)
            for index, one in enumerate(self.telesales.simulator.account.payouts.values())
            if one["status"] == "paid"
        ]

    def give_back(self) -> None:
        """One person asks to give money back, another one approves it, the gateway does it."""
        till = self.tills[0]
        history = till.choose()
        tell_all(self.odoo, self.tills)
        self.settle("before money is given back")
        with step("money: one asks to give money back, another approves"):
            whole = payment_of(history).amount.presentment
            amount = rounded(whole / 4, till.channel.brand.currency)
            self.money.refunded = (history.id, amount)
            self.money.refund = ask_back(self.odoo, till.channel.backend.id, history.id, amount)
            self.money.broken += approve(self.odoo, self.controller, self.money.refund)
        self.settle("with the refund on its way")
        self.tell()
        self.settle("with the refund confirmed")

    def last_payouts(self) -> None:
        """The last payouts are on no statement yet, and new orders in no payout."""
        with step("money: the last payouts, and orders after them"):
            self.sell()
            for number, backend in zip(self.pay_out(), self.money.backends, strict=True):
                self.money.outstanding[backend] = self._amount(backend, number)
            self.sell()
            self.tell()
        self.settle("with the last payouts")

    def _amount(self, backend: int, number: str) -> Decimal:
        for till in self.tills:
            if till.channel.backend.id == backend:
                return till.channel.simulator.account.payouts[int(number)].net
        return Decimal(self.telesales.simulator.account.payouts[number]["amount"]) / 100

    def reconcile(self) -> None:
        """Compare all of it; one person explains what differs, another signs, it is locked."""
        with step("money: reconciliation, signed by a second person and locked"):
            self.money.runs = compute(self.odoo, self.gateways())
        self.settle("with reconciliations")
        for run in self.money.runs:
            by_telephone = run.backend == self.telesales.backend.id
            work_through(self.odoo, run, self._differences(run.backend), by_telephone=by_telephone)
            if not run.unnamed:
                sign(self.controller, self.odoo, run)

    def _differences(self, backend: int) -> dict[str, tuple[Decimal, str]]:
        """Return how much more orders say than their payments and why, by their names."""
        found = {}
        for till in self.tills:
            if till.channel.backend.id == backend:
                found |= {name: (amount, CORRECTED) for name, amount in till.corrected().items()}
                found |= {name: (amount, GOODWILL) for name, amount in till.refunded().items()}
                found |= {name: (-amount, SENT_BACK) for name, amount in till.sent_back().items()}
        return found

    # What they share

    def gateways(self) -> list[int]:
        """Return the gateways whose payouts are followed."""
        domain = [
            ("backend_id", "in", self.money.backends), ("code", "in", [GATEWAY, STRIPE]),
        ]  # fmt: skip
        return self.odoo.search("retail.gateway", domain)

    def sell(self) -> None:
        """Let a customer pay at each gateway."""
        for till in self.tills:
            till.channel.simulator.shop.place("plain")
        self.telesales.sell(1)

    def pay_out(self) -> list[str]:
        """Let all accounts pay out; return the payouts in the order of the backends."""
        made = [str(till.pay_out().id) for till in self.tills]
        return [*made, self.telesales.pay_out()]

    def tell(self) -> None:
        """Let Odoo hear of all that happened."""
        tell_all(self.odoo, self.tills)
        self.telesales.tell()
        poll_money(self.odoo, [self.telesales.backend.id])

    def count(self, name: str, number: int) -> None:
        """Note how often something happened."""
        self.money.counts[name] = self.money.counts.get(name, 0) + number


def know_rate(odoo: Odoo, channel: Channel) -> None:
    """Enter what the currency of customers from abroad is worth, as the shop converts it."""
    company = channel.company
    name, rate = ABROAD[channel.brand.currency]
    currency = odoo.search("res.currency", [("name", "=", name)], context={"active_test": False})[0]
    known = [("currency_id", "=", currency), ("company_id", "=", company.id)]
    if not odoo.search("res.currency.rate", known):
        day = {"currency_id": currency, "company_id": company.id, "name": "2020-01-01"}
        odoo.create("res.currency.rate", {**day, "rate": float(rate)}, **company.context)
