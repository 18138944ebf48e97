"""Which request does what. Source: the paths of the specification of 2026-01."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from simulator_common import Call

from .account import Account
from .problem import missing
from .searching import Searching
from .state import METHODS
from .webhooks import Webhooks
from .writing import Writing

Handler = Callable[..., Any]
PREFIX = "/2026-01"


class Routes:
    """Answers requests about one account."""

    def __init__(self, account: Account, webhooks: Webhooks) -> None:
        self._account = account
        read, write, one = Searching(account), Writing(account), r"/(\d+)"
        self._table: list[tuple[str, str, Handler]] = [
            ("GET", "/channel", read.channels),
            ("GET", "/location", read.locations),
            ("GET", "/shipping-method", _methods),
            ("POST", "/order", write.create_order),
            ("GET", "/order", read.orders),
            ("GET", "/order" + one, read.order),
            ("POST", "/order" + one + ":cancel", write.cancel_order),
            ("GET", "/shipment" + one, read.shipment),
            ("GET", "/shipment" + one + ":getLineItems", read.line_items),
            ("PUT", "/shipment" + one + ":updateAddress", write.change_address),
            ("POST", "/shipment" + one + ":updateLineItems", write.change_lines),
            ("GET", "/shipments-tracking", read.trackings),
            ("GET", "/return", read.returns),
            ("POST", "/return", write.create_return),
            ("GET", "/return" + one, read.one_return),
            ("POST", "/return" + one + ":cancel", write.cancel_return),
            ("GET", "/receiving", read.receivings),
            ("POST", "/receiving", write.create_receiving),
            ("GET", "/receiving" + one, read.receiving),
            ("GET", "/receiving" + one + "/boxes", read.boxes),
            ("POST", "/receiving" + one + ":cancel", write.cancel_receiving),
            ("GET", "/inventory", read.inventory),
            ("GET", "/inventory-level/locations", read.levels),
            ("GET", "/product", read.products),
            ("GET", "/product" + one, read.product),
            ("GET", "/invoices", read.invoices),
            ("GET", "/invoices" + one + "/transactions", read.transactions),
            ("GET", "/webhook", webhooks.listed),
            ("POST", "/webhook", webhooks.create),
            ("DELETE", r"/webhook/(\w+)", webhooks.remove),
        ]

    def answer(self, call: Call) -> Any:
        """Return the answer to an authentic request. Raises ``Refusal``."""
        for wanted, pattern, handler in self._table:
            found = re.fullmatch(PREFIX + pattern, call.path)
            if found and call.method == wanted:
                with self._account.lock:
                    return deepcopy(handler(call, *found.groups()))
        raise missing("Resource", call.path)


def _methods(call: Call) -> list[dict[str, Any]]:
    if call.query.get("Page", "1") not in ("0", "1"):
        return []
    return [
        {"id": index, "name": name, "active": True, "default": index == 1,
         "service_level": {"id": index, "name": name}}
        for index, name in enumerate(METHODS, 1)
    ]  # fmt: skip
