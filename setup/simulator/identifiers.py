"""Identifiers as the vendor writes them."""

import uuid
from collections import defaultdict
from random import Random
from threading import Lock

BASES = {
    "Order": 5_900_000_000_000,
    "LineItem": 14_100_000_000_000,
    "Product": 8_100_000_000_000,
    "ProductVariant": 44_200_000_000_000,
    "InventoryItem": 46_300_000_000_000,
    "Customer": 7_400_000_000_000,
}
OTHER_BASE = 900_000_000_000


class Ids:
    """Numeric identifiers, counted up per type."""

    def __init__(self) -> None:
        self._last: dict[str, int] = defaultdict(int)
        self._lock = Lock()

    def next(self, kind: str) -> int:
        """Return a new identifier of a type."""
        with self._lock:
            self._last[kind] += 1
            return BASES.get(kind, OTHER_BASE) + self._last[kind]

    def peek(self, kind: str) -> int:
        """Return the identifier that ``next`` will return."""
        with self._lock:
            return BASES.get(kind, OTHER_BASE) + self._last[kind] + 1


def gid(kind: str, number: int) -> str:
    """Return a global identifier: gid://shopify/Order/123."""
    return f"gid://shopify/{kind}/{number}"


def seeded_uuid(seed: object) -> str:
    """Return a UUID that depends on the seed only."""
    return str(uuid.UUID(int=Random(str(seed)).getrandbits(128), version=4))


def number_of(identifier: str, kind: str | None = None) -> int:
    """Return the number of a global identifier; 0, which nothing has, for another kind."""
    parts = identifier.split("?")[0].rsplit("/", 2)
    if not parts[-1].isdigit() or (kind and len(parts) == 3 and parts[1] != kind):
        return 0
    return int(parts[-1])
