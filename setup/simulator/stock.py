"""How many units lie where, and the history of every change.

Quantities follow Shopify's states: ``available`` can be sold, ``committed`` belongs to orders that
wait for their shipment, ``on_hand`` is the sum of all that is in the house.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone

from .identifiers import Ids

IN_HOUSE = (
    "available", "committed", "reserved", "damaged", "safety_stock", "quality_control",
)  # fmt: skip
NAMES = (*IN_HOUSE, "on_hand", "incoming")


@dataclass(frozen=True)
class Change:
    """One change of one quantity.

    ``cause``: initial, set, adjusted, activated (the app), manual (the merchant), sold, restocked,
    fulfilled, unfulfilled or moved (what became of orders). ``reference`` names the order, or the
    idempotency key of the mutation. ``sequence`` counts all changes of a shop in their true order.
    """

    sequence: int
    at: datetime
    item_id: int
    location_id: int
    name: str
    before: int
    after: int
    cause: str
    reference: str = ""

    @property
    def delta(self) -> int:
        """By how much the quantity grew."""
        return self.after - self.before


@dataclass
class Level:
    """The quantities of one item at one location."""

    id: int
    item_id: int
    location_id: int
    quantities: dict[str, int] = field(default_factory=lambda: dict.fromkeys(IN_HOUSE, 0))
    active: bool = True
    updated_at: float = field(default_factory=time.time)

    def quantity(self, name: str) -> int:
        """Return a quantity by the vendor's name; unknown names raise ``KeyError``."""
        if name == "on_hand":
            return sum(self.quantities.values())
        return 0 if name == "incoming" else self.quantities[name]


class Stock:
    """The levels of a shop. Whoever changes them holds the shop's lock."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._levels: dict[tuple[int, int], Level] = {}
        self._by_item: dict[int, list[Level]] = {}
        self.history: list[Change] = []

    def connect(self, item_id: int, location_id: int) -> Level:
        """Return the level of an item at a location; from now on it is stocked there."""
        key = (item_id, location_id)
        if key not in self._levels:
            level = Level(self._ids.next("InventoryLevel"), item_id, location_id)
            self._levels[key] = level
            self._by_item.setdefault(item_id, []).append(level)
        self._levels[key].active = True
        return self._levels[key]

    def level(self, item_id: int, location_id: int) -> Level | None:
        """Return the level of an item where it is stocked."""
        found = self._levels.get((item_id, location_id))
        return found if found and found.active else None

    def levels(self, item_id: int) -> list[Level]:
        """Return the active levels of an item."""
        return [level for level in self._by_item.get(item_id, ()) if level.active]

    def all_levels(self) -> list[Level]:
        """Return every active level."""
        return [level for level in list(self._levels.values()) if level.active]

    def available(self, item_id: int, location_id: int | None = None) -> int:
        """Return what can be sold, at one location or at all."""
        return sum(
            level.quantity("available")
            for level in self.levels(item_id)
            if location_id in (None, level.location_id)
        )

    def put(self, level: Level, name: str, quantity: int, cause: str, reference: str = "") -> None:
        """Set a quantity. What changes ``on_hand`` changes ``available`` by as much."""
        if name == "on_hand":
            quantity = level.quantity("available") + quantity - level.quantity("on_hand")
            name = "available"
        before = level.quantities[name]
        if before == quantity and cause != "set":
            return
        level.quantities[name], level.updated_at = quantity, time.time()
        self.history.append(
            Change(
                len(self.history) + 1, datetime.now(timezone.utc), level.item_id,
                level.location_id, name, before, quantity, cause, reference,
            )
        )  # fmt: skip

    def add(self, level: Level, name: str, delta: int, cause: str, reference: str = "") -> None:
        """Change a quantity by a difference."""
        self.put(level, name, level.quantity(name) + delta, cause, reference)

    def apply(self, flows: Mapping[tuple[int, int], "Flow"], cause: str, reference: str) -> None:
        """Book what became of an order."""
        for (item_id, location_id), flow in flows.items():
            level = self.connect(item_id, location_id)
            self.add(level, "committed", flow.committed, flow.cause(cause), reference)
            self.add(level, "available", -flow.taken, flow.cause(cause), reference)

    def changes(
        self, item_id: int, name: str = "available", causes: Iterable[str] = ()
    ) -> list[Change]:
        """Return the history of one quantity of an item, at all locations, oldest first."""
        wanted = set(causes)
        return [
            change
            for change in list(self.history)
            if (change.item_id, change.name) == (item_id, name)
            and (not wanted or change.cause in wanted)
        ]

    def oversold(self) -> list[Change]:
        """Return the sales that took more than was available."""
        sold = (change for change in list(self.history) if change.cause == "sold")
        return [one for one in sold if one.name == "available" and one.after < 0]


@dataclass(frozen=True)
class Flow:
    """What an order's new state took out of one level: promised, shipped, or written off."""

    committed: int = 0
    shipped: int = 0
    lost: int = 0

    def __add__(self, other: "Flow") -> "Flow":
        return Flow(
            self.committed + other.committed, self.shipped + other.shipped, self.lost + other.lost
        )

    def __neg__(self) -> "Flow":
        return Flow(-self.committed, -self.shipped, -self.lost)

    def __bool__(self) -> bool:
        return bool(self.committed or self.shipped or self.lost)

    @property
    def taken(self) -> int:
        """What is no longer available because of it."""
        return self.committed + self.shipped + self.lost

    def cause(self, given: str) -> str:
        """Return why: what the caller says, or what the figures show."""
        if given:
            return given
        if self.shipped:
            return "fulfilled" if self.shipped > 0 else "unfulfilled"
        return "sold" if self.taken > 0 else "restocked"
