"""What an account's books must show, counted from Stripe's own movements of its balance.

Nothing of what is tested is used here. Debits are positive; amounts are in the currency in which
each thing happened: a charge in the customer's, a fee in that of the balance.
"""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

from stripe_story import STRANGE, Story

from simulator_stripe.ledger import Row
from simulator_stripe.money import amount_of

# (what an account is for, currency) -> debits less credits
Balances = dict[tuple[str, str], Decimal]
AT_ONCE = {
    "charge": "payments", "partial_capture_reversal": "payments", "refund": "payments",
    "refund_failure": "payments", "dispute": "dispute", "dispute_reversal": "dispute",
    "payout": "transit", "payout_reversal": "transit",
}  # fmt: skip
WITH_PAYOUT = {
    "fee": "fee", "tax": "fee_tax", "risk_reserved_funds": "reserve",
    "other_adjustment": "adjustment", STRANGE: "strange",
}  # fmt: skip


class Oracle:
    """Counts. ``mapped``: an accountant has said what the strange movements are."""

    def __init__(self, story: Story, mapped: bool = False) -> None:
        self._story, self._account, self._mapped = story, story.account, mapped
        self._ledger = self._account.ledger
        self.balances: Balances = defaultdict(Decimal)
        self._begun = self._closure(self._is_begun)
        self.parked = self._closure(self._is_blocked) & self._begun
        self.booked = self._begun - self.parked
        for row in self._ledger.rows.values():
            self._count(row)
        for dispute in self._account.disputes.values():
            self._write_off(dispute)

    # Which payouts count

    def _closure(self, joins: Callable[[str, set[str]], bool]) -> set[str]:
        """Return the payouts that join, each for itself or because of those that joined."""
        found: set[str] = set()
        while more := {one for one in self._account.payouts if joins(one, found)} - found:
            found |= more
        return found

    def _is_begun(self, payout: str, found: set[str]) -> bool:
        """A payout counts when it left; or when a later one is made of its return too."""
        if payout in self._story.sent:
            return True
        own = [row for row in self._ledger.rows.values() if row["source"] == payout]
        return any(self._taker(row) in found - {payout} for row in own)

    def _is_blocked(self, payout: str, found: set[str]) -> bool:
        """Nobody knows what something of it is, or it holds the return of such a one."""
        rows = [self._ledger.rows[row] for row, by in self._ledger.taken.items() if by == payout]
        words = {row["reporting_category"] for row in rows}
        returned = {row["source"] for row in rows if row["reporting_category"] == "payout_reversal"}
        return (STRANGE in words and not self._mapped) or bool(returned & found)

    def _taker(self, row: Row) -> str | None:
        return self._ledger.taken.get(row["id"])

    # One movement

    def _count(self, row: Row) -> None:
        taker, word = self._taker(row), row["reporting_category"]
        if taker == row["source"]:
            return  # the payout's own: it is the sum of the others
        settled = taker in self.booked
        if word in AT_ONCE and self._is_known(row):
            amount, currency = self._original(row)
            self._add(self._against(row), -amount, currency)
            self._add("clearing", Decimal(0) if settled else amount, currency)
        if settled:
            self._settle(row)

    def _against(self, row: Row) -> str:
        """Return what the other side is for: the customer's where his order is known."""
        role = AT_ONCE[row["reporting_category"]]
        refund = self._account.refunds.get(row["source"])
        charge = self._account.charges.get(refund["charge"] if refund else row["source"])
        return "customer" if role == "payments" and charge["metadata"] else role

    def _settle(self, row: Row) -> None:
        currency, word = row["currency"], row["reporting_category"]
        tax = sum(fee["amount"] for fee in row["fee_details"] if fee["type"] == "tax")
        if word in WITH_PAYOUT:
            self._add(WITH_PAYOUT[word], -amount_of(row["amount"], currency), currency)
        fee = "dispute_fee" if word.startswith("dispute") else "fee"
        self._add(fee, amount_of(row["fee"] - tax, currency), currency)
        self._add("fee_tax", amount_of(tax, currency), currency)
        self._add("transit", amount_of(row["net"], currency), currency)

    def _is_known(self, row: Row) -> bool:
        """Of some movements nobody hears before a payout is made of them."""
        source, word = row["source"], row["reporting_category"]
        if word in ("refund", "refund_failure"):
            rows = [one for one in self._ledger.rows.values() if one["source"] == source]
            listed = any(self._taker(one) in self._begun for one in rows)
            return listed or source in self._story.refunded
        if not word.startswith("payout"):
            return True
        automatic = self._account.payouts[source]["automatic"]
        return source in (self.booked if automatic else self._begun)

    def _original(self, row: Row) -> tuple[Decimal, str]:
        """Return what moved in the currency in which it happened, signed."""
        source, word = row["source"], row["reporting_category"]
        if word.startswith("payout"):
            return amount_of(row["amount"], row["currency"]), row["currency"]
        if word == "dispute_reversal":
            currency = self._account.disputes[source]["currency"]
            return amount_of(self._story.won[source], currency), currency
        shown = (self._account.charges.get(source) or self._account.refunds.get(source)
                 or self._account.disputes[source])  # fmt: skip
        amount = amount_of(shown["amount"], shown["currency"])
        return (amount if row["amount"] > 0 else -amount), shown["currency"]

    def _write_off(self, dispute: Row) -> None:
        """What does not come back of a dispute that is decided is a loss."""
        if dispute["status"] not in ("won", "lost"):
            return
        rows = [one for one in self._ledger.rows.values() if one["source"] == dispute["id"]]
        left = -sum((self._original(row)[0] for row in rows), Decimal(0))
        self._add("dispute", -left, dispute["currency"])
        self._add("loss", left, dispute["currency"])

    def _add(self, role: str, amount: Decimal, currency: str) -> None:
        self.balances[role, currency.upper()] += amount
