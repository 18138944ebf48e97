"""Everything of one account, by its ids; and the events that told of it, oldest first."""

from collections import Counter
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from random import Random
from threading import RLock
from typing import Any

from simulator_stripe.clock import Clock

Row = dict[str, Any]
CHANNEL = 100102
CENTRES: Sequence[tuple[str, str, str]] = (
    ("10", "Moreno Valley (CA)", "Pacific Standard Time"),
    ("8", "Cicero (IL)", "Central Standard Time"),
)
SCOPES = (
    "channels_read", "orders_read", "orders_write", "products_read", "inventory_read",
    "receiving_read", "receiving_write", "returns_read", "returns_write", "webhooks_read",
    "webhooks_write", "locations_read", "tracking_read", "billing_read",
)  # fmt: skip
METHODS = ("Standard", "Express", "Ground")
# The first numbers, by kind, so that ids of one kind are none of another.
FIRST = {
    "order": 500_000, "shipment": 7_000_000, "product": 3_200_000, "variant": 15_300_000,
    "inventory": 8_500_000, "return": 900_000, "receiving": 443_000, "box": 2_000,
    "carton": 60_000, "invoice": 1_200,
}  # fmt: skip


class State:
    """What an account holds."""

    def __init__(
        self, seed: object = 0, clock: Callable[[], datetime] | None = None,
        centres: Sequence[tuple[str, str, str]] = CENTRES, channel: int = CHANNEL,
    ) -> None:  # fmt: skip
        self.clock = clock or Clock()
        self.lock = RLock()
        self.channel: Row = {
            "id": channel, "name": "Retail Connector", "application_name": "SMA",
            "scopes": list(SCOPES),
        }  # fmt: skip
        self.other_channel: Row = {
            "id": channel + 1, "name": "Shopify Store", "application_name": "Shopify",
            "scopes": [scope for scope in SCOPES if scope.endswith("_read")],
        }  # fmt: skip
        self.centres = {number: (name, zone) for number, name, zone in centres}
        self.products: dict[int, Row] = {}
        self.inventory: dict[int, Row] = {}
        self.by_sku: dict[str, int] = {}
        self.bundles: dict[str, dict[str, int]] = {}
        # Units on the shelves, by stock item, centre and lot ("" without one).
        self.shelves: dict[tuple[int, str], Counter[str]] = {}
        self.expiry: dict[tuple[int, str], str] = {}
        self.orders: dict[int, Row] = {}
        self.returns: dict[int, Row] = {}
        self.receivings: dict[int, Row] = {}
        self.boxes: dict[int, list[Row]] = {}
        self.trackings: dict[int, Row] = {}
        self.invoices: dict[int, Row] = {}
        self.transactions: dict[int, list[Row]] = {}
        self.events: dict[str, Row] = {}
        self._random, self._numbers = Random(f"{seed}:account"), Counter[str]()

    def next_number(self, kind: str) -> int:
        """Return a new number of a kind."""
        self._numbers[kind] += 1
        return FIRST[kind] + self._numbers[kind]

    def next_code(self, prefix: str = "", length: int = 27) -> str:
        """Return a new code, the same ones for the same seed."""
        alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
        return prefix + "".join(self._random.choices(alphabet, k=length))

    def moment(self) -> datetime:
        """Return the time; every state gets a moment of its own."""
        self._numbers["moment"] += 1
        return self.clock() + timedelta(milliseconds=self._numbers["moment"] % 1000)

    def now(self) -> str:
        """Return the time as the API writes it, with seven decimals."""
        moment = self.moment()
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond:06d}0+00:00"

    def centre(self, number: str) -> Row:
        """Return a fulfilment centre as orders and returns name it."""
        return {"id": int(number), "name": self.centres[number][0]}

    def tell(self, topic: str, shown: Row) -> None:
        """Note an event."""
        name = self.next_code("msg_")
        self.events[name] = {"topic": topic, "body": deepcopy(shown)}


def moment_of(text: str) -> datetime:
    """Read a time as the API or a client writes it."""
    head, _dot, tail = text.replace("Z", "+00:00").partition(".")
    digits = tail[: len(tail) - len(tail.lstrip("0123456789"))]
    return datetime.fromisoformat(f"{head}.{digits[:6]:0<6}{tail[len(digits) :]}" if tail else head)
