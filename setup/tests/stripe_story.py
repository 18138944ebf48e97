"""The life of a Stripe account: everything that can happen to its money, at random."""

from random import Random
from typing import Any

from simulator_stripe import StripeSimulator
from simulator_stripe.ledger import Row
from simulator_stripe.problem import Problem

CURRENCIES = ("eur", "usd", "jpy", "bhd")
SETTLED_IN = ("eur", "usd")
# The smallest amounts that are paid, in the numbers of the API. Those of BHD end in a zero.
UNITS = {"eur": 1, "usd": 1, "jpy": 1, "bhd": 10}
# A movement that Stripe may name and whose meaning an accountant must decide.
STRANGE = "climate_order_purchase"
THINGS = (
    "sell", "sell", "sell", "hold", "hold", "decline", "lapse", "refund", "refund", "refund_later",
    "bank_answers", "refund_fails", "dispute", "dispute", "inquire", "decide", "decide", "fee",
    "fee_back", "hold_back", "release", "adjust", "tax", "pay_out", "pay_out", "pay_out",
    "pay_out_by_hand", "payout_moves", "payout_moves", "payout_fails", "sink",
)  # fmt: skip


class Story:
    """Lets things happen to an account. ``strange``: also what nobody has a name for."""

    def __init__(self, simulator: StripeSimulator, random: Random, strange: bool = False) -> None:
        self.simulator, self.random = simulator, random
        self.account = simulator.account
        self.begun_at = simulator.clock()
        # What was seen to happen: refunds that succeeded, payouts that left.
        self.refunded: set[str] = set()
        self.sent: set[str] = set()
        # The numbers of the orders that are paid.
        self.ordered: list[str] = []
        # What came back of disputes, in the numbers of the charge's currency.
        self.won: dict[str, int] = {}
        self._held_back = {currency: 0 for currency in SETTLED_IN}
        self._things = (*THINGS, "be_strange") if strange else THINGS

    def go_on(self) -> None:
        """Let one more thing happen, and some time pass."""
        thing = self.random.choice(self._things)
        try:
            getattr(self, f"_{thing}")()
        except Problem:
            pass  # Stripe does not do it: nothing happened
        self.simulator.clock.pass_by(seconds=self.random.choice((0, 1, 3_600, 86_400)))

    def end(self) -> None:
        """Let the banks have their last word about most payouts: some are not sent yet."""
        for payout in self._unsettled():
            if not payout["automatic"] or self.random.random() < 0.8:
                self._finish(payout)
        if self.random.random() < 0.7:
            self.simulator.clock.pass_by(days=9)
            for currency in SETTLED_IN:
                payout = self.account.pay_out(currency)
                if payout:
                    self._finish(payout)

    # Payments

    def _amount(self, currency: str) -> int:
        return UNITS[currency] * self.random.randint(50, 40_000)

    def _part(self, amount: int, currency: str = "eur") -> int:
        unit = UNITS[currency]
        return amount if amount <= unit else unit * self.random.randint(1, amount // unit)

    def _sell(self) -> None:
        currency = self.random.choice(CURRENCIES)
        self.account.pay(self._amount(currency), currency, self._reference())

    def _reference(self) -> dict[str, str]:
        """Return the order that is paid, where the shop names one."""
        if self.random.random() < 0.6:
            return {}
        self.ordered.append(f"S{len(self.ordered)}-{self.account.next_id('order')}")
        return {"order_id": self.ordered[-1]}

    def _decline(self) -> None:
        self.account.pay(1_000, declined="card_declined")

    def _hold(self) -> None:
        currency = self.random.choice(CURRENCIES)
        reference = self._reference()
        held = self.account.pay(self._amount(currency), currency, reference, manual=True)
        self.simulator.clock.pass_by(seconds=self.random.choice((0, 60)))
        end = self.random.choice(("all", "part", "part", "cancel", "wait"))
        if end == "cancel":
            self.account.cancel(held["id"])
        elif end != "wait":
            part = self._part(held["amount"], currency)
            self.account.capture(held["id"], None if end == "all" else part)

    def _lapse(self) -> None:
        self.simulator.clock.pass_by(days=8)
        self.account.lapse()

    def _charges(self) -> list[Row]:
        return [one for one in self.account.charges.values() if one["captured"]]

    def _left(self, charge: Row) -> int:
        """Return what is left of a charge that neither a refund nor a dispute took."""
        taken = sum(one["amount"] for one in self.account.disputes.values()
                    if one["charge"] == charge["id"])  # fmt: skip
        return charge["amount"] - charge["amount_refunded"] - taken

    # Refunds

    def _refund(self) -> None:
        charge = self._one(self._charges())
        if charge and self._left(charge) > 0:
            part = self._part(self._left(charge), charge["currency"])
            made = self.account.refund(charge["id"], part)
            if made["status"] == "succeeded":
                self.refunded.add(made["id"])

    def _refund_later(self) -> None:
        self.account.refunds_pend = True
        try:
            self._refund()
        finally:
            self.account.refunds_pend = False

    def _bank_answers(self) -> None:
        made = self._one(self._refunds("pending"))
        if made and self.random.random() < 0.5:
            self.refunded.add(self.account.settle_refund(made["id"])["id"])
        elif made:
            self.account.fail_refund(made["id"])

    def _refund_fails(self) -> None:
        made = self._one(self._refunds("succeeded"))
        if made:
            self.account.fail_refund(made["id"])

    def _refunds(self, status: str) -> list[Row]:
        """Return the refunds of a status; what a capture left out is none."""
        rows = self.account.ledger.rows
        return [
            one for one in self.account.refunds.values() if one["status"] == status
            and rows[one["balance_transaction"]]["reporting_category"] == "refund"
        ]  # fmt: skip

    # Disputes

    def _dispute(self, inquiry: bool = False) -> None:
        charge = self._one(self._charges())
        if charge and not charge["disputed"] and self._left(charge) > 0:
            whole = self._left(charge)
            part = whole if self.random.random() < 0.6 else self._part(whole, charge["currency"])
            self.account.dispute(charge["id"], part, inquiry)

    def _inquire(self) -> None:
        self._dispute(inquiry=True)

    def _decide(self) -> None:
        open_ones = ("needs_response", "under_review", "warning_needs_response")
        found = self._one(
            [one for one in self.account.disputes.values() if one["status"] in open_ones]
        )
        if found and found["status"].startswith("warning"):
            end = self.random.choice((self.account.escalate, self.account.close_inquiry))
            end(found["id"])
        elif found:
            self._judge(found)

    def _judge(self, dispute: Row) -> None:
        currency = self.account.charges[dispute["charge"]]["currency"]
        part = self._part(dispute["amount"], currency)
        end = self.random.choice(("answer", "lose", "win", "win in part"))
        if end == "answer":
            self.account.answer_dispute(dispute["id"])
        elif end == "lose":
            self.account.lose_dispute(dispute["id"])
        else:
            back = self._tellable(dispute, part) if end == "win in part" else dispute["amount"]
            self.won[dispute["id"]] = back
            self.account.win_dispute(dispute["id"], back, fee_back=self.random.random() < 0.5)

    def _tellable(self, dispute: Row, part: int) -> int:
        """Return a part that can be told from what comes of it in the balance, else all.

        One unit there may be several of the customer's.
        """
        charge = self.account.charges[dispute["charge"]]
        rate, whole = self.account.rate_of(charge), dispute["amount"]
        unit = UNITS[dispute["currency"]]
        shown, all_shown = round(part * rate), round(whole * rate)
        if rate == 1:
            return part
        is_told = round(shown / rate / unit) * unit == part and all_shown - shown > 2
        return part if is_told else whole

    # What Stripe does itself

    def _settled(self) -> str:
        return self.random.choice(SETTLED_IN)

    def _fee(self) -> None:
        self.account.fee(self.random.randint(1, 900), self._settled())

    def _fee_back(self) -> None:
        self.account.fee(-self.random.randint(1, 300), self._settled())

    def _hold_back(self) -> None:
        currency, amount = self._settled(), self.random.randint(100, 9_000)
        self._held_back[currency] += amount
        self.account.adjust(-amount, "risk_reserved_funds", "reserved_funds", currency)

    def _release(self) -> None:
        currency = self._settled()
        amount, self._held_back[currency] = self._held_back[currency], 0
        if amount:
            self.account.adjust(amount, "risk_reserved_funds", "reserved_funds", currency)

    def _adjust(self) -> None:
        amount = self.random.choice((-1, 1)) * self.random.randint(1, 2_000)
        self.account.adjust(amount, currency=self._settled())

    def _tax(self) -> None:
        self.account.adjust(-self.random.randint(1, 500), "tax", "tax_fee", self._settled())

    def _sink(self) -> None:
        """Cost so much that the next payout collects money from our bank."""
        self.account.fee(self.random.randint(50_000, 90_000), self._settled())

    def _be_strange(self) -> None:
        self.account.adjust(-500, STRANGE, "climate_order_purchase", self._settled())

    # Payouts

    def _pay_out(self) -> None:
        self.simulator.clock.pass_by(days=self.random.choice((0, 3)))
        self.account.pay_out(self._settled(), reconciled=self.random.random() < 0.7)

    def _pay_out_by_hand(self) -> None:
        currency = self._settled()
        available = self.account.ledger.balance(currency)[0]
        if available > 0:
            self.account.pay_out_by_hand(self._part(available), currency)

    def _payout_moves(self) -> None:
        payout = self._one(self._unsettled())
        if payout and self.random.random() < 0.3:
            self.sent.add(self.account.send_payout(payout["id"])["id"])
        elif payout:
            self._finish(payout)

    def _payout_fails(self) -> None:
        """Have a bank send a payout back, be it on its way, arrived or not even sent."""
        payout = self._one([one for one in self._payouts() if one["status"] != "failed"])
        if payout:
            self._reconcile(payout)
            self.account.fail_payout(payout["id"])

    def _finish(self, payout: Row) -> None:
        self._reconcile(payout)
        self.sent.add(self.account.land_payout(payout["id"])["id"])

    def _reconcile(self, payout: Row) -> None:
        if payout["reconciliation_status"] == "in_progress":
            self.account.reconcile(payout["id"])

    def _payouts(self) -> list[Row]:
        return list(self.account.payouts.values())

    def _unsettled(self) -> list[Row]:
        return [one for one in self._payouts() if one["status"] in ("pending", "in_transit")]

    def _one(self, found: list[Any]) -> Any:
        return self.random.choice(found) if found else None
