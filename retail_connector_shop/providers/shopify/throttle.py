"""Shopify's calculated query cost: a bucket that restores at a steady rate.

Source: shopify.dev, "Shopify API limits" (``extensions.cost.throttleStatus``).
"""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# Longer waits are the queue's business, not a worker's.
MAX_WAIT = 10.0


@dataclass(frozen=True)
class Bucket:
    """What was left at a moment (of the monotonic clock), in points and points per second."""

    available: float
    maximum: float
    rate: float
    seen: float

    def wait(self, cost: float, now: float) -> float:
        """Return how many seconds to wait until the bucket covers a cost."""
        left = min(self.available + (now - self.seen) * self.rate, self.maximum)
        missing = min(cost, self.maximum) - left
        return max(missing / self.rate, 0.0) if self.rate > 0 else 0.0


_buckets: dict[str, Bucket] = {}
_costs: dict[str, float] = {}
_lock = threading.Lock()


class Throttle:
    """Remembers a shop's bucket and the cost of each operation, within this process.

    Nothing depends on it: who calls without knowing is answered ``THROTTLED`` and waits then.
    """

    def __init__(
        self,
        shop: str,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._key = hashlib.sha256(shop.encode()).hexdigest()
        self._clock = clock
        self._sleep = sleep

    def before(self, operation: str) -> None:
        """Wait, at most ``MAX_WAIT`` seconds, until the operation can be afforded."""
        with _lock:
            bucket, cost = _buckets.get(self._key), _costs.get(operation, 0.0)
        if bucket and cost:
            seconds = min(bucket.wait(cost, self._clock()), MAX_WAIT)
            if seconds > 0:
                self._sleep(seconds)

    def after(self, operation: str, extensions: Any) -> float:
        """Learn from an answer; return the seconds until the same operation can be afforded."""
        try:
            cost = extensions["cost"]
            status = cost["throttleStatus"]
            requested = float(cost["requestedQueryCost"])
            bucket = Bucket(
                float(status["currentlyAvailable"]),
                float(status["maximumAvailable"]),
                float(status["restoreRate"]),
                self._clock(),
            )
        except (KeyError, TypeError, ValueError):
            return 1.0
        with _lock:
            _buckets[self._key] = bucket
            _costs[operation] = requested
        return bucket.wait(requested, self._clock())
