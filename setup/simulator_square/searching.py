"""What the API lists and finds."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from simulator_common import Call

from .paging import page_of
from .problem import invalid, missing
from .seller import Seller
from .state import Row

_FIELDS = {"CREATED_AT": "created_at", "UPDATED_AT": "updated_at", "CLOSED_AT": "closed_at"}


class Searching:
    """The reading half of the API."""

    def __init__(self, seller: Seller) -> None:
        self._seller = seller

    # Sales

    def orders(self, call: Call) -> Row:
        """Find orders of locations by state and time."""
        body = call.body
        places, query = body.get("location_ids") or (), body.get("query") or {}
        if not 1 <= len(places) <= 10:
            raise invalid("location_ids", "Between 1 and 10 are needed.")
        wanted = query.get("filter") or {}
        field = _FIELDS[(query.get("sort") or {}).get("sort_field", "CREATED_AT")]
        times = wanted.get("date_time_filter") or {}
        if times and list(times) != [field]:
            raise invalid("query.sort.sort_field", "It must match the date filter.")
        states = (wanted.get("state_filter") or {}).get("states")
        rows = [
            row for row in self._seller.orders.values()
            if row["location_id"] in places and row.get(field)
            and (not states or row["state"] in states) and _within(row[field], times.get(field))
        ]  # fmt: skip
        return page_of("orders", _sorted(rows, field, (query.get("sort") or {})), body, 1_000)

    def payments(self, call: Call) -> Row:
        """List payments of one location: the main one, unless another is named."""
        place = call.query.get("location_id") or self._seller.merchant["main_location_id"]
        rows = [row for row in self._seller.payments.values() if row["location_id"] == place]
        return self._timed("payments", rows, call.query)

    def refunds(self, call: Call) -> Row:
        """List refunds of all locations, or of one."""
        place = call.query.get("location_id")
        rows = [row for row in self._seller.refunds.values() if place in (None, row["location_id"])]
        return self._timed("refunds", rows, call.query)

    def _timed(self, key: str, rows: list[Row], query: Mapping[str, str]) -> Row:
        field = _FIELDS[query.get("sort_field", "CREATED_AT")]
        created = {"start_at": query.get("begin_time"), "end_at": query.get("end_time")}
        updated = {"start_at": query.get("updated_at_begin_time"),
                   "end_at": query.get("updated_at_end_time")}  # fmt: skip
        found = [
            row for row in rows
            if _within(row["created_at"], created) and _within(row["updated_at"], updated)
        ]  # fmt: skip
        order = {"sort_order": query.get("sort_order", "DESC")}
        return page_of(key, _sorted(found, field, order), query)

    def cards(self, call: Call) -> Row:
        """List what happened to gift cards."""
        place = call.query.get("location_id")
        rows = [row for row in self._seller.cards if place in (None, row["location_id"])]
        return self._timed_cards(rows, call.query)

    def _timed_cards(self, rows: list[Row], query: Mapping[str, str]) -> Row:
        span = {"start_at": query.get("begin_time"), "end_at": query.get("end_time")}
        found = [row for row in rows if _within(row["created_at"], span)]
        return page_of("gift_card_activities", found, query)

    def devices(self, call: Call) -> Row:
        """List Square's own devices of a location."""
        place = call.query.get("location_id")
        rows = [
            row for row in self._seller.devices.values()
            if place in (None, row["components"][0]["application_details"]["session_location"])
        ]  # fmt: skip
        return page_of("devices", rows, call.query)

    # Drawers

    def shifts(self, call: Call) -> Row:
        """List the shifts of a location, without their devices and sums."""
        place = call.query.get("location_id")
        if not place:
            raise invalid("location_id")
        span = {"start_at": call.query.get("begin_time"), "end_at": call.query.get("end_time")}
        kept = ("id", "state", "opened_at", "ended_at", "closed_at", "opened_cash_money",
                "expected_cash_money", "closed_cash_money", "created_at", "updated_at",
                "location_id")  # fmt: skip
        rows = [
            {key: row[key] for key in kept if key in row} for row in self._seller.shifts.values()
            if row["location_id"] == place and _within(row["opened_at"], span)
        ]  # fmt: skip
        return page_of("cash_drawer_shifts", _sorted(rows, "opened_at", call.query), call.query)

    def shift(self, call: Call, number: str) -> Row:
        """Return one shift."""
        return {"cash_drawer_shift": self._shift(call, number)}

    def drawer_events(self, call: Call, number: str) -> Row:
        """List what went in and out of a drawer."""
        self._shift(call, number)
        return page_of("cash_drawer_shift_events", self._seller.drawer_events[number], call.query)

    def _shift(self, call: Call, number: str) -> Row:
        row = self._seller.shifts.get(number)
        if row is None or call.query.get("location_id") != row["location_id"]:
            raise missing("Shift", number)
        return row

    # Money

    def payouts(self, call: Call) -> Row:
        """List payouts of one location: the main one, unless another is named."""
        place = call.query.get("location_id") or self._seller.merchant["main_location_id"]
        span = {"start_at": call.query.get("begin_time"), "end_at": call.query.get("end_time")}
        rows = [
            row for row in self._seller.payouts.values()
            if row["location_id"] == place and _within(row["created_at"], span)
        ]  # fmt: skip
        return page_of("payouts", _sorted(rows, "created_at", call.query), call.query)

    def entries(self, call: Call, number: str) -> Row:
        """List what a payout is made of."""
        if number not in self._seller.payouts:
            raise missing("Payout", number)
        return page_of("payout_entries", self._seller.entries[number], call.query)

    def disputes(self, call: Call) -> Row:
        """List disputes."""
        return page_of("disputes", list(self._seller.disputes.values()), call.query)

    # The catalogue and stock

    def catalog_list(self, call: Call) -> Row:
        """List objects by type."""
        types = [one for one in call.query.get("types", "").upper().split(",") if one]
        return page_of("objects", self._objects(types), call.query)

    def catalog(self, call: Call) -> Row:
        """Find objects by type, time and attribute."""
        body = call.body or {}
        rows = self._objects(body.get("object_types") or (), body.get("include_deleted_objects"))
        since = body.get("begin_time")
        if since:
            rows = [row for row in rows if _time(row["updated_at"]) > _time(since)]
        asked = (body.get("query") or {}).get("set_query")
        if asked:
            name, values = asked["attribute_name"], {v.lower() for v in asked["attribute_values"]}
            if not 1 <= len(values) <= 250:
                raise invalid("query.set_query.attribute_values")
            rows = [row for row in rows if str(_data(row).get(name, "")).lower() in values]
        return page_of("objects", rows, body, 1_000)

    def _objects(self, types: Iterable[str], deleted: bool | None = False) -> list[Row]:
        wanted = set(types)
        return [
            self._seller.shown(number) for number, row in self._seller.catalog.items()
            if (not wanted or row["type"] in wanted) and (deleted or not row["is_deleted"])
        ]  # fmt: skip

    def objects(self, call: Call) -> Row:
        """Return objects by their ids; what is not there is left out."""
        numbers = call.body["object_ids"]
        if len(numbers) > 1_000:
            raise invalid("object_ids")
        deleted = call.body.get("include_deleted_objects")
        catalog = self._seller.catalog
        found = [
            self._seller.shown(number) for number in numbers
            if number in catalog and (deleted or not catalog[number]["is_deleted"])
        ]  # fmt: skip
        return {"objects": found} if found else {}

    def object(self, call: Call, number: str) -> Row:
        """Return one object."""
        row = self._seller.catalog.get(number)
        if row is None or row["is_deleted"]:
            raise missing("Catalog object", number)
        return {"object": self._seller.shown(number)}

    def counts(self, call: Call) -> Row:
        """Return what can be sold."""
        body = call.body or {}
        items, places = body.get("catalog_object_ids"), body.get("location_ids")
        rows = [
            self._seller.shown_count(*key) for key in self._seller.counts
            if (not items or key[0] in items) and (not places or key[1] in places)
            and "IN_STOCK" in (body.get("states") or ["IN_STOCK"])
        ]  # fmt: skip
        return page_of("counts", rows, body)


def _data(row: Row) -> Row:
    return next((value for key, value in row.items() if key.endswith("_data")), {})


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _within(text: str, span: Mapping[str, Any] | None) -> bool:
    """Tell whether a moment is in a span, whose end is not in it."""
    if not span:
        return True
    moment, start, end = _time(text), span.get("start_at"), span.get("end_at")
    return (not start or moment >= _time(start)) and (not end or moment < _time(end))


def _sorted(rows: list[Row], field: str, query: Mapping[str, Any]) -> list[Row]:
    key: Callable[[Row], Any] = lambda row: (_time(row[field]), row["id"])
    return sorted(rows, key=key, reverse=query.get("sort_order", "ASC") == "DESC")
