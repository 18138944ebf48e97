"""Payments that a company takes by telephone, through a Stripe account of its own."""

from dataclasses import dataclass, field
from datetime import datetime, timezone
from decimal import Decimal
from random import Random

from simulator_stripe import Faults, StripeSimulator
from simulator_stripe.money import Terms

from .connect import Backend

# What can be paid out at once: the demonstration does not wait for days.
TERMS = Terms(tax=Decimal("0.19"), delay=0, settles=("eur",))
CURRENCY, STRIPE = "EUR", "stripe"
WEATHER = Faults(duplicate=0.15, disorder=0.3, forged=0.05)
REFERENCE = "TEL-{:04d}"
ROUNDS = 5


def stripe_account(seed: object) -> StripeSimulator:
    """Return an account that lives in real time."""
    return StripeSimulator(f"{seed}:telesales", clock=_now, terms=TERMS)


def _now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass
class Telesales:
    """The account, its backend, and the charges nothing has happened to yet."""

    simulator: StripeSimulator
    backend: Backend
    rng: Random
    fresh: list[str] = field(default_factory=list)
    count: int = 0

    def sell(self, orders: int) -> None:
        """Let customers pay on the telephone; our reference goes along."""
        for _ in range(orders):
            self.count += 1
            metadata = {"reference": REFERENCE.format(self.count)}
            amount = self.rng.randint(900, 45_000)
            intent = self.simulator.account.pay(amount, CURRENCY.lower(), metadata)
            self.fresh.append(intent["latest_charge"])

    def refund(self) -> str:
        """Give a part of a payment back; return the refund's id."""
        return self.simulator.account.refund(self.fresh.pop(0), 500)["id"]

    def dispute(self) -> str:
        """Let a customer's bank take a payment back; return the dispute's id."""
        account = self.simulator.account
        number = account.dispute(self.fresh.pop(0))["id"]
        account.answer_dispute(number)
        return number

    def pay_out(self) -> str:
        """Pay out what can be, down to the bank; return the payout's id."""
        account = self.simulator.account
        made = account.pay_out(CURRENCY.lower())
        account.send_payout(made["id"])
        account.land_payout(made["id"])
        return made["id"]

    def tell(self) -> None:
        """Send what happened until all of it is accepted."""
        self.simulator.faults = WEATHER
        for _ in range(ROUNDS):
            if not self.simulator.deliver().answers:
                break
        self.simulator.faults = Faults()
