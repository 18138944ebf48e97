"""Lists of what the seller has: orders, days, items, payments, payouts, disputes.

A cursor says in which list, at which location, and since when a poll goes on: Square's own cursors
are good for minutes, and what is listed by the time of its change can be listed again from any.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    Page,
    ReceivedMessage,
    TransientError,
)

from .client import Row, SquareClient
from .closings import ClosingReader
from .messages import broken, polled
from .node import Node
from .payouts import ENTRIES
from .reading import PAGE, Reader
from .ticket import Sale
from .vocabulary import BATCH

# A first poll without a date.
FIRST = timedelta(days=7)
# What Square lists a little after the moment it is of.
OVERLAP = timedelta(minutes=2)
# Payouts are listed by the day they were made; they arrive or fail days later.
PAYOUT_DAYS = timedelta(days=21)
# Orders that are kept at once: what belongs to them takes further requests, which may fail.
STEP = 50
# Square searches so many locations at once.
TOGETHER = 10


@dataclass(frozen=True)
class Place:
    """Where a poll goes on: in which list, at which of its parts, since when."""

    name: str
    part: int
    since: datetime

    @classmethod
    def of(cls, cursor: str) -> "Place":
        """Read a place as it was written."""
        name, part, since = cursor.split("|", 2)
        return cls(name, int(part), datetime.fromisoformat(since))

    def __str__(self) -> str:
        return f"{self.name}|{self.part}|{self.since.isoformat()}"


class Poll:
    """Reads one kind of one seller."""

    def __init__(self, client: SquareClient, kind: str) -> None:
        self._client = client
        self._reader = Reader(client)
        self._kind = kind
        self._lists = LISTS[kind]

    def pages(self, cursor: str, since: datetime | None) -> Iterator[Page]:
        """Yield what changed since a moment."""
        begun = (since - OVERLAP) if since else self._client.now() - FIRST
        begun = begun.astimezone(timezone.utc)
        place = Place.of(cursor) if cursor else Place(self._lists[0][0], 0, begun)
        start = [name for name, _read in self._lists].index(place.name)
        for name, read in self._lists[start:]:
            here = place if name == place.name else Place(name, 0, begun)
            yield from read(self, here, begun)

    # Orders

    def _orders(self, place: Place, begun: datetime) -> Iterator[Page]:
        numbers = [row["id"] for row in self._reader.locations()]
        parts = [numbers[at : at + TOGETHER] for at in range(0, len(numbers), TOGETHER)]
        for index, part in list(enumerate(parts))[place.part :]:
            here = place if index == place.part else Place(place.name, index, begun)
            for orders in self._client.search(
                "orders", "orders", "search", body=_search(part, here.since)
            ):
                for start in range(0, len(orders), STEP):
                    some = orders[start : start + STEP]
                    here = Place(here.name, index, _newest(some) or here.since)
                    yield Page(tuple(self._tickets(some)), str(here))
            yield Page((), str(Place(place.name, index + 1, begun)))

    def _tickets(self, orders: list[Row]) -> Iterator[ReceivedMessage]:
        for content in self._reader.whole([row for row in orders if _is_ticket(row)]):
            if _is_finished(content):
                yield read_or_keep("poll/order", "pos_ticket", content["order"], content)

    # By location

    def _by_location(self, place: Place, begun: datetime, read: "ReadPart") -> Iterator[Page]:
        rows = self._reader.locations()
        for index, row in list(enumerate(rows))[place.part :]:
            here = place if index == place.part else Place(place.name, index, begun)
            yield from read(str(row["id"]), here)
            yield Page((), str(Place(place.name, index + 1, begun)))

    def _payments(self, place: Place, begun: datetime) -> Iterator[Page]:
        return self._by_location(place, begun, self._payments_at)

    def _payments_at(self, location: str, place: Place) -> Iterator[Page]:
        yield from self._changed("payment", "payments", place, location_id=location)

    def _refunds(self, place: Place, begun: datetime) -> Iterator[Page]:
        yield from self._changed("refund", "refunds", place)

    def _changed(self, name: str, path: str, place: Place, **more: str) -> Iterator[Page]:
        """Yield payments or refunds that changed, the oldest change first."""
        pages = self._client.pages(
            path, path, sort_field="UPDATED_AT", sort_order="ASC", limit=PAGE,
            updated_at_begin_time=_text(place.since), **more,
        )  # fmt: skip
        for rows in pages:
            place = Place(place.name, place.part, _newest(rows) or place.since)
            yield Page(tuple(_all(f"poll/{name}", "payment", rows)), str(place))

    def _payouts(self, place: Place, begun: datetime) -> Iterator[Page]:
        return self._by_location(place, begun, self._payouts_at)

    def _payouts_at(self, location: str, place: Place) -> Iterator[Page]:
        rows = self._client.every(
            "payouts", "payouts", location_id=location, sort_order="ASC", limit=PAGE,
            begin_time=_text(place.since - PAYOUT_DAYS),
        )  # fmt: skip
        for row in rows:
            content = with_entries(self._client, row)
            yield Page((read_or_keep("poll/payout", "payout", row, content),), str(place))

    def _closings(self, place: Place, begun: datetime) -> Iterator[Page]:
        return self._by_location(place, begun, self._closings_at)

    def _closings_at(self, location: str, place: Place) -> Iterator[Page]:
        for message in ClosingReader(self._reader).since(location, place.since):
            yield Page((message,), str(place))

    # Of the seller as a whole

    def _items(self, place: Place, begun: datetime) -> Iterator[Page]:
        body = {
            "object_types": ["ITEM"],
            "include_deleted_objects": True,
            "begin_time": _text(place.since),
            "limit": PAGE,
        }
        for rows in self._client.search("objects", "catalog", "search", body=body):
            yield Page(tuple(_all("poll/item", "product", rows)), str(place))

    def _disputes(self, place: Place, begun: datetime) -> Iterator[Page]:
        """Disputes are few, and are not listed by time."""
        for rows in self._client.pages("disputes", "disputes"):
            wanted = [row for row in rows if (_newest([row]) or begun) >= begun]
            yield Page(tuple(_all("poll/dispute", "dispute", wanted)), str(place))


ReadPart = Callable[[str, Place], Iterator[Page]]
ReadList = Callable[[Poll, Place, datetime], Iterator[Page]]
LISTS: dict[str, tuple[tuple[str, ReadList], ...]] = {
    "pos_ticket": (("orders", Poll._orders),),
    "pos_closing": (("closings", Poll._closings),),
    "product": (("items", Poll._items),),
    "payment": (("payments", Poll._payments), ("refunds", Poll._refunds)),
    "payout": (("payouts", Poll._payouts),),
    "dispute": (("disputes", Poll._disputes),),
}


def with_entries(client: SquareClient, payout: Row) -> Row:
    """Return a payout with what it is made of, once it has left."""
    if payout.get("type", BATCH) != BATCH:
        return payout
    entries = client.every(ENTRIES_KEY, "payouts", str(payout.get("id")), "payout-entries",
                           sort_order="ASC", limit=PAGE)  # fmt: skip
    return {**payout, ENTRIES: list(entries)}


ENTRIES_KEY = "payout_entries"


def read_or_keep(topic: str, kind: str, row: Row, content: Row) -> ReceivedMessage:
    """Return the message of an answer; one that cannot be read is kept, and stops nobody."""
    number = row.get("id")
    if not isinstance(number, str):
        raise TransientError("Square lists something without id.")
    try:
        return polled(topic, content)
    except MalformedPayloadError:
        return broken(topic, kind, number, content)


def _all(topic: str, kind: str, rows: list[Row]) -> Iterator[ReceivedMessage]:
    """Yield what rows tell; what is not kept as this kind (cash, images) is left out."""
    for row in rows:
        if not _is_left_out(topic, row):
            yield read_or_keep(topic, kind, row, row)


def _is_left_out(topic: str, row: Row) -> bool:
    held = {"poll/payment": "source_type", "poll/refund": "destination_type"}
    if topic in held:
        return row.get(held[topic]) in ("CASH", "EXTERNAL")
    return topic == "poll/item" and row.get("type") != "ITEM"


def _is_ticket(order: Row) -> bool:
    """Tell whether an order may be a ticket: what is not paid at all is not read any further."""
    if order.get("state") == "COMPLETED":
        return True
    return order.get("state") != "DRAFT" and bool(order.get("tenders"))


def _is_finished(content: Row) -> bool:
    try:
        return Sale(Node(content)).is_finished()
    except MalformedPayloadError:
        return True


def _search(locations: list[str], since: datetime) -> Row:
    return {
        "location_ids": locations,
        "limit": PAGE,
        "return_entries": False,
        "query": {
            "filter": {"date_time_filter": {"updated_at": {"start_at": _text(since)}}},
            "sort": {"sort_field": "UPDATED_AT", "sort_order": "ASC"},
        },
    }


def _newest(rows: list[Row]) -> datetime | None:
    """Return when the newest of some rows changed."""
    found = []
    for row in rows:
        try:
            found.append(Node(row).utc("updated_at"))
        except MalformedPayloadError:
            continue
    return max((moment for moment in found if moment), default=None)


def _text(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
