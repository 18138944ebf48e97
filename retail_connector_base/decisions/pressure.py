"""How much unfinished work a backend may pile up before its senders are asked to come back."""

from collections.abc import Iterable
from enum import Enum

# What is about money is shed last: at this many times the limit.
LAST_FACTOR = 2
SHED_LAST = frozenset({"payment", "refund", "payout", "dispute"})
# Shedding ends well below the limit, so that it does not flicker.
RELIEF = 0.8


class Pressure(str, Enum):
    """What is refused."""

    NONE = "none"
    ORDINARY = "ordinary"
    ALL = "all"


def pressure_of(backlog: int, limit: int, before: Pressure) -> Pressure:
    """Return what is to be refused at a backlog; a ``limit`` of 0 refuses nothing."""
    if limit <= 0:
        return Pressure.NONE
    if _exceeds(backlog, limit * LAST_FACTOR, before is Pressure.ALL):
        return Pressure.ALL
    if _exceeds(backlog, limit, before is not Pressure.NONE):
        return Pressure.ORDINARY
    return Pressure.NONE


def _exceeds(backlog: int, limit: int, shedding: bool) -> bool:
    return backlog > (limit * RELIEF if shedding else limit)


def is_shed(pressure: Pressure, kinds: Iterable[str | None]) -> bool:
    """Tell whether a delivery of these kinds is refused; it comes and goes as a whole."""
    if pressure is Pressure.NONE:
        return False
    return pressure is Pressure.ALL or not SHED_LAST & set(kinds)


def counted_up_to(limit: int) -> int:
    """Return how far counting a backlog is worth its while."""
    return limit * LAST_FACTOR + 1
