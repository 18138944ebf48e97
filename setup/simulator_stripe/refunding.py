"""Refunds: at once, later, failed although they had succeeded."""

from typing import Any

from . import objects
from .ledger import Row
from .money import whole
from .problem import Problem


class Refunding:
    """What an account does with refunds."""

    def refund(
        self: Any, charge: str | None = None, amount: int | None = None,
        metadata: dict[str, str] | None = None, reason: str | None = None,
        intent: str | None = None,
    ) -> Row:  # fmt: skip
        """Give back a charge's money, all that is left of it by default."""
        with self.lock:
            of = self.charge_of(charge, intent)
            held = not of["captured"] and not of["refunded"]
            if held and of["status"] == "succeeded":
                self.cancel(of["payment_intent"], "requested_by_customer")
                return {**objects.refund(self.next_id("re"), of, of["amount"], {}, None,
                                         self.now()), "status": "succeeded"}  # fmt: skip
            wanted = self._checked(of, amount)
            made = objects.refund(
                self.next_id("re"), of, wanted, metadata or {}, reason, self.now()
            )
            self.refunds[made["id"]] = made
            of["amount_refunded"] += wanted
            of["refunded"] = of["amount_refunded"] == of["amount"]
            row = self._move(of, -wanted, "refund", made["id"])
            made.update(balance_transaction=row["id"],
                        status="pending" if self.refunds_pend else "succeeded")  # fmt: skip
            self.tell("refund.created", made)
            self.tell("charge.refunded", of)
            return made

    def _checked(self: Any, charge: Row, amount: int | None) -> int:
        left = charge["amount"] - charge["amount_refunded"]
        if charge["disputed"] and not self._is_refundable(charge):
            raise Problem(400, "charge_disputed", "The charge has been charged back.")
        if charge["status"] != "succeeded" or not left:
            raise Problem(400, "charge_already_refunded", "The charge has already been refunded.")
        wanted = left if amount is None else amount
        if not 0 < wanted <= left:
            raise Problem(400, "amount_too_large", "Refund amount is greater than what is left.")
        return wanted

    def _move(self: Any, charge: Row, amount: int, word: str, source: str) -> Row:
        currency = self.terms.settled(charge["currency"])
        return self.ledger.book(
            word, word, whole(amount * self.rate_of(charge)), currency, source,
            exchange_rate=None if currency == charge["currency"] else float(self.rate_of(charge)),
            text=word,
        )  # fmt: skip

    def settle_refund(self: Any, number: str) -> Row:
        """Have the bank confirm a refund that was pending."""
        return self._change(number, "succeeded", "refund.updated", "charge.refund.updated")

    def fail_refund(self: Any, number: str, reason: str = "lost_or_stolen_card") -> Row:
        """Have the bank send a refund's money back, even after it succeeded."""
        with self.lock:
            found = self.refunds[number]
            charge = self.charges[found["charge"]]
            charge["amount_refunded"] -= found["amount"]
            charge["refunded"] = False
            row = self._move(charge, found["amount"], "refund_failure", number)
            found.update(failure_reason=reason, failure_balance_transaction=row["id"])
            return self._change(number, "failed", "refund.updated", "charge.refund.updated")

    def _change(self: Any, number: str, status: str, *kinds: str) -> Row:
        with self.lock:
            found = self.refunds[number]
            before = {"status": found["status"]}
            found["status"] = status
            for kind in kinds:
                self.tell(kind, found, before)
            return found
