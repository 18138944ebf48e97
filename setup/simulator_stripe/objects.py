"""Objects in the shape of the API of 2023-08-16, with what an account without Connect fills in."""

from typing import Any

Row = dict[str, Any]


def card(network: str = "visa", capture_before: int | None = None) -> Row:
    """Return the details of a card payment."""
    found: Row = {"brand": network, "country": "DE", "exp_month": 8, "exp_year": 2030,
                  "funding": "credit", "last4": "4242", "network": network}  # fmt: skip
    if capture_before:
        found["capture_before"] = capture_before
    return {"type": "card", "card": found}


def intent(
    number: str, amount: int, currency: str, metadata: dict[str, str], now: int, manual: bool,
    email: str | None, live: bool,
) -> Row:  # fmt: skip
    """Return a payment intent that waits for its payment."""
    return {
        "id": number, "object": "payment_intent", "amount": amount, "amount_capturable": 0,
        "amount_received": 0, "canceled_at": None, "cancellation_reason": None,
        "capture_method": "manual" if manual else "automatic", "created": now,
        "currency": currency, "description": None, "last_payment_error": None,
        "latest_charge": None, "livemode": live, "metadata": dict(metadata),
        "payment_method_types": ["card"], "receipt_email": email,
        "status": "requires_payment_method",
    }  # fmt: skip


def charge(number: str, of: Row, now: int, email: str | None, capture_before: int | None) -> Row:
    """Return the charge of an intent, authorised and not captured."""
    return {
        "id": number, "object": "charge", "amount": of["amount"], "amount_captured": 0,
        "amount_refunded": 0, "balance_transaction": None,
        "billing_details": {"email": email, "name": "Jenny Rosen", "phone": None, "address": None},
        "captured": False, "created": now, "currency": of["currency"], "description": None,
        "disputed": False, "failure_code": None, "failure_message": None,
        "livemode": of["livemode"], "metadata": dict(of["metadata"]), "outcome": None,
        "paid": True, "payment_intent": of["id"],
        "payment_method_details": card(capture_before=capture_before),
        "receipt_email": of["receipt_email"], "refunded": False, "status": "succeeded",
    }  # fmt: skip


def refund(
    number: str, of: Row, amount: int, metadata: dict[str, str], reason: str | None, now: int
) -> Row:
    """Return a refund of a charge."""
    return {
        "id": number, "object": "refund", "amount": amount, "balance_transaction": None,
        "charge": of["id"], "created": now, "currency": of["currency"],
        "metadata": dict(metadata), "payment_intent": of["payment_intent"], "reason": reason,
        "receipt_number": None, "status": "pending",
    }  # fmt: skip


def dispute(number: str, of: Row, amount: int, now: int, status: str, reason: str) -> Row:
    """Return a dispute of a charge."""
    return {
        "id": number, "object": "dispute", "amount": amount, "balance_transactions": [],
        "charge": of["id"], "created": now, "currency": of["currency"], "evidence": {},
        "evidence_details": {"due_by": now + 7 * 86_400, "has_evidence": False, "past_due": False,
                             "submission_count": 0},
        "is_charge_refundable": status.startswith("warning"), "livemode": of["livemode"],
        "metadata": {}, "payment_intent": of["payment_intent"], "reason": reason,
        "status": status,
    }  # fmt: skip


def payout(
    number: str, amount: int, currency: str, now: int, automatic: bool, live: bool, text: str
) -> Row:
    """Return a payout that was just made."""
    return {
        "id": number, "object": "payout", "amount": amount, "arrival_date": now + 2 * 86_400,
        "automatic": automatic, "balance_transaction": None, "created": now,
        "currency": currency, "description": "STRIPE PAYOUT", "destination": "ba_simulated",
        "failure_balance_transaction": None, "failure_code": None, "failure_message": None,
        "livemode": live, "metadata": {}, "method": "standard", "original_payout": None,
        "reconciliation_status": "in_progress" if automatic else "not_applicable",
        "reversed_by": None, "source_type": "card", "statement_descriptor": text,
        "status": "pending", "type": "bank_account",
    }  # fmt: skip


BANK = {"id": "ba_simulated", "object": "bank_account", "bank_name": "STRIPE TEST BANK",
        "country": "DE", "currency": "eur", "last4": "3000"}  # fmt: skip


def event(number: str, kind: str, shown: Row, now: int, version: str, live: bool,
          previous: Row | None) -> Row:  # fmt: skip
    """Return an event about an object as it is now."""
    data = {"object": shown, **({"previous_attributes": previous} if previous else {})}
    return {
        "id": number, "object": "event", "api_version": version, "created": now, "data": data,
        "livemode": live, "pending_webhooks": 0,
        "request": {"id": None, "idempotency_key": None}, "type": kind,
    }  # fmt: skip
