"""Shopify's calculated query cost: a bucket that restores at a steady rate.

Source: shopify.dev, "Shopify API limits" (``extensions.cost.throttleStatus``). The bucket itself is
kept by the backend's gate, which all workers share.
"""

from dataclasses import dataclass
from typing import Any

# What each operation cost last. Nothing depends on it: a process that does not know yet asks for
# this much, and is answered ``THROTTLED`` where that was too little.
UNKNOWN_COST = 100.0
_costs: dict[str, float] = {}


@dataclass(frozen=True)
class QueryCost:
    """What an answer says: points requested and left, the bucket's size, points per second."""

    requested: float
    available: float
    maximum: float
    rate: float

    def wait(self) -> float:
        """Return the seconds until the same query can be afforded."""
        missing = min(self.requested, self.maximum) - self.available
        return max(missing / self.rate, 0.0) if self.rate > 0 else 0.0


def expected_cost(operation: str) -> float:
    """Return what an operation is going to cost, in points."""
    return _costs.get(operation, UNKNOWN_COST)


def read_cost(operation: str, extensions: Any) -> QueryCost | None:
    """Return the cost that an answer tells, and remember it; ``None`` where it tells none."""
    try:
        cost = extensions["cost"]
        status = cost["throttleStatus"]
        found = QueryCost(
            float(cost["requestedQueryCost"]),
            float(status["currentlyAvailable"]),
            float(status["maximumAvailable"]),
            float(status["restoreRate"]),
        )
    except (KeyError, TypeError, ValueError):
        return None
    _costs[operation] = found.requested
    return found
