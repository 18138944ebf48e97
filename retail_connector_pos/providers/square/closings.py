"""Reading the day of a register: its shifts, and the sales that Square lists of it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from odoo.addons.retail_connector_base.canonical import PosTicket
from odoo.addons.retail_connector_base.canonical.pos_ticket import TenderState
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    ReceivedMessage,
    StoredMessage,
    strict_json,
)

from .client import Row
from .closing import CLOSED, read_closing_id
from .messages import polled
from .node import Node
from .parse import parse
from .reading import PAGE, Reader
from .ticket import COUNTER, bare_device, zone_of

# A day is read again for so long after it was closed: tickets come late.
AGAIN = timedelta(days=2)
# How long a drawer may stay open, at most.
LONGEST_SHIFT = timedelta(days=3)
# What was sold offline must have reached Square by then.
OFFLINE = timedelta(days=1)
ZERO = Decimal(0)


class ClosingReader:
    """Reads the reports of one seller's registers."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._client = reader.client
        self._days: dict[tuple[str, date], list[PosTicket]] = {}

    def since(self, location: str, moment: datetime) -> Iterator[ReceivedMessage]:
        """Yield the report of every day that ended since a moment, or a little before."""
        wanted = moment - AGAIN
        shifts = self._shifts(location, wanted - LONGEST_SHIFT)
        days = self._by_day(location, shifts)
        for key in sorted(days):
            if any((_ended(shift) or moment) >= wanted for shift in days[key]):
                yield from self._report(location, *key, days[key])

    def one(self, text: str, authoritative: bool = True) -> ReceivedMessage | None:
        """Return the report of one register's day, ``None`` when there is none."""
        found = read_closing_id(text)
        if found is None:
            return None
        location, day, register = found
        start, end = self._bounds(location, day)
        shifts = self._shifts(location, start, end)
        rows = self._by_day(location, shifts).get((day, register)) or []
        return next(self._report(location, day, register, rows, authoritative), None)

    def _shifts(self, location: str, begin: datetime, end: datetime | None = None) -> list[Row]:
        listed = self._client.every(
            "cash_drawer_shifts", "cash-drawers", "shifts", location_id=location, limit=PAGE,
            sort_order="ASC", begin_time=_text(begin), end_time=end and _text(end),
        )  # fmt: skip
        return [self._shift(location, row) for row in listed]

    def _shift(self, location: str, summary: Row) -> Row:
        """Return a shift with its device: the list does not tell that."""
        path = ("cash-drawers", "shifts", str(summary.get("id")))
        found = self._client.get(*path, location_id=location).get("cash_drawer_shift")
        return found if isinstance(found, dict) else summary

    def _by_day(self, location: str, shifts: list[Row]) -> dict[tuple[date, str], list[Row]]:
        zone = zone_of(Node(self._reader.location(location)))
        days: dict[tuple[date, str], list[Row]] = defaultdict(list)
        for shift in shifts:
            opened = Node(shift, "shift").utc("opened_at")
            if opened:
                days[opened.astimezone(zone).date(), _device(shift)].append(shift)
        return days

    def _report(
        self, location: str, day: date, register: str, shifts: list[Row],
        authoritative: bool = False,
    ) -> Iterator[ReceivedMessage]:  # fmt: skip
        """Yield the report once every drawer of the day was counted."""
        if not shifts or any(shift.get("state") != CLOSED for shift in shifts):
            return
        content = {
            "store": location,
            "register": register,
            "date": day.isoformat(),
            "currency": self._reader.location(location).get("currency"),
            "shifts": [{**shift, "events": self._events(location, shift)} for shift in shifts],
            "sales": sums_of(self._tickets(location, day, register)),
        }
        yield polled("poll/closing", content, authoritative)

    def _events(self, location: str, shift: Row) -> list[Row]:
        """Return what went in and out of a drawer without a sale."""
        rows = self._client.every(
            "cash_drawer_shift_events", "cash-drawers", "shifts", str(shift.get("id")), "events",
            location_id=location, limit=PAGE,
        )  # fmt: skip
        return [row for row in rows if row.get("event_type") in ("PAID_IN", "PAID_OUT")]

    def _tickets(self, location: str, day: date, register: str) -> list[PosTicket]:
        """Return the tickets of a register's day; those of all registers are asked for at once."""
        key = (location, day)
        if key not in self._days:
            self._days[key] = [
                ticket for ticket in self._listed(location, day) if ticket.business_date == day
            ]
        return [ticket for ticket in self._days[key] if ticket.register_external_id == register]

    def _listed(self, location: str, day: date) -> Iterator[PosTicket]:
        """Yield the tickets that were finished on a day, or reached Square after it."""
        start, end = self._bounds(location, day)
        body = _closed_between(location, start, end + OFFLINE)
        for orders in self._client.search("orders", "orders", "search", body=body):
            for content in self._reader.whole(orders):
                ticket = _read(content)
                if ticket:
                    yield ticket

    def _bounds(self, location: str, day: date) -> tuple[datetime, datetime]:
        """Return when a day begins and ends at a location (UTC)."""
        zone = zone_of(Node(self._reader.location(location)))
        begin, end = (
            datetime.combine(each, time.min, zone).astimezone(timezone.utc)
            for each in (day, day + timedelta(days=1))
        )
        return begin, end


