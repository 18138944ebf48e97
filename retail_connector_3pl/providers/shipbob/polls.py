"""Lists of what the account has: orders, returns, receipts, stock, trackings, invoices.

A cursor says in which list, on which page, and since when a poll goes on. Orders are listed by the
time of their change, the oldest order first: what changes meanwhile can only come again, and what
was read before stays where it is. Returns and receipts have no such list: what is open is read
whole, and what ended, by its end.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from odoo.addons.retail_connector_base.canonical import ReceiptState, ShipmentState
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    Page,
    ReceivedMessage,
    TransientError,
)

from .client import PAGE, Row, ShipBobClient
from .levels import parts_of
from .messages import of_shipment, read_or_keep, slim
from .node import Node
from .reading import with_boxes, with_lines, with_order
from .shipments import in_order, state_of
from .topics import has_ended, is_foreign
from .vocabulary import RECEIPTS

# A first poll without a date.
FIRST = timedelta(days=7)
# What ShipBob lists a little after the moment it is of.
OVERLAP = timedelta(minutes=5)
# What ends without a date to ask for was made this long before, at most.
LONGEST = timedelta(days=180)
# Invoices are dated by day, and made the day after.
INVOICE_DAYS = timedelta(days=2)
# Shipments whose trackings are asked for at once.
TOGETHER = 25
OPEN_RETURNS = "AwaitingArrival,Arrived,Processing"
_ENDED = (ReceiptState.COMPLETED, ReceiptState.CANCELLED)
OPEN_RECEIPTS = ",".join(word for word, state in RECEIPTS.items() if state not in _ENDED)


@dataclass(frozen=True)
class Place:
    """Where a poll goes on: in which list, on which page, since when."""

    name: str
    page: int
    since: datetime

    @classmethod
    def of(cls, cursor: str) -> "Place":
        """Read a place as it was written."""
        name, page, since = cursor.split("|", 2)
        return cls(name, int(page), datetime.fromisoformat(since))

    def at(self, page: int) -> "Place":
        """Return another page of the same list."""
        return Place(self.name, page, self.since)

    def __str__(self) -> str:
        return f"{self.name}|{self.page}|{self.since.isoformat()}"


class Poll:
    """Reads one kind of one account."""

    def __init__(self, client: ShipBobClient, kind: str) -> None:
        self._client = client
        self._lists = LISTS[kind]
        self._seen_at = client.now()

    def pages(self, cursor: str, since: datetime | None) -> Iterator[Page]:
        """Yield what changed since a moment."""
        begun = (since - OVERLAP) if since else self._client.now() - FIRST
        begun = begun.astimezone(timezone.utc)
        place = Place.of(cursor) if cursor else Place(self._lists[0][0], 1, begun)
        start = [name for name, _read in self._lists].index(place.name)
        for name, read in self._lists[start:]:
            yield from read(self, place if name == place.name else Place(name, 1, begun))

    def _kept(self, topic: str, row: Row, content: Row) -> ReceivedMessage:
        return read_or_keep(topic, row.get("id"), content, self._seen_at)

    # Orders

    def _changed(self, place: Place) -> Iterator[tuple[Place, list[Row]]]:
        pages = self._client.numbered(
            "order", place.page, SortOrder="Oldest", LastUpdateStartDate=_text(place.since)
        )
        for number, rows in pages:
            yield place.at(number), [row for row in rows if self._is_ours(row)]

    def _is_ours(self, row: Row) -> bool:
        channel = (self._client.settings.get("channel_id") or "").strip()
        return bool(row.get("reference_id")) and not is_foreign(row, channel)

    def _orders(self, place: Place) -> Iterator[Page]:
        for here, rows in self._changed(place):
            found = (
                read_or_keep("poll/order", row.get("id"), slim(row), self._seen_at) for row in rows
            )
            yield Page(tuple(found), str(here))

    def _shipments(self, place: Place) -> Iterator[Page]:
        for here, rows in self._changed(place):
            yield Page(tuple(_ended(rows, self._seen_at)), str(here))

    def _trackings(self, place: Place) -> Iterator[Page]:
        pages = self._client.numbered(
            "order", place.page, SortOrder="Oldest", HasTracking=True,
            LastTrackingUpdateStartDate=_text(place.since),
        )  # fmt: skip
        for number, rows in pages:
            wanted = [row for row in rows if self._is_ours(row)]
            yield Page(tuple(self._followed(_moved(wanted, place.since))), str(place.at(number)))

    def _followed(self, numbers: list[str]) -> Iterator[ReceivedMessage]:
        for start in range(0, len(numbers), TOGETHER):
            part = ",".join(numbers[start : start + TOGETHER])
            for row in self._client.get("shipments-tracking", ShipmentIds=part) or ():
                if isinstance(row, dict) and row.get("carrier_tracking_number"):
                    number = row.get("shipment_id")
                    yield read_or_keep("poll/tracking", number, row, self._seen_at)

    # Returns

    def _open_returns(self, place: Place) -> Iterator[Page]:
        return self._returns(place, Status=OPEN_RETURNS)

    def _completed_returns(self, place: Place) -> Iterator[Page]:
        return self._returns(place, Status="Completed", CompletedStartDate=_text(place.since))

    def _cancelled_returns(self, place: Place) -> Iterator[Page]:
        """Nobody can ask when something was cancelled: what was made lately is looked through."""
        return self._returns(place, Status="Cancelled", StartDate=_text(place.since - LONGEST))

    def _returns(self, place: Place, **params: str) -> Iterator[Page]:
        channel = (self._client.settings.get("channel_id") or "").strip()
        for rows in self._client.linked("return", Limit=PAGE, SortOrder="Asc", **params):
            found = [
                self._kept("poll/return", row, with_order(self._client, row))
                for row in rows
                if not is_foreign(row, channel) and not _before(row, "cancelled_date", place.since)
            ]
            yield Page(tuple(found), str(place))

    # Receipts

    def _open_receipts(self, place: Place) -> Iterator[Page]:
        return self._receipts(place, Statuses=OPEN_RECEIPTS)

    def _completed_receipts(self, place: Place) -> Iterator[Page]:
        return self._receipts(place, Statuses="Completed", CompletedStartDate=_text(place.since))

    def _cancelled_receipts(self, place: Place) -> Iterator[Page]:
        return self._receipts(
            place, Statuses="Cancelled", InsertStartDate=_text(place.since - LONGEST)
        )

    def _receipts(self, place: Place, **params: str) -> Iterator[Page]:
        old = params["Statuses"] == "Cancelled"
        for number, rows in self._client.numbered("receiving", place.page, **params):
            found = [
                self._kept("poll/receipt", row, with_boxes(self._client, row))
                for row in rows
                if not (old and _before(row, "last_updated_date", place.since))
            ]
            yield Page(tuple(found), str(place.at(number)))

    # Of the account as a whole

    def _stock(self, place: Place) -> Iterator[Page]:
        for content in parts_of(self._client):
            message = read_or_keep("poll/stock", content["location_id"], content, self._seen_at)
            yield Page((message,), str(place))

    def _products(self, place: Place) -> Iterator[Page]:
        since = _text(place.since)
        for rows in self._client.linked("product", PageSize=PAGE, LastUpdatedTimestamp=since):
            found = (self._kept("poll/product", row, row) for row in rows)
            yield Page(tuple(found), str(place))

    def _invoices(self, place: Place) -> Iterator[Page]:
        pages = self._client.linked(
            "invoices",
            FromDate=_text(place.since - INVOICE_DAYS),
            ToDate=_text(self._client.now()),
            PageSize=PAGE,
            SortOrder="Ascending",
        )
        for rows in pages:
            for row in rows:
                content = with_lines(self._client, row)
                if content is not None:
                    number = row.get("invoice_id")
                    message = read_or_keep("poll/invoice", number, content, self._seen_at)
                    yield Page((message,), str(place))


ReadList = Callable[[Poll, Place], Iterator[Page]]
LISTS: dict[str, tuple[tuple[str, ReadList], ...]] = {
    "warehouse_order": (("orders", Poll._orders),),
    "shipment": (("shipments", Poll._shipments),),
    "tracking": (("trackings", Poll._trackings),),
    "return": (
        ("open", Poll._open_returns),
        ("completed", Poll._completed_returns),
        ("cancelled", Poll._cancelled_returns),
    ),
    "receipt": (
        ("open", Poll._open_receipts),
        ("completed", Poll._completed_receipts),
        ("cancelled", Poll._cancelled_receipts),
    ),
    "stock_snapshot": (("stock", Poll._stock),),
    "product": (("products", Poll._products),),
    "warehouse_invoice": (("invoices", Poll._invoices),),
}


def _ended(rows: list[Row], seen_at: datetime) -> Iterator[ReceivedMessage]:
    """Yield the shipments of orders that tell of goods; an order that is broken tells so itself."""
    for row in rows:
        for shipment in _shipments_of(row):
            number = shipment.raw.get("id")
            if _or_true(has_ended, shipment):
                yield read_or_keep("poll/shipment", number, of_shipment(row, number), seen_at)


def _moved(rows: list[Row], since: datetime) -> list[str]:
    """Return the shipments whose parcel moved since a moment."""
    return [
        str(shipment.raw.get("id"))
        for row in rows
        for shipment in _shipments_of(row)
        if _or_true(_has_left, shipment)
        and not _before(shipment.raw, "last_tracking_update_at", since)
    ]


def _has_left(shipment: Node) -> bool:
    return state_of(shipment) is ShipmentState.SHIPPED


def _or_true(check: Callable[[Node], bool], shipment: Node) -> bool:
    try:
        return check(shipment)
    except MalformedPayloadError:
        return True


def _shipments_of(row: Row) -> list[Node]:
    try:
        return in_order(Node(row))
    except MalformedPayloadError:
        raise TransientError("ShipBob lists an order without a list of shipments.") from None


def _before(row: Row, key: str, since: datetime) -> bool:
    """Tell whether something is dated, and before a moment."""
    try:
        moment = Node(row).utc(key)
    except MalformedPayloadError:
        return False
    return moment is not None and moment < since


def _text(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
