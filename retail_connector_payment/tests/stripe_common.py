"""What tests of the Stripe provider share: signed events, objects of the API, a fake of it."""

import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from odoo.addons.retail_connector_base.providers import (
    HttpClient,
    HttpResponse,
    ProviderContext,
    RawRequest,
    StoredMessage,
)

from ..providers.stripe import StripeProvider
from ..providers.stripe.signature import sign

SECRET = "whsec_of_tests"
NOW = datetime(2026, 4, 2, 16, tzinfo=timezone.utc)
STAMP = int(NOW.timestamp())
VERSION = "2023-08-16"


def contracts_root() -> Path | None:
    """Return Stripe's folder of the contracts, ``None`` where it is absent."""
    default = Path(__file__).resolve().parents[3] / "shared" / "contracts"
    root = Path(os.environ.get("RETAIL_CONTRACTS") or default) / "stripe"
    return root if root.is_dir() else None


def contract(name: str) -> Any:
    """Return the content of a published sample."""
    return json.loads((contracts_root() / f"{name}.json").read_text())


def signed(body: bytes, *secrets: str, moment: int | str = STAMP, scheme: str = "v1") -> RawRequest:
    """Return a webhook as Stripe sends it, signed with each secret."""
    signatures = [sign(secret, str(moment), body).decode() for secret in secrets or (SECRET,)]
    header = ",".join([f"t={moment}", *(f"{scheme}={value}" for value in signatures)])
    return RawRequest(body, {"stripe-signature": header}, NOW)


def event(topic: str, shown: Mapping[str, Any], **values: Any) -> dict[str, Any]:
    """Return an event about an object."""
    return {
        "id": "evt_1",
        "object": "event",
        "api_version": VERSION,
        "created": STAMP,
        "data": {"object": dict(shown)},
        "livemode": True,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": topic,
        **values,
    }


def charge(**values: Any) -> dict[str, Any]:
    """Return a charge that was captured at once."""
    return {
        "id": "ch_1",
        "object": "charge",
        "amount": 4_990,
        "amount_captured": 4_990,
        "amount_refunded": 0,
        "billing_details": {"email": "ada@example.com"},
        "captured": True,
        "created": STAMP - 60,
        "currency": "eur",
        "livemode": True,
        "metadata": {},
        "paid": True,
        "payment_intent": "pi_1",
        "payment_method_details": {"type": "card", "card": {"brand": "visa"}},
        "status": "succeeded",
        **values,
    }


def intent(**values: Any) -> dict[str, Any]:
    """Return a payment intent whose money can be captured."""
    return {
        "id": "pi_1",
        "object": "payment_intent",
        "amount": 4_990,
        "amount_capturable": 4_990,
        "amount_received": 0,
        "capture_method": "manual",
        "created": STAMP - 60,
        "currency": "eur",
        "latest_charge": "ch_1",
        "livemode": True,
        "metadata": {},
        "status": "requires_capture",
        **values,
    }


def refund(**values: Any) -> dict[str, Any]:
    """Return a refund that came through."""
    return {
        "id": "re_1",
        "object": "refund",
        "amount": 1_000,
        "balance_transaction": "txn_2",
        "charge": "ch_1",
        "created": STAMP - 30,
        "currency": "eur",
        "metadata": {},
        "payment_intent": "pi_1",
        "reason": None,
        "status": "succeeded",
        **values,
    }


def payout(**values: Any) -> dict[str, Any]:
    """Return an automatic payout that arrived, and whose transactions are known."""
    return {
        "id": "po_1",
        "object": "payout",
        "amount": 4_815,
        "arrival_date": STAMP + 86_400,
        "automatic": True,
        "created": STAMP - 60,
        "currency": "eur",
        "destination": "ba_1",
        "failure_code": None,
        "failure_message": None,
        "livemode": True,
        "reconciliation_status": "completed",
        "statement_descriptor": "MY SHOP",
        "status": "paid",
        **values,
    }


def transaction(**values: Any) -> dict[str, Any]:
    """Return the movement of the balance that a charge makes."""
    return {
        "id": "txn_1",
        "object": "balance_transaction",
        "amount": 4_990,
        "created": STAMP - 60,
        "currency": "eur",
        "description": None,
        "fee": 175,
        "fee_details": [
            {"amount": 147, "type": "stripe_fee", "currency": "eur"},
            {"amount": 28, "type": "tax", "currency": "eur"},
        ],
        "net": 4_815,
        "reporting_category": "charge",
        "source": charge(),
        "type": "charge",
        **values,
    }


def dispute(**values: Any) -> dict[str, Any]:
    """Return a dispute that wants an answer."""
    return {
        "id": "dp_1",
        "object": "dispute",
        "amount": 4_990,
        "balance_transactions": [],
        "charge": "ch_1",
        "created": STAMP - 60,
        "currency": "eur",
        "evidence_details": {"due_by": STAMP + 604_800},
        "livemode": True,
        "metadata": {},
        "payment_intent": "pi_1",
        "reason": "fraudulent",
        "status": "needs_response",
        **values,
    }


class FakeHttp(HttpClient):
    """Answers as a function says, and remembers what was sent: method, path, fields, key."""

    def __init__(self, answer: Callable[[str, str, dict[str, str]], Any]) -> None:
        super().__init__(correlation_id="test")
        self.calls: list[tuple[str, str, dict[str, str]]] = []
        self.keys: list[str] = []
        self._answer = answer

    def request(self, method, url, **options):
        """Override: answer here."""
        path = url.partition("/v1/")[2]
        fields = dict(options.get("data") or options.get("params") or {})
        self.calls.append((method, path, fields))
        self.keys.append((options.get("headers") or {}).get("Idempotency-Key", ""))
        content = self._answer(method, path, fields)
        if isinstance(content, Exception):
            raise content
        headers = {"date": "Thu, 02 Apr 2026 16:00:05 GMT"}
        return HttpResponse(200, headers, json.dumps(content).encode())


def listed(*rows: dict[str, Any], more: bool = False) -> dict[str, Any]:
    """Return a page of a list."""
    return {"object": "list", "data": list(rows), "has_more": more}


def provider(http: HttpClient | None = None, **settings: str) -> StripeProvider:
    """Return the provider of an account."""
    secrets = {"api_key": ("sk_live_of_tests",), "webhook_secret": (SECRET,)}
    return StripeProvider(ProviderContext(settings, secrets, http or HttpClient(), lambda: NOW))


def read(topic: str, shown: Mapping[str, Any], settings=None, **values: Any) -> Any:
    """Return what an event about an object is read as; its entity and version must be the same."""
    adapter = provider(**(settings or {}))
    body = json.dumps(event(topic, shown, **values)).encode()
    (message,) = adapter.verify(signed(body)).messages
    stored = StoredMessage(message.topic, message.kind, message.body, message.headers)
    found = adapter.parse(stored)
    told = (message.kind, message.entity_key, message.version)
    if told != (found.kind, found.entity_key, found.version):
        raise AssertionError(f"{told} is not what was read: {found!r}")
    return found
