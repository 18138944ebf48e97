"""The paths of the API and what each does. Everything happens under the seller's lock."""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from simulator_common import Call, Keys

from .paging import page_of
from .problem import invalid, missing, refusal
from .searching import Searching
from .seller import Seller
from .state import Row
from .webhooks import Webhooks
from .writing import Writing

Handler = Callable[..., Row]


class Routes:
    """Finds and runs the handler of a path."""

    def __init__(self, seller: Seller, webhooks: Webhooks) -> None:
        self._seller, self.keys = seller, Keys()
        self._search, self._write = Searching(seller), Writing(seller)
        one = r"/([^/]+)"
        search, write = self._search, self._write
        self._table: list[tuple[str, str, Handler]] = [
            ("GET", "/merchants", lambda call: {"merchant": [seller.merchant]}),
            ("GET", "/locations", lambda call: {"locations": list(seller.locations.values())}),
            ("GET", "/devices", search.devices),
            ("GET", "/customers" + one, self._one("customers", "customer")),
            ("GET", "/orders" + one, self._one("orders", "order")),
            ("POST", "/orders/search", search.orders),
            ("GET", "/payments", search.payments),
            ("GET", "/payments" + one, self._one("payments", "payment")),
            ("GET", "/refunds", search.refunds),
            ("GET", "/refunds" + one, self._one("refunds", "refund")),
            ("GET", "/gift-cards/activities", search.cards),
            ("GET", "/cash-drawers/shifts", search.shifts),
            ("GET", "/cash-drawers/shifts" + one, search.shift),
            ("GET", "/cash-drawers/shifts" + one + "/events", search.drawer_events),
            ("GET", "/payouts", search.payouts),
            ("GET", "/payouts" + one, self._one("payouts", "payout")),
            ("GET", "/payouts" + one + "/payout-entries", search.entries),
            ("GET", "/disputes", search.disputes),
            ("GET", "/disputes" + one, self._one("disputes", "dispute")),
            ("GET", "/catalog/list", search.catalog_list),
            ("POST", "/catalog/search", search.catalog),
            ("POST", "/catalog/batch-retrieve", search.objects),
            ("GET", "/catalog/object" + one, search.object),
            ("POST", "/catalog/batch-upsert", self._once(write.upsert)),
            ("POST", "/inventory/counts/batch-retrieve", search.counts),
            ("POST", "/inventory/changes/batch-create", self._once(write.change_counts)),
            ("GET", "/webhooks/subscriptions", lambda call: page_of(
                "subscriptions", list(webhooks.rows.values()), call.query)),
            ("POST", "/webhooks/subscriptions", lambda call: webhooks.create(call.body)),
            ("PUT", "/webhooks/subscriptions" + one,
             lambda call, number: webhooks.change(number, call.body)),
            ("DELETE", "/webhooks/subscriptions" + one,
             lambda call, number: webhooks.remove(number)),
        ]  # fmt: skip

    def answer(self, call: Call) -> Row:
        """Return the answer to an authentic request. Raises ``Refusal``."""
        for wanted, pattern, handler in self._table:
            found = re.fullmatch("/v2" + pattern, call.path)
            if found and call.method == wanted:
                with self._seller.lock:
                    return deepcopy(handler(call, *found.groups()))
        raise refusal(404, "NOT_FOUND", "API endpoint for URL path was not found.")

    def _one(self, name: str, word: str) -> Handler:
        def found(call: Call, number: str) -> Row:
            rows: Mapping[str, Row] = getattr(self._seller, name)
            if number not in rows:
                raise missing(word.title(), number)
            return {word: rows[number]}

        return found

    def _once(self, handler: Handler) -> Handler:
        """Answer a key that was used before as before; refuse it for anything else."""

        def answered(call: Call) -> Row:
            body: dict[str, Any] = call.body or {}
            key = body.get("idempotency_key")
            if not key or len(key) > 128:
                raise invalid("idempotency_key")
            try:
                known, answer = self.keys.known(key, body)
            except KeyError:
                text = "The idempotency key can only be retried with the same request data."
                raise refusal(400, "IDEMPOTENCY_KEY_REUSED", text) from None
            if known:
                return answer
            made = handler(call)
            self.keys.keep(key, deepcopy(body), deepcopy(made))
            return made

        return answered
