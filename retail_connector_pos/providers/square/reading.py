"""Reading orders with all that makes them tickets: payments, refunds, place, customer, goods,
cards.

What one ticket needs is asked for once for a page of orders where the API lists it, and remembered.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from odoo.addons.retail_connector_base.providers import AuthenticationError, MalformedPayloadError

from .client import Row, SquareClient
from .node import Node
from .order_lines import dicts, rows_of, variations_of
from .ticket import Sale
from .vocabulary import GIFT_CARD_BRAND

# Payments of a page of orders are listed where there are more than this many of them.
FEW = 8
PAGE = 100
_AT_ONCE = 1_000
_OF_GIFT_CARDS = frozenset(("GIFT_CARD", GIFT_CARD_BRAND))


class Reader:
    """Makes what is kept of orders, for one seller."""

    def __init__(self, client: SquareClient) -> None:
        self.client = client
        self._locations: dict[str, Row] = {}
        self._payments: dict[str, Row] = {}
        self._refunds: dict[str, Row] = {}
        self._variations: dict[str, Row | None] = {}
        self._customers: dict[str, Row | None] = {}
        self._may_read_customers = True

    # Places

    def locations(self) -> list[Row]:
        """Return all locations, by their ids."""
        if not self._locations:
            rows = self.client.get("locations").get("locations") or []
            self._locations = {str(row.get("id")): row for row in rows if isinstance(row, dict)}
        return [self._locations[key] for key in sorted(self._locations)]

    def location(self, number: str) -> Row:
        """Return what a ticket needs of a location."""
        if number not in self._locations:
            self.locations()
        row = self._locations.get(number) or {"id": number}
        return {key: row[key] for key in ("id", "name", "timezone", "currency") if row.get(key)}

    # Orders

    def order(self, number: str) -> Row | None:
        """Return one order with all that belongs to it, ``None`` when there is none."""
        found = self.client.find("order", "orders", number)
        return self.sales([found])[0] if found else None

    def whole(self, orders: Sequence[Row]) -> list[Row]:
        """Return orders with all that belongs to them; one that is broken hinders no other."""
        try:
            return self.sales(orders)
        except MalformedPayloadError:
            if len(orders) == 1:
                return [{"order": orders[0]}]
            middle = len(orders) // 2
            return self.whole(orders[:middle]) + self.whole(orders[middle:])

    def sales(self, orders: Sequence[Row]) -> list[Row]:
        """Return orders with all that belongs to them, as it is now."""
        self._payments.clear()
        self._refunds.clear()
        self._list("payments", self._payments, orders, _payments_of, "tenders")
        self._list("refunds", self._refunds, orders, _refunds_of, "refunds")
        self._list_variations(orders)
        return [self._sale(order) for order in orders]

    def _sale(self, order: Row) -> Row:
        payments = {number: self._payment(number) for number in _payments_of(order)}
        refunds = [self._refund(number) for number in _refunds_of(order)]
        for refund in refunds:
            source = refund and refund.get("payment_id")
            if source and source not in payments:
                payments[source] = self._payment(source)
        goods = {number: self._variations.get(number) for number in variations_of(order)}
        content: Row = {
            "order": order,
            "payments": [_kept(row) for row in payments.values() if row],
            "refunds": [row for row in refunds if row],
            "location": self.location(str(order.get("location_id"))),
            "variations": [_goods(row) for _number, row in sorted(goods.items()) if row],
        }
        return {**content, **self._people(order, content), **self._cards(order, content)}

    def _payment(self, number: str) -> Row | None:
        """Return a payment, asked for once in a page."""
        if number not in self._payments:
            found = self.client.find("payment", "payments", number)
            if found is None:
                return None
            self._payments[number] = found
        return self._payments[number]

    def _refund(self, number: str) -> Row | None:
        if number not in self._refunds:
            found = self.client.find("refund", "refunds", number)
            if found is None:
                return None
            self._refunds[number] = found
        return self._refunds[number]

    def _list(
        self, path: str, known: dict[str, Row], orders: Sequence[Row],
        numbers_of: Callable[[Row], list[str]], key: str,
    ) -> None:  # fmt: skip
        """List the payments or refunds of orders where asking for each would take long."""
        missing = {number for order in orders for number in numbers_of(order)} - known.keys()
        if len(missing) <= FEW:
            return
        for location, moments in _spans(orders, key).items():
            listed = self.client.every(
                path, path, location_id=location, sort_order="ASC", limit=PAGE,
                begin_time=_text(min(moments)), end_time=_text(max(moments) + _MARGIN),
            )  # fmt: skip
            known.update({row["id"]: row for row in listed if row.get("id") in missing})

    def _list_variations(self, orders: Sequence[Row]) -> None:
        wanted = {number for order in orders for number in variations_of(order)}
        missing = sorted(wanted - self._variations.keys())
        for start in range(0, len(missing), _AT_ONCE):
            part = missing[start : start + _AT_ONCE]
            try:
                answer = self.client.post(
                    "catalog", "batch-retrieve",
                    body={"object_ids": part, "include_deleted_objects": True},
                )  # fmt: skip
            except AuthenticationError as error:
                # Without the right to read items, lines are matched by the id that is bound.
                if error.status != 403:
                    raise
                answer = {}
            found = {row.get("id"): row for row in answer.get("objects") or ()}
            self._variations.update({number: found.get(number) for number in part})

    def _people(self, order: Row, content: Row) -> Row:
        told = [order.get("customer_id"), *(row.get("customer_id") for row in content["payments"])]
        number = next((one for one in told if isinstance(one, str) and one), None)
        found = self._customer(number) if number else None
        return {"customer": found} if found else {}

    def _customer(self, number: str) -> Row | None:
        """Return who a customer is, where the token may read customers."""
        if number not in self._customers and self._may_read_customers:
            try:
                found = self.client.find("customer", "customers", number)
            except AuthenticationError as error:
                if error.status != 403:
                    raise
                self._may_read_customers, found = False, None
            self._customers[number] = found and _person(found)
        return self._customers.get(number)

    def _cards(self, order: Row, content: Row) -> Row:
        """Return what happened to gift cards with an order: orders name no card by its number."""
        if not _has_gift_cards(order, content):
            return {}
        moments = _moments(order)
        numbers = {*_payments_of(order), *(row.get("id") for row in content["payments"])}
        rows = self.client.every(
            "gift_card_activities", "gift-cards", "activities",
            location_id=order.get("location_id"), limit=PAGE, sort_order="ASC",
            begin_time=_text(min(moments) - _MARGIN), end_time=_text(max(moments) + _MARGIN),
        )  # fmt: skip
        found = [row for row in rows if _is_of(row, order.get("id"), numbers)]
        return {"gift_cards": found} if found else {}


_MARGIN = timedelta(minutes=10)
_PEOPLE = ("id", "given_name", "family_name", "company_name", "email_address", "phone_number")
_NOT_KEPT = ("risk_evaluation", "receipt_url", "billing_address", "shipping_address")


def _person(row: Row) -> Row:
    return {key: row[key] for key in _PEOPLE if row.get(key)}


def _kept(payment: Row) -> Row:
    """Return a payment without what no ticket needs."""
    return {key: value for key, value in payment.items() if key not in _NOT_KEPT}


def _goods(row: Row) -> Row:
    data = row.get("item_variation_data") or {}
    kept = {key: data[key] for key in ("sku", "upc") if data.get(key)}
    return {"id": row.get("id"), "item_variation_data": kept}


def _payments_of(order: Row) -> list[str]:
    found = [row.get("payment_id") or row.get("id") for row in dicts(order, "tenders")]
    return [number for number in found if isinstance(number, str) and number]


def _refunds_of(order: Row) -> list[str]:
    found = [row.get("id") for row in dicts(order, "refunds")] if order.get("returns") else []
    return [number for number in found if isinstance(number, str) and number]


def _has_gift_cards(order: Row, content: Row) -> bool:
    tenders = dicts(order, "tenders")
    words = [Node(row).text("item_type") for row in rows_of(order)]
    words += [Node(row).text("type") for row in tenders]
    cards = [
        Node(row).inner("card_details", "card").text("card_brand")
        for row in [*tenders, *content["payments"]]
    ]
    return any(word in _OF_GIFT_CARDS for word in words) or GIFT_CARD_BRAND in cards


def _is_of(row: Row, order: Any, payments: Iterable[Any]) -> bool:
    for key, value in row.items():
        is_detail = key.endswith("_activity_details") and isinstance(value, dict)
        if is_detail and (value.get("order_id") == order or value.get("payment_id") in payments):
            return True
    return False


def _moments(order: Row) -> list[datetime]:
    node = Node(order, "order")
    found = [node.utc(key) for key in ("created_at", "closed_at", "updated_at")]
    found += [tender.utc("created_at") for tender in node.children("tenders")]
    return [moment for moment in found if moment] or [Sale(Node({"order": order})).finished_at()]


def _spans(orders: Sequence[Row], key: str) -> dict[str, list[datetime]]:
    """Return when tenders or refunds were made, by location."""
    spans: dict[str, list[datetime]] = {}
    for order in orders:
        for part in Node(order, "order").children(key):
            moment = part.utc("created_at")
            if moment:
                spans.setdefault(str(order.get("location_id")), []).append(moment)
    return spans


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
