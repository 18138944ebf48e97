"""Lists of what happened: events for the last weeks, the objects themselves for what is older.

Events are the safety net of the webhooks: they hold all that was sent, under the same identity.
Stripe lists the newest first; what is new meanwhile is before the first page, and passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from odoo.addons.retail_connector_base.providers import Page, ReceivedMessage, TransientError

from .client import StripeClient
from .node import Node
from .reading import Reader
from .topics import EVENTS
from .webhook import event_message

# Events are listed for 30 days; the last hours are not relied upon.
LISTED = timedelta(days=29)
# An event may be listed a little after the moment it is of.
OVERLAP = timedelta(minutes=2)
# What tells whether a charge was authorised before, and whether a refund is one.
_EXPANDED = {"charges": "data.payment_intent", "refunds": "data.balance_transaction"}


# Which list follows one. Refunds are listed too: older versions send no event of each.
_FOLLOWS = {("payment", "events"): "refunds", ("payment", "charges"): "refunds"}
_OLDER = {"payment": "charges", "dispute": "disputes", "payout": "payouts"}


@dataclass(frozen=True)
class Place:
    """Where a poll goes on: in which list, since when (seconds since 1970), after which id.

    The list stands in it: events may be too old by the time that a poll goes on.
    """

    name: str
    since: int
    after: str = ""

    @classmethod
    def of(cls, cursor: str) -> "Place":
        """Read a place as it was written."""
        name, since, after = cursor.split("|", 2)
        return cls(name, int(since), after)

    def behind(self, after: str) -> "Place":
        """Return the place behind a row of the same list."""
        return Place(self.name, self.since, after)

    def __str__(self) -> str:
        return f"{self.name}|{self.since}|{self.after}"


class Poll:
    """Reads the payments, disputes or payouts of one account."""

    def __init__(self, reader: Reader, kind: str, now: datetime) -> None:
        self._reader = reader
        self._client: StripeClient = reader.client
        self._kind = kind
        self._horizon = int((now - LISTED).timestamp())

    def pages(self, cursor: str, since: datetime | None) -> Iterator[Page]:
        """Yield what happened since a moment; without one, as far back as events are listed."""
        place: Place | None = Place.of(cursor) if cursor else self._start(since)
        while place:
            yield from self._list(place)
            following = _FOLLOWS.get((self._kind, place.name))
            place = Place(following, place.since) if following else None

    def _start(self, since: datetime | None) -> Place:
        moment = int((since - OVERLAP).timestamp()) if since else self._horizon
        listed = moment >= self._horizon
        return Place("events" if listed else _OLDER[self._kind], moment)

    def _list(self, place: Place) -> Iterator[Page]:
        more, query = True, self._query(place.name, place.since)
        while more:
            rows, more = self._client.page(place.name, after=place.after or None, **query)
            behind = place.behind(rows[-1]["id"]) if rows else place
            yield from self._made(place.name, rows, str(place), str(behind))
            place = behind

    def _query(self, name: str, since: int) -> dict[str, Any]:
        query: dict[str, Any] = {"created": {"gte": since}}
        if name == "events":
            query["types"] = sorted(EVENTS[self._kind])
        if name in _EXPANDED:
            query["expand"] = [_EXPANDED[name]]
        return query

    def _made(self, name: str, rows: list[dict[str, Any]], here: str, last: str) -> Iterator[Page]:
        """Yield the page of some rows, the oldest first; payouts are large and come one by one."""
        oldest_first = rows[::-1]
        if self._kind != "payout":
            made = (self._message(name, row) for row in oldest_first)
            yield Page(tuple(message for message in made if message), last)
            return
        for number in dict.fromkeys(_payout_id(row) for row in oldest_first):
            message = self._reader.payout(number)
            if message:
                yield Page((message,), here)
        yield Page((), last)

    def _message(self, name: str, row: dict[str, Any]) -> ReceivedMessage | None:
        if name == "events":
            return self._event(row)
        return self._reader.message(f"poll/{name[:-1]}", row)

    def _event(self, row: dict[str, Any]) -> ReceivedMessage:
        keys, version = self._reader.reference_keys, self._client.version
        event_id, topic = row.get("id"), row.get("type")
        if not isinstance(event_id, str) or not isinstance(topic, str):
            raise TransientError("Stripe lists an event without id or type.")
        return event_message(Node(row), event_id, topic, version, keys)


def _payout_id(row: dict[str, Any]) -> str:
    """Return the id of a payout, or of the one that an event is about."""
    shown = row
    if row.get("object") == "event":
        shown = (row.get("data") or {}).get("object") or {}
    number = shown.get("id")
    if not isinstance(number, str):
        raise TransientError("Stripe lists a payout without id.")
    return number
