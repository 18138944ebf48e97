"""The paths of the API and what each does. Everything happens under the shop's lock."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .goods import SITE
from .listing import BadRequest, page_of
from .shop import Shop
from .webhooks import Webhooks

BATCH = 100
API = "/wp-json/wc/v3"


@dataclass(frozen=True)
class Request:
    """A request: its method, query and decoded body."""

    method: str
    query: Mapping[str, str]
    content: Any = None


@dataclass(frozen=True)
class Reply:
    """An answer: status, content and headers beside the usual."""

    status: int
    content: Any
    headers: Mapping[str, str] | None = None


def problem(status: int, code: str, message: str) -> Reply:
    """Return an error as WordPress writes it."""
    return Reply(status, {"code": code, "message": message, "data": {"status": status}})


NOT_FOUND = problem(404, "rest_no_route", "No route was found matching the URL.")
INVALID = problem(404, "woocommerce_rest_invalid_id", "Invalid ID.")
GONE = ("woocommerce_rest_product_invalid_id", "Invalid ID.")
Handler = Callable[..., Reply]


class Routes:
    """Finds and runs the handler of a path."""

    def __init__(self, shop: Shop, webhooks: Webhooks) -> None:
        self._shop, self._webhooks = shop, webhooks
        self._table: list[tuple[str, str, Handler]] = [
            ("GET", "/data/currencies/current", self._currency),
            ("GET", "/orders", lambda r: self._list(self._shop.orders, r)),
            ("GET", r"/orders/(\d+)", lambda r, n: self._one(self._shop.orders, n)),
            ("PUT", r"/orders/(\d+)", self._edit_order),
            ("GET", r"/orders/(\d+)/notes", lambda r, n: self._rows(self._shop.notes, n, r)),
            ("POST", r"/orders/(\d+)/notes", self._add_note),
            ("GET", r"/orders/(\d+)/refunds", lambda r, n: self._rows(self._shop.refunds, n, r)),
            ("GET", "/customers", self._customers),
            ("GET", "/products", lambda r: self._list(self._shop.products, r)),
            ("POST", "/products/batch", self._batch_products),
            ("GET", r"/products/(\d+)/variations", self._variations),
            ("POST", r"/products/(\d+)/variations/batch", self._batch_variations),
            ("GET", "/webhooks", lambda r: self._list(self._webhooks.rows, r)),
            ("POST", "/webhooks", lambda r: Reply(201, self._webhooks.save(r.content))),
            ("PUT", r"/webhooks/(\d+)", self._edit_webhook),
            ("DELETE", r"/webhooks/(\d+)", self._remove_webhook),
        ]

    def answer(self, path: str, request: Request) -> Reply:
        """Return the answer to an authentic request."""
        for method, pattern, handler in self._table:
            found = re.fullmatch(pattern, path.removeprefix(API))
            if found and method == request.method:
                try:
                    with self._shop.lock:
                        return handler(request, *map(int, found.groups()))
                except BadRequest as error:
                    return problem(400, "rest_invalid_param", f"Invalid parameter(s): {error}")
        return NOT_FOUND

    def index(self) -> Reply:
        """Return what the site says of itself to everybody."""
        return Reply(
            200,
            {
                "name": "Simulated shop", "description": "", "url": SITE, "home": SITE,
                "gmt_offset": "2", "timezone_string": "Europe/Berlin",
                "namespaces": ["oembed/1.0", "wc/v1", "wc/v2", "wc/v3", "wp/v2"],
            },
        )  # fmt: skip

    def _list(self, rows: Mapping[int, dict[str, Any]], request: Request) -> Reply:
        found, headers = page_of(rows.values(), request.query)
        return Reply(200, found, headers)

    def _one(self, rows: Mapping[int, dict[str, Any]], number: int) -> Reply:
        return Reply(200, rows[number]) if number in rows else INVALID

    def _rows(
        self, lists: Mapping[int, list[dict[str, Any]]], number: int, request: Request
    ) -> Reply:
        if number not in self._shop.orders:
            return INVALID
        if lists is self._shop.notes:
            # Notes come all at once.
            return Reply(200, lists[number])
        found, headers = page_of(lists[number], request.query)
        return Reply(200, found, headers)

    def _currency(self, request: Request) -> Reply:
        return Reply(200, {"code": self._shop.terms.currency, "name": "", "symbol": ""})

    def _customers(self, request: Request) -> Reply:
        """Accounts are users: their list knows no time of change."""
        if "modified_after" in request.query or request.query.get("orderby") == "modified":
            raise BadRequest("orderby")
        return self._list(self._shop.customers, request)

    def _edit_order(self, request: Request, number: int) -> Reply:
        if number not in self._shop.orders:
            return INVALID
        self._shop.edit_order(self._shop.orders[number], request.content)
        return Reply(200, self._shop.orders[number])

    def _add_note(self, request: Request, number: int) -> Reply:
        if number not in self._shop.orders:
            return INVALID
        to_customer = bool(request.content.get("customer_note"))
        return Reply(201, self._shop.add_note(number, request.content["note"], to_customer))

    def _variations(self, request: Request, number: int) -> Reply:
        if number not in self._shop.products:
            return problem(404, *GONE)
        return self._list(self._shop.variations.get(number, {}), request)

    def _batch_products(self, request: Request) -> Reply:
        return self._batch(self._shop.products, request)

    def _batch_variations(self, request: Request, number: int) -> Reply:
        return self._batch(self._shop.variations.get(number, {}), request)

    def _batch(self, rows: Mapping[int, dict[str, Any]], request: Request) -> Reply:
        """Update several items; each is answered for itself, with its content or its error."""
        updates = request.content.get("update") or []
        if len(updates) > BATCH:
            text = f"Unable to accept more than {BATCH} items for this request."
            return problem(413, "woocommerce_rest_request_entity_too_large", text)
        return Reply(200, {"update": [self._update(rows, values) for values in updates]})

    def _update(
        self, rows: Mapping[int, dict[str, Any]], values: Mapping[str, Any]
    ) -> dict[str, Any]:
        item = rows.get(values["id"])
        refused = self._refusal(values)
        if item is None or refused:
            code, message = refused if item else GONE
            error = {"code": code, "message": message, "data": {"status": 400}}
            return {"id": values["id"], "error": error}
        self._shop.edit_item(item, values)
        return item

    def _refusal(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        for name in ("regular_price", "sale_price"):
            if not isinstance(values.get(name, ""), str):
                return "rest_invalid_param", f"{name} is not of type string."
        if not isinstance(values.get("stock_quantity", 0), int):
            return "rest_invalid_param", "stock_quantity is not of type integer."
        return None

    def _edit_webhook(self, request: Request, number: int) -> Reply:
        if number not in self._webhooks.rows:
            return INVALID
        return Reply(200, self._webhooks.save(request.content, number))

    def _remove_webhook(self, request: Request, number: int) -> Reply:
        if number not in self._webhooks.rows:
            return INVALID
        if request.query.get("force") != "true":
            return problem(
                501, "woocommerce_rest_trash_not_supported", "Webhooks cannot be trashed."
            )
        return Reply(200, self._webhooks.remove(number))
