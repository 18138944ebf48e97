"""Everything of one seller, by its ids; and the events that told of it, oldest first."""

from collections import Counter
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from threading import RLock
from typing import Any

from simulator_stripe.clock import Clock

from .arithmetic import money

Row = dict[str, Any]
MERCHANT = "MERCHANT1"
Place = tuple[str, str, str]
PLACES: Sequence[Place] = (
    ("L001", "Main Street", "America/New_York"),
    ("L002", "Harbour", "America/Los_Angeles"),
)


class State:
    """What a seller's account holds."""

    def __init__(
        self, seed: object = 0, clock: Callable[[], datetime] | None = None,
        places: Sequence[Place] = PLACES, currency: str = "USD", country: str = "US",
    ) -> None:  # fmt: skip
        self.clock = clock or Clock()
        self.currency, self.lock = currency, RLock()
        self.locations = {
            number: {
                "id": number, "name": name, "timezone": zone, "status": "ACTIVE",
                "country": country, "currency": currency, "merchant_id": MERCHANT,
                "language_code": "en-US", "type": "PHYSICAL",
                "created_at": "2019-09-19T17:33:12Z",
            }
            for number, name, zone in places
        }  # fmt: skip
        self.merchant: Row = {
            "id": MERCHANT, "business_name": "Simulated Seller", "country": country,
            "currency": currency, "language_code": "en-US", "status": "ACTIVE",
            "main_location_id": places[0][0], "created_at": "2019-09-19T17:33:12.000Z",
        }  # fmt: skip
        self.catalog: dict[str, Row] = {}
        self.counts: dict[tuple[str, str], Decimal] = {}
        self.counted_at: dict[tuple[str, str], str] = {}
        self.orders: dict[str, Row] = {}
        self.payments: dict[str, Row] = {}
        self.refunds: dict[str, Row] = {}
        self.shifts: dict[str, Row] = {}
        self.drawer_events: dict[str, list[Row]] = {}
        self.payouts: dict[str, Row] = {}
        self.entries: dict[str, list[Row]] = {}
        self.disputes: dict[str, Row] = {}
        self.customers: dict[str, Row] = {}
        self.devices: dict[str, Row] = {}
        self.cards: list[Row] = []
        self.events: dict[str, Row] = {}
        self._random, self._numbers = Random(f"{seed}:seller"), Counter[str]()

    def next_id(self, prefix: str = "") -> str:
        """Return a new id, the same ones for the same seed."""
        self._numbers[prefix] += 1
        tail = "".join(self._random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=12))
        return f"{prefix}{self._numbers[prefix]:05d}{tail}"

    def now(self) -> str:
        """Return the time as the API writes it; every state gets a moment of its own."""
        self._numbers["moment"] += 1
        shift = timedelta(milliseconds=self._numbers["moment"] % 1000)
        return text_of(self.clock() + shift)

    def money(self, amount: int) -> Row:
        """Return an amount in the seller's currency."""
        return money(amount, self.currency)

    def tell(self, kind: str, name: str, number: str, shown: Any, location: str = "") -> Row:
        """Note an event."""
        made: Row = {
            "merchant_id": MERCHANT, "type": kind, "event_id": self.next_id("event-"),
            "created_at": self.now(),
            "data": {"type": name, "id": number, "object": {name: deepcopy(shown)}},
        }  # fmt: skip
        if location:
            made["location_id"] = location
        self.events[made["event_id"]] = made
        return made


def text_of(moment: datetime) -> str:
    """Return a moment as the API writes it."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
