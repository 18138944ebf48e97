"""Payments: authorised, captured in full or in part, failed, lapsed, cancelled."""

from decimal import Decimal
from typing import Any

from . import objects
from .ledger import Row
from .money import rate, whole
from .problem import Problem, invalid, missing

HELD_DAYS = 7


class Charging:
    """What an account does with payment intents and charges."""

    def pay(
        self: Any, amount: int, currency: str = "eur", metadata: dict[str, str] | None = None,
        email: str | None = "jenny@example.com", manual: bool = False, declined: str = "",
    ) -> Row:  # fmt: skip
        """Have a customer pay; return the intent. ``declined`` is why the bank refuses it."""
        with self.lock:
            made = objects.intent(
                self.next_id("pi"), amount, currency, metadata or {}, self.now(), manual, email,
                self.live,
            )  # fmt: skip
            self.intents[made["id"]] = made
            if declined:
                self._decline(made, email, declined)
            else:
                self._authorize(made, email)
            return made

    def _decline(self: Any, intent: Row, email: str | None, code: str) -> None:
        charge = self._charge(intent, email, None)
        charge.update(status="failed", paid=False, failure_code=code,
                      failure_message="Your card was declined.")  # fmt: skip
        error = {"charge": charge["id"], "code": code, "message": charge["failure_message"],
                 "type": "card_error"}  # fmt: skip
        intent.update(last_payment_error=error, latest_charge=charge["id"])
        self.tell("charge.failed", charge)
        self.tell("payment_intent.payment_failed", intent)

    def _authorize(self: Any, intent: Row, email: str | None) -> None:
        manual = intent["capture_method"] == "manual"
        charge = self._charge(intent, email, self.after(HELD_DAYS) if manual else None)
        intent["latest_charge"] = charge["id"]
        if not manual:
            self._take(intent, charge, intent["amount"])
            self.tell("charge.succeeded", charge)
            self.tell("payment_intent.succeeded", intent)
            return
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        self.tell("charge.succeeded", charge)
        self.tell("payment_intent.amount_capturable_updated", intent)

    def _charge(self: Any, intent: Row, email: str | None, before: int | None) -> Row:
        made = objects.charge(self.next_id("ch"), intent, self.now(), email, before)
        self.charges[made["id"]] = made
        return made

    def capture(
        self: Any, number: str, amount: int | None = None, metadata: dict[str, str] | None = None
    ) -> Row:
        """Capture an intent, in full or in part: the rest is set free."""
        with self.lock:
            intent = self._intent(number)
            if intent["status"] != "requires_capture":
                raise _unexpected(intent, "captured")
            wanted = intent["amount_capturable"] if amount is None else amount
            if not 0 < wanted <= intent["amount_capturable"]:
                raise Problem(400, "amount_too_large", "The amount is not capturable.")
            charge = self.charges[intent["latest_charge"]]
            intent["metadata"].update(metadata or {})
            self._take(intent, charge, wanted)
            self.tell("charge.captured", charge, {"amount_captured": 0, "captured": False})
            self.tell("payment_intent.succeeded", intent)
            return intent

    def _take(self: Any, intent: Row, charge: Row, amount: int) -> None:
        charge.update(captured=True, amount_captured=amount)
        intent.update(status="succeeded", amount_received=amount, amount_capturable=0)
        currency = self.terms.settled(charge["currency"])
        factor = self.rate_of(charge)
        taken = whole(charge["amount"] * factor)
        row = self.ledger.book(
            "charge", "charge", taken, currency, charge["id"],
            self.terms.fees(whole(amount * factor), currency),
            float(factor) if currency != charge["currency"] else None, self.terms.delay,
            "Payment",
        )  # fmt: skip
        charge["balance_transaction"] = row["id"]
        if amount < charge["amount"]:
            self._set_rest_free(charge, currency, taken - whole(amount * factor))

    def _set_rest_free(self: Any, charge: Row, currency: str, number: int) -> None:
        """Two movements: the whole authorisation, and what was not captured of it."""
        rest = charge["amount"] - charge["amount_captured"]
        made = objects.refund(self.next_id("re"), charge, rest, {}, None, self.now())
        made["status"] = "succeeded"
        row = self.ledger.book(
            "refund", "partial_capture_reversal", -number, currency, made["id"],
            days=self.terms.delay,
        )  # fmt: skip
        made["balance_transaction"] = row["id"]
        charge["amount_refunded"] = rest
        self.refunds[made["id"]] = made

    def rate_of(self: Any, charge: Row) -> Decimal:
        """Return by what a charge's numbers are multiplied in the balance."""
        currency = self.terms.settled(charge["currency"])
        return Decimal(1) if currency == charge["currency"] else rate(charge["currency"], currency)

    def cancel(self: Any, number: str, reason: str | None = None) -> Row:
        """Cancel an intent: what was authorised is set free."""
        with self.lock:
            intent = self._intent(number)
            if intent["status"] in ("succeeded", "canceled"):
                raise _unexpected(intent, "canceled")
            held = intent["status"] == "requires_capture"
            intent.update(status="canceled", canceled_at=self.now(), amount_capturable=0,
                          cancellation_reason=reason)  # fmt: skip
            if held:
                charge = self.charges[intent["latest_charge"]]
                charge.update(refunded=True, amount_refunded=charge["amount"])
                self.tell("charge.expired" if reason == "automatic" else "charge.refunded", charge)
            self.tell("payment_intent.canceled", intent)
            return intent

    def lapse(self: Any) -> list[Row]:
        """Cancel the authorisations whose time is over."""
        with self.lock:
            over = [
                intent for intent in self.intents.values()
                if intent["status"] == "requires_capture"
                and self._held_until(intent) <= self.now()
            ]  # fmt: skip
            return [self.cancel(intent["id"], "automatic") for intent in over]

    def _held_until(self: Any, intent: Row) -> int:
        details = self.charges[intent["latest_charge"]]["payment_method_details"]
        return details["card"]["capture_before"]

    def _intent(self: Any, number: str) -> Row:
        if number not in self.intents:
            raise missing("payment_intent", number)
        return self.intents[number]

    def charge_of(self: Any, charge: str | None, intent: str | None) -> Row:
        """Return a charge by its id, or the last one of an intent."""
        if charge is None and intent is None:
            raise invalid("charge", "One of charge and payment_intent must be provided")
        if charge is None:
            charge = self._intent(str(intent))["latest_charge"]
        if charge not in self.charges:
            raise missing("charge", str(charge))
        return self.charges[charge]


def _unexpected(intent: Row, wanted: str) -> Problem:
    text = f"This PaymentIntent could not be {wanted}: it has a status of {intent['status']}."
    return Problem(400, "payment_intent_unexpected_state", text)
