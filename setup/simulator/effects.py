"""The ledger of everything that the app changed in the shop."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any


@dataclass
class Effect:
    """One mutation that was carried out.

    ``key`` is its idempotency key. ``result`` is the id of what it made or changed. ``stock`` is
    the number of the last stock change when it was done. ``acknowledged_at`` is when the answer
    had been sent; the app never heard of an effect that has none.
    """

    sequence: int
    at: datetime
    mutation: str
    key: str | None
    arguments: Mapping[str, Any]
    result: str | None
    stock: int = 0
    acknowledged_at: datetime | None = None


class Effects:
    """All effects, oldest first. A replayed answer and a refused mutation leave none."""

    def __init__(self) -> None:
        self._all: list[Effect] = []
        self._lock, self._mine = threading.Lock(), threading.local()

    def __iter__(self) -> Iterator[Effect]:
        with self._lock:
            return iter(list(self._all))

    def __len__(self) -> int:
        return len(self._all)

    def record(
        self, mutation: str, key: str | None, arguments: Mapping[str, Any], result: str | None,
        stock: int,
    ) -> None:  # fmt: skip
        """Add an effect."""
        with self._lock:
            now, number = datetime.now(timezone.utc), len(self._all) + 1
            effect = Effect(number, now, mutation, key, arguments, result, stock)
            self._all.append(effect)
        self._mine.effects = [*getattr(self._mine, "effects", ()), effect]

    def begin_request(self) -> None:
        """Forget what this thread did before: from here on it serves a new request."""
        self._mine.effects = []

    def acknowledge(self) -> None:
        """Note that the answer to this thread's request has been sent."""
        for effect in getattr(self._mine, "effects", ()):
            effect.acknowledged_at = datetime.now(timezone.utc)

    def of(self, mutation: str) -> list[Effect]:
        """Return the effects of one mutation."""
        return [effect for effect in self if effect.mutation == mutation]

    def keys(self) -> Counter[str]:
        """Return how many effects each idempotency key had: more than one is a failure."""
        return Counter(effect.key for effect in self if effect.key)
