"""Payouts: automatic with their transactions, by hand without, failed, negative."""

from typing import Any

from . import objects
from .ledger import Row
from .problem import Problem

DESCRIPTOR = "SHOP PAYOUT"


class PayingOut:
    """What an account does with payouts."""

    def pay_out(self: Any, currency: str = "eur", reconciled: bool = True) -> Row | None:
        """Pay out all that can be; ``None`` if nothing. Negative: our bank account is debited."""
        with self.lock:
            due = list(self.ledger.open(currency))
            amount = sum(row["net"] for row in due)
            if not amount:
                return None
            made = self._payout(amount, currency, automatic=True)
            for row in due:
                self.ledger.taken[row["id"]] = made["id"]
            self.ledger.taken[made["balance_transaction"]] = made["id"]
            if reconciled:
                self.reconcile(made["id"])
            return made

    def pay_out_by_hand(self: Any, amount: int, currency: str = "eur") -> Row:
        """Pay out some of the balance; nobody can tell which transactions it is made of."""
        with self.lock:
            if amount > self.ledger.balance(currency)[0]:
                raise Problem(400, "balance_insufficient", "You have insufficient funds.")
            return self._payout(amount, currency, automatic=False)

    def _payout(self: Any, amount: int, currency: str, automatic: bool) -> Row:
        made = objects.payout(
            self.next_id("po"), amount, currency, self.now(), automatic, self.live, DESCRIPTOR
        )
        self.payouts[made["id"]] = made
        row = self.ledger.book("payout", "payout", -amount, currency, made["id"],
                               text="STRIPE PAYOUT")  # fmt: skip
        made["balance_transaction"] = row["id"]
        self.tell("payout.created", made)
        return made

    def reconcile(self: Any, number: str) -> Row:
        """Have Stripe know by now all that a payout is made of."""
        return self._step(number, "payout.reconciliation_completed",
                          reconciliation_status="completed")  # fmt: skip

    def send_payout(self: Any, number: str) -> Row:
        """Hand a payout to the bank."""
        return self._step(number, "payout.updated", status="in_transit")

    def land_payout(self: Any, number: str) -> Row:
        """Have a payout arrive."""
        return self._step(number, "payout.paid", status="paid")

    def fail_payout(self: Any, number: str, code: str = "account_closed") -> Row:
        """Have the bank send a payout back, even after it arrived."""
        with self.lock:
            found = self.payouts[number]
            row = self.ledger.book(
                "payout_failure", "payout_reversal", found["amount"], found["currency"], number,
                text="STRIPE PAYOUT FAILURE",
            )  # fmt: skip
            return self._step(
                number, "payout.failed", status="failed", failure_code=code,
                failure_message="The bank account has been closed.",
                failure_balance_transaction=row["id"],
            )  # fmt: skip

    def _step(self: Any, number: str, kind: str, **values: Any) -> Row:
        with self.lock:
            found = self.payouts[number]
            before = {key: found[key] for key in values}
            found.update(values)
            self.tell(kind, found, before)
            return found

    def made_of(self: Any, number: str) -> list[Row]:
        """Return a payout's transactions, with its own; only some before it is reconciled."""
        taken = self.ledger.taken.items()
        rows = [self.ledger.rows[row] for row, taker in taken if taker == number]
        if self.payouts[number]["reconciliation_status"] == "completed":
            return rows
        return rows[: len(rows) // 2]
