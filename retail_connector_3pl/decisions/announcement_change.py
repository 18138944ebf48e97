"""Whether goods that were announced are still what will come."""

from collections.abc import Iterable
from dataclasses import dataclass

# Quantities are kept with fewer decimals than this.
SAME = 1e-6


@dataclass(frozen=True)
class Demand:
    """Units of an item: announced, come so far, and still open in Odoo."""

    name: str
    announced: float
    received: float
    open: float

    @property
    def should_be_open(self) -> float:
        """What would be open if nobody had changed anything."""
        return max(0.0, self.announced - self.received)


def changes(demands: Iterable[Demand]) -> list[Demand]:
    """Return the demands that somebody changed after they were announced."""
    return [one for one in demands if abs(one.open - one.should_be_open) > SAME]
