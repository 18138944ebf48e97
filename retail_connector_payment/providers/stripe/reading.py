"""Objects read from the API as messages of the inbox, in the shape of events.

Their version is the moment of reading by Stripe's clock, since objects do not say when they
changed; their identity is what they show, so that one state is one message.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    ReceivedMessage,
    TransientError,
    strict_json,
)
from odoo.addons.retail_connector_base.providers.reading import understood

from .client import StripeClient
from .node import Node
from .parse import READ_AT, read_event
from .payouts import composite, is_reconciled

# What transactions are matched by stands in their sources.
SOURCES = ["data.source"]
_MOVEMENT = "balance_transaction"


class Reader:
    """Makes messages of what one account's API shows."""

    def __init__(self, client: StripeClient, live: bool, reference_keys: Sequence[str]) -> None:
        self.client = client
        self._live = live
        self.reference_keys = tuple(reference_keys)

    def message(
        self, topic: str, shown: dict[str, Any], authoritative: bool = False
    ) -> ReceivedMessage | None:
        """Return the message of an object, ``None`` if it tells of nothing that is kept."""
        event = {"data": {"object": _steady(shown)}, "livemode": self._live}
        headers = {READ_AT: str(int(self.client.read_at.timestamp()))}
        try:
            found = understood(lambda: read_event(Node(event), topic, headers, self.reference_keys))
        except MalformedPayloadError as error:
            raise TransientError(f"Stripe's answer cannot be used: {error}") from error
        if found is None:
            return None
        body = strict_json.dumps(event)
        return ReceivedMessage(
            event_id=f"{found.entity_key}@{hashlib.sha256(body).hexdigest()[:24]}",
            topic=topic,
            kind=found.kind,
            body=body,
            entity_key=found.entity_key,
            version=found.version,
            observed_at=found.version,
            headers=headers,
            authoritative=authoritative,
        )

    def payout(self, number: str, authoritative: bool = False) -> ReceivedMessage | None:
        """Return a payout, with all transactions that Stripe links to it once it has done so."""
        found = self.client.find("payouts", number, expand=["destination"])
        if found is None:
            return None
        rows = None
        if is_reconciled(found):
            rows = self.client.every("balance_transactions", payout=number, expand=SOURCES)
        return self.message("poll/payout", composite(found, rows), authoritative)

    def one(self, kind: str, number: str) -> ReceivedMessage | None:
        """Return one entity as Stripe holds it now, ``None`` when it is gone."""
        if kind == "payout":
            return self.payout(number, True)
        if kind == "dispute":
            return self._found("poll/dispute", "disputes", number)
        return self._payment(number)

    def _payment(self, number: str) -> ReceivedMessage | None:
        """Return a payment; the beginning of its id tells what it is."""
        bare, _colon, part = number.partition(":")
        if bare.startswith("pi_"):
            return self._intent(bare, _PARTS.get(part))
        if bare.startswith(("re_", "pyr_")):
            return self._found("poll/refund", "refunds", bare, expand=[_MOVEMENT])
        topic = "poll/void" if part == "void" else "poll/charge"
        return self._found(topic, "charges", bare, expand=["payment_intent"])

    def _intent(self, number: str, topic: str | None) -> ReceivedMessage | None:
        """Return what has become of an intent: its charge, once money was taken."""
        found = self.client.find("payment_intents", number, expand=["latest_charge"])
        if found is None:
            return None
        charge = found.get("latest_charge")
        topic = topic or _BECAME.get(str(found.get("status")), "poll/failure")
        if topic == "poll/charge" and isinstance(charge, dict):
            intent = {key: found.get(key) for key in ("id", "object", "capture_method")}
            return self.message(topic, {**charge, "payment_intent": intent}, True)
        if topic == "poll/failure" and not found.get("last_payment_error"):
            return None
        return self.message(topic, found, True)

    def _found(
        self, topic: str, path: str, number: str, expand: Sequence[str] | None = None
    ) -> ReceivedMessage | None:
        found = self.client.find(path, number, expand=expand)
        return self.message(topic, found, True) if found else None


def _steady(shown: dict[str, Any]) -> dict[str, Any]:
    """Return an object without what changes of its movement while it stays what it is."""
    movement = shown.get(_MOVEMENT)
    if not isinstance(movement, dict):
        return shown
    kept = {key: movement.get(key) for key in ("id", "object", "reporting_category")}
    return {**shown, _MOVEMENT: kept}


# What an intent is read as, by its status; any other may have been tried in vain.
_BECAME = {
    "requires_capture": "poll/payment_intent",
    "succeeded": "poll/charge",
    "canceled": "poll/void",
}
# What the ids that we made of an intent's stand for.
_PARTS = {"void": "poll/void", "failed": "poll/failure"}
