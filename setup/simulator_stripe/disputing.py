"""Disputes: inquiries, money withdrawn with a fee, won, won in part, lost."""

from typing import Any

from . import objects
from .ledger import Row
from .money import whole


class Disputing:
    """What an account does with disputes."""

    def dispute(
        self: Any, charge: str, amount: int | None = None, inquiry: bool = False,
        reason: str = "fraudulent",
    ) -> Row:  # fmt: skip
        """Have a customer's bank take a charge back, or only ask about it."""
        with self.lock:
            of = self.charges[charge]
            status = "warning_needs_response" if inquiry else "needs_response"
            made = objects.dispute(
                self.next_id("dp"), of, of["amount_captured"] if amount is None else amount,
                self.now(), status, reason,
            )  # fmt: skip
            self.disputes[made["id"]] = made
            of["disputed"] = True
            self.tell("charge.dispute.created", made)
            if not inquiry:
                self._withdraw(made, of)
            return made

    def escalate(self: Any, number: str) -> Row:
        """Turn an inquiry into a dispute."""
        with self.lock:
            found = self.disputes[number]
            found.update(status="needs_response", is_charge_refundable=False)
            self._withdraw(found, self.charges[found["charge"]])
            return found

    def _withdraw(self: Any, dispute: Row, charge: Row) -> None:
        currency = self.terms.settled(charge["currency"])
        fees = self.terms.taxed(self.terms.dispute_fee, currency, "Dispute fee")
        self._book(dispute, charge, -dispute["amount"], "dispute", fees)
        self.tell("charge.dispute.funds_withdrawn", dispute)

    def _book(
        self: Any, dispute: Row, charge: Row, amount: int, word: str, fees: list[dict[str, Any]]
    ) -> None:
        currency = self.terms.settled(charge["currency"])
        factor = self.rate_of(charge)
        row = self.ledger.book(
            "adjustment", word, whole(amount * factor), currency, dispute["id"], fees,
            None if currency == charge["currency"] else float(factor), text=f"Chargeback {word}",
        )  # fmt: skip
        dispute["balance_transactions"].append(self.ledger.shown(row))

    def answer_dispute(self: Any, number: str) -> Row:
        """Send evidence."""
        return self._end(number, "under_review", "charge.dispute.updated")

    def win_dispute(
        self: Any, number: str, amount: int | None = None, fee_back: bool = True
    ) -> Row:
        """Give the money back, or a part of it."""
        with self.lock:
            found = self.disputes[number]
            charge = self.charges[found["charge"]]
            fee = -self.terms.dispute_fee if fee_back else 0
            currency = self.terms.settled(charge["currency"])
            fees = self.terms.taxed(fee, currency, "Dispute fee refund")
            back = found["amount"] if amount is None else amount
            self._book(found, charge, back, "dispute_reversal", fees)
            self._end(number, "won", "charge.dispute.closed")
            self.tell("charge.dispute.funds_reinstated", found)
            return found

    def lose_dispute(self: Any, number: str) -> Row:
        """Let the customer's bank keep the money."""
        return self._end(number, "lost", "charge.dispute.closed")

    def close_inquiry(self: Any, number: str) -> Row:
        """End an inquiry: no money moved."""
        return self._end(number, "warning_closed", "charge.dispute.closed")

    def _end(self: Any, number: str, status: str, kind: str) -> Row:
        with self.lock:
            found = self.disputes[number]
            before = {"status": found["status"]}
            found["status"] = status
            self.tell(kind, found, before)
            return found

    def _is_refundable(self: Any, charge: Row) -> bool:
        of = [one for one in self.disputes.values() if one["charge"] == charge["id"]]
        return all(one["is_charge_refundable"] or one["status"] == "won" for one in of)
