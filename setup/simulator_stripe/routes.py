"""The paths of the API and what each does. Everything happens under the account's lock."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .account import Account
from .expanding import expand
from .ledger import Row
from .listing import page_of
from .problem import Problem, invalid, missing
from .webhooks import Webhooks

EVENT_DAYS = 30


@dataclass(frozen=True)
class Request:
    """A request: its query, and its form with nested values."""

    query: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, Any] = field(default_factory=dict)

    def number(self, name: str) -> int | None:
        """Return a whole number of the form."""
        text = self.form.get(name)
        if text is None:
            return None
        if not re.fullmatch(r"\d{1,12}", str(text), re.ASCII):
            raise invalid(name, "Invalid integer")
        return int(text)


class Routes:
    """Finds and runs the handler of a path."""

    def __init__(self, account: Account, webhooks: Webhooks) -> None:
        self._account, self._webhooks = account, webhooks
        one = r"/([\w:]+)"
        self._table: list[tuple[str, str, Callable[..., Row]]] = [
            ("GET", "/account", lambda r: self._about()),
            ("GET", "/balance", lambda r: self._balance()),
            ("GET", "/balance_transactions", self._transactions),
            ("GET", "/events", self._events),
            ("GET", "/charges", self._list("charges", "payment_intent")),
            ("GET", "/charges" + one, self._one("charges", "charge")),
            ("POST", "/charges" + one + "/capture", self._capture_charge),
            ("GET", "/payment_intents", self._list("intents", path="payment_intents")),
            ("GET", "/payment_intents" + one, self._one("intents", "payment_intent")),
            ("POST", "/payment_intents" + one + "/capture", self._capture),
            ("POST", "/payment_intents" + one + "/cancel", self._cancel),
            ("GET", "/refunds", self._list("refunds", "charge", "payment_intent")),
            ("GET", "/refunds" + one, self._one("refunds", "refund")),
            ("POST", "/refunds", self._refund),
            ("GET", "/disputes", self._list("disputes", "charge", "payment_intent")),
            ("GET", "/disputes" + one, self._one("disputes", "dispute")),
            ("GET", "/payouts", self._list("payouts", "status")),
            ("GET", "/payouts" + one, self._one("payouts", "payout")),
            ("GET", "/webhook_endpoints", self._endpoints),
            ("POST", "/webhook_endpoints", lambda r: webhooks.create(r.form)),
            ("POST", "/webhook_endpoints" + one, lambda r, n: webhooks.change(n, r.form)),
            ("DELETE", "/webhook_endpoints" + one, lambda r, n: webhooks.remove(n)),
        ]

    def answer(self, method: str, path: str, request: Request) -> Row:
        """Return the answer to an authentic request. Raises ``Problem``."""
        for wanted, pattern, handler in self._table:
            found = re.fullmatch("/v1" + pattern, path)
            if found and method == wanted:
                with self._account.lock:
                    shown = handler(request, *found.groups())
                    asked = request.query.get("expand") or request.form.get("expand") or ()
                    return expand(self._account, shown, list(asked))
        text = f"Unrecognized request URL ({method}: {path})."
        raise Problem(404, "unrecognized_url", text, kept=False)

    def _list(self, name: str, *equal: str, path: str = "") -> Callable[[Request], Row]:
        def listed(request: Request) -> Row:
            rows = getattr(self._account, name).values()
            return page_of(f"/v1/{path or name}", rows, request.query, *equal)

        return listed

    def _one(self, name: str, word: str) -> Callable[[Request, str], Row]:
        def found(request: Request, number: str) -> Row:
            rows = getattr(self._account, name)
            if number not in rows:
                raise missing(word, number)
            return rows[number]

        return found

    def _about(self) -> Row:
        terms = self._account.terms
        return {
            "id": "acct_simulated", "object": "account", "country": "DE",
            "business_profile": {"name": "Simulated Shop"}, "default_currency": terms.settles[0],
            "charges_enabled": True, "payouts_enabled": True,
        }  # fmt: skip

    def _balance(self) -> Row:
        live = self._account.live
        return {"object": "balance", "livemode": live, **self._account.balances()}

    def _transactions(self, request: Request) -> Row:
        ledger, payout = self._account.ledger, request.query.get("payout")
        if payout is None:
            rows = list(ledger.rows.values())
        elif payout not in self._account.payouts:
            raise missing("payout", payout)
        elif not self._account.payouts[payout]["automatic"]:
            text = "Balance transaction history can only be filtered on automatic transfers."
            raise Problem(400, "invalid_request_error", text, kept=False)
        else:
            rows = self._account.made_of(payout)
        shown = page_of("/v1/balance_transactions", rows, request.query, "currency", "source",
                        "type")  # fmt: skip
        return {**shown, "data": [ledger.shown(row) for row in shown["data"]]}

    def _events(self, request: Request) -> Row:
        """Events are listed for 30 days."""
        oldest = self._account.after(-EVENT_DAYS)
        rows = [row for row in self._account.events.values() if row["created"] >= oldest]
        return page_of("/v1/events", rows, request.query, "type")

    def _capture(self, request: Request, number: str) -> Row:
        metadata = request.form.get("metadata")
        return self._account.capture(number, request.number("amount_to_capture"), metadata)

    def _capture_charge(self, request: Request, number: str) -> Row:
        charge = self._account.charge_of(number, None)
        self._account.capture(charge["payment_intent"], request.number("amount"))
        return charge

    def _cancel(self, request: Request, number: str) -> Row:
        return self._account.cancel(number, request.form.get("cancellation_reason"))

    def _refund(self, request: Request) -> Row:
        form = request.form
        return self._account.refund(
            form.get("charge"), request.number("amount"), form.get("metadata"),
            form.get("reason"), form.get("payment_intent"),
        )  # fmt: skip

    def _endpoints(self, request: Request) -> Row:
        return page_of("/v1/webhook_endpoints", self._webhooks.rows.values(), request.query)
