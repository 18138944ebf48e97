"""A gateway of a run's own, what happens at it, and what the books must show in the end."""

import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from decimal import Decimal
from random import Random
from zlib import crc32

from demo_day.books import differences
from demo_day.cashier import connect_stripe
from demo_day.company import Company
from demo_day.connect import Backend
from demo_day.reading import Database
from demo_day.rpc import Odoo
from simulator_stripe import Faults, StripeSimulator
from simulator_stripe.money import Terms

# Payments can be paid out at once: a run does not wait for days.
TERMS = Terms(tax=Decimal("0.19"), delay=0, settles=("usd",))
CURRENCY = "USD"
PAUSE = 0.3


@dataclass
class Till:
    """The simulated account, its backend, and the ids of events that were answered 2xx."""

    simulator: StripeSimulator
    backend: Backend
    accepted: set[str] = field(default_factory=set)

    def trade(self, rng: Random, payments: int) -> None:
        """Let customers pay, get money back, dispute; fees and corrections happen as well."""
        account = self.simulator.account
        for _number in range(payments):
            amount, manual = rng.randint(500, 90_000), rng.random() < 0.3
            intent = account.pay(amount, CURRENCY.lower(), manual=manual)
            if intent["status"] == "requires_capture":
                if rng.random() < 0.2:
                    account.cancel(intent["id"])
                    continue
                account.capture(intent["id"])
            self._afterwards(rng, intent["latest_charge"])
        if rng.random() < 0.5:
            account.fee(rng.randint(100, 900), CURRENCY.lower())

    def _afterwards(self, rng: Random, charge: str) -> None:
        account, chance = self.simulator.account, rng.random()
        amount = account.charges[charge]["amount_captured"]
        if chance < 0.3:
            refund = account.refund(charge, rng.randint(100, amount))
            if rng.random() < 0.3:
                account.fail_refund(refund["id"])
        elif chance < 0.5:
            dispute = account.dispute(charge)["id"]
            account.answer_dispute(dispute)
            if rng.random() < 0.5:
                account.win_dispute(dispute)
            else:
                account.lose_dispute(dispute)

    def pay_out(self) -> None:
        """Let the account pay out what it can, down to the bank."""
        made = self.simulator.account.pay_out(CURRENCY.lower())
        if made:
            self.simulator.account.send_payout(made["id"])
            self.simulator.account.land_payout(made["id"])

    def deliver(self, seconds: float, faults: Faults | None = None) -> list[str]:
        """Send events until each is accepted; return the ids of those that were not, in time."""
        self.simulator.faults = faults or Faults()
        deadline = time.monotonic() + seconds
        while True:
            report = self.simulator.deliver()
            self.accepted |= set(report.accepted)
            if not report.answers or time.monotonic() > deadline:
                break
            time.sleep(PAUSE)
        return [number for number in self.simulator.account.events if number not in self.accepted]

    def wrong(self, database: Database) -> list[str]:
        """Return what the books show that is not so."""
        return differences(database, self.backend.id, self.simulator.truth(), CURRENCY)


def account_of(name: str) -> StripeSimulator:
    """Return an account whose history depends on its name and the run's chance only."""
    return StripeSimulator(
        crc32(name.encode()), clock=lambda: datetime.now(timezone.utc), terms=TERMS
    )


def opened_till(odoo: Odoo, company: Company, simulator: StripeSimulator, name: str) -> Till:
    """Connect an account that runs already; it is polled only when somebody asks."""
    # Most of what is paid here belongs to no order, and nobody waits for one.
    backend = connect_stripe(odoo, company, simulator, name, odoo.url, patience=0)
    flows = odoo.search("retail.flow", [("backend_id", "=", backend.id)])
    odoo.write("retail.flow", flows, {"interval": 0})
    return Till(simulator, backend)
