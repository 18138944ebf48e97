"""Money that is given back, taken, or set free.

Source: docs.stripe.com/api/refunds/create, /payment_intents/capture, /payment_intents/cancel. What
became of a request without an answer is looked up by our key, which Stripe keeps as metadata.
"""

from typing import Any

from odoo.addons.retail_connector_base.canonical import (
    CapturePayment,
    Command,
    PaymentCommand,
    RefundPayment,
    VoidPayment,
)
from odoo.addons.retail_connector_base.providers import (
    CommandResult,
    RejectedError,
    UnsupportedError,
)

from .amounts import to_number
from .client import StripeClient
from .once import once
from .payments import VOID, VOID_MARK
from .vocabulary import REFUND_REASONS

# Our key in metadata: of a refund, and of the last capture of an intent.
REFUND_KEY, CAPTURE_KEY = "retail_key", "retail_capture_key"
# Stripe's limits of a metadata value.
LONGEST = 500
_INTENT = "pi_"


class Effect:
    """One command's effect on one payment."""

    def __init__(self, client: StripeClient, command: PaymentCommand, key: str) -> None:
        self._client = client
        self._command = command
        self._key = key[:LONGEST]
        self._number = command.payment_external_id
        self._is_intent = self._number.startswith(_INTENT)

    def send(self) -> CommandResult:
        """Have the effect, once."""
        return once(self._key, self._post, self.look_up, self._result)

    def look_up(self) -> CommandResult | None:
        """Return the result where there is one."""
        raise NotImplementedError

    def _post(self, key: str) -> dict[str, Any]:
        raise NotImplementedError

    def _result(self, answer: dict[str, Any]) -> CommandResult:
        return CommandResult((str(answer.get("id") or ""),))

    def _intent(self) -> dict[str, Any]:
        found = self._client.find("payment_intents", self._number)
        if found is None:
            raise RejectedError("Stripe does not know the payment.")
        return found


class Refunding(Effect):
    """Give money back."""

    _command: RefundPayment

    def look_up(self) -> CommandResult | None:
        """Return the refund that has our key, among those of the payment."""
        rows = self._client.every("refunds", **self._payment())
        return next((self._result(row) for row in rows if self._is_ours(row)), None)

    def _post(self, key: str) -> dict[str, Any]:
        reason = (self._command.reason or "").strip()
        metadata = {REFUND_KEY: self._key, "reference": self._command.reference[:LONGEST]}
        known = reason if reason in REFUND_REASONS else None
        if reason and not known:
            metadata["reason"] = reason[:LONGEST]
        return self._client.post(
            "refunds",
            key=key,
            amount=to_number(self._command.amount),
            metadata=metadata,
            reason=known,
            **self._payment(),
        )

    def _result(self, answer: dict[str, Any]) -> CommandResult:
        """A refund that cannot be made later fails by an event of its own."""
        failed = answer.get("status") in ("failed", "canceled")
        notes = (f"Stripe says that the refund {answer['status']}.",) if failed else ()
        return CommandResult((str(answer.get("id") or ""),), notes)

    def _payment(self) -> dict[str, str]:
        return {"payment_intent" if self._is_intent else "charge": self._number}

    def _is_ours(self, row: dict[str, Any]) -> bool:
        return (row.get("metadata") or {}).get(REFUND_KEY) == self._key


class Capturing(Effect):
    """Take money that was authorised."""

    _command: CapturePayment

    def look_up(self) -> CommandResult | None:
        """Return the charge once the intent, or a charge without one, shows our capture."""
        if self._is_intent:
            intent = self._intent()
            done = (intent.get("metadata") or {}).get(CAPTURE_KEY) == self._key
            return self._result(intent) if done else None
        charge = self._client.find("charges", self._number) or {}
        same = charge.get("amount_captured") == to_number(self._command.amount)
        return CommandResult((self._number,)) if charge.get("captured") and same else None

    def _post(self, key: str) -> dict[str, Any]:
        amount = to_number(self._command.amount)
        if not self._is_intent:
            return self._client.post("charges", self._number, "capture", key=key, amount=amount)
        return self._client.post(
            "payment_intents",
            self._number,
            "capture",
            key=key,
            amount_to_capture=amount,
            # Newer than the specification: sent only where more captures follow.
            final_capture=None if self._command.final else False,
            metadata={CAPTURE_KEY: self._key},
        )

    def _result(self, answer: dict[str, Any]) -> CommandResult:
        charge = answer.get("latest_charge") if self._is_intent else self._number
        number = charge.get("id") if isinstance(charge, dict) else charge
        return CommandResult((str(number or self._number),))


class Voiding(Effect):
    """Set an authorisation free."""

    _command: VoidPayment

    def look_up(self) -> CommandResult | None:
        """Return the void once the intent is cancelled, or the bare charge is refunded."""
        if self._is_intent:
            done = self._intent().get("status") == "canceled"
        else:
            charge = self._client.find("charges", self._number) or {}
            done = bool(charge.get("refunded")) and not charge.get("captured")
        return self._result({}) if done else None

    def _post(self, key: str) -> dict[str, Any]:
        if self._is_intent:
            return self._client.post("payment_intents", self._number, "cancel", key=key)
        # A charge without an intent is set free by giving all of it back before it is captured.
        marked = {VOID_MARK: self._key}
        return self._client.post("refunds", key=key, charge=self._number, metadata=marked)

    def _result(self, answer: dict[str, Any]) -> CommandResult:
        return CommandResult((self._number + VOID,))


_EFFECTS: dict[type[Command], type[Effect]] = {
    RefundPayment: Refunding,
    CapturePayment: Capturing,
    VoidPayment: Voiding,
}


def effect_of(client: StripeClient, command: Command, key: str) -> Effect:
    """Return what has a command's effect. Raises ``UnsupportedError`` for other commands."""
    effect = _EFFECTS.get(type(command))
    if effect is None:
        raise UnsupportedError(f"Stripe cannot “{command.kind}”.")
    return effect(client, command, key)