def sums_of(tickets: list[PosTicket]) -> dict[str, Any]:
    """Return what tickets come to, in plain values, amounts as texts."""
    valid = [ticket for ticket in tickets if not ticket.voided]
    moments = [ticket.updated_at for ticket in tickets if ticket.updated_at]
    sums: dict[str, Any] = {
        "count": len(valid),
        "total": str(sum((ticket.total for ticket in valid), ZERO)),
        "total_tax": str(sum((ticket.total_tax for ticket in valid), ZERO)),
        "tenders": _tenders(valid),
        "taxes": _taxes(valid),
    }
    return {**sums, **({"updated_at": _text(max(moments))} if moments else {})}


def _tenders(tickets: list[PosTicket]) -> list[dict[str, Any]]:
    amounts: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for ticket in tickets:
        accepted = [one for one in ticket.tenders if one.state is TenderState.ACCEPTED]
        for tender in accepted:
            amounts[tender.method, tender.kind.value] += tender.amount
        for key in {(one.method, one.kind.value) for one in accepted}:
            counts[key] += 1
    return [
        {"method": key[0], "kind": key[1], "amount": str(amount), "count": counts[key]}
        for key, amount in sorted(amounts.items())
    ]


def _taxes(tickets: list[PosTicket]) -> list[dict[str, str]]:
    bases: dict[tuple[str, Decimal], Decimal] = defaultdict(Decimal)
    taxes: dict[tuple[str, Decimal], Decimal] = defaultdict(Decimal)
    for ticket in tickets:
        for line in ticket.lines:
            worth = round(line.quantity * line.unit_price, 6) - line.discount
            if ticket.taxes_included:
                worth -= sum((tax.amount for tax in line.taxes), ZERO)
            for tax in line.taxes:
                bases[tax.title, tax.rate] += worth
                taxes[tax.title, tax.rate] += tax.amount
    return [
        {
            "title": key[0],
            "rate": str(key[1]),
            "base": str(round(base, 4)),
            "amount": str(taxes[key]),
        }
        for key, base in sorted(bases.items())
    ]


def _read(content: Row) -> PosTicket | None:
    """Return the ticket of an order; one that cannot be read is told of by the poll of tickets."""
    try:
        found = parse(StoredMessage("poll/order", None, strict_json.dumps(content), {}))
    except MalformedPayloadError:
        return None
    return found if isinstance(found, PosTicket) else None


def _device(shift: Row) -> str:
    number = (shift.get("device") or {}).get("id")
    return bare_device(number) if isinstance(number, str) and number else COUNTER


def _ended(shift: Row) -> datetime | None:
    node = Node(shift, "shift")
    return node.utc("updated_at") or node.utc("closed_at")


def _closed_between(location: str, start: datetime, end: datetime) -> Row:
    return {
        "location_ids": [location],
        "limit": PAGE,
        "return_entries": False,
        "query": {
            "filter": {
                "date_time_filter": {"closed_at": {"start_at": _text(start), "end_at": _text(end)}},
                "state_filter": {"states": ["COMPLETED"]},
            },
            "sort": {"sort_field": "CLOSED_AT", "sort_order": "ASC"},
        },
    }


def _text(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
