"""Which units of which fulfilment orders a shipment takes: a decision without any call.

An order's lines are spread over fulfilment orders, which are split, moved and held. A shipment
names lines of the order only. One fulfilment takes units of one location; so a shipment becomes
one fulfilment for each location that it needs, as few as possible.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from odoo.addons.retail_connector_base.providers import NotYetError, RejectedError

OPEN = frozenset({"OPEN", "IN_PROGRESS"})
WAITING = frozenset({"ON_HOLD", "SCHEDULED"})


@dataclass(frozen=True)
class Part:
    """Units of one line of the order in one fulfilment order. All ids are the shop's numbers."""

    id: str
    line: str
    remaining: int


@dataclass(frozen=True)
class FulfillmentOrder:
    """A fulfilment order. ``reason`` says why it waits, ``wait`` how long (seconds), if known."""

    id: str
    status: str
    location: str
    parts: tuple[Part, ...]
    reason: str = ""
    wait: float | None = None


@dataclass(frozen=True)
class Consignment:
    """One fulfilment to make: units by part, by fulfilment order."""

    location: str
    units: Mapping[str, Mapping[str, int]]


def allocate(
    wanted: Mapping[str, int], orders: Sequence[FulfillmentOrder], location: str | None = None
) -> list[Consignment]:
    """Return the fulfilments that ship the wanted units by line.

    The location given is taken first, then those that hold the most of what is left. Raises
    ``NotYetError`` while units are on hold, ``RejectedError`` when more is wanted than remains.
    """
    left = Counter({line: units for line, units in wanted.items() if units > 0})
    _check(left, orders)
    open_orders = [order for order in orders if order.status in OPEN]
    places = list(dict.fromkeys(order.location for order in open_orders))
    found = []
    while left:
        place = max(places, key=lambda one: (one == location, _cover(left, open_orders, one)))
        places.remove(place)
        units = _take(left, [order for order in open_orders if order.location == place])
        if units:
            found.append(Consignment(place, units))
    return found


def _remaining(orders: Iterable[FulfillmentOrder], statuses: Iterable[str]) -> Counter[str]:
    total: Counter[str] = Counter()
    for order in orders:
        if order.status in statuses:
            for part in order.parts:
                total[part.line] += max(part.remaining, 0)
    return total


def _check(wanted: Counter[str], orders: Sequence[FulfillmentOrder]) -> None:
    """Raise unless everything wanted can leave now: a shipment is not torn apart by a hold."""
    ready, waiting = _remaining(orders, OPEN), _remaining(orders, WAITING)
    short = {line: units for line, units in wanted.items() if units > ready[line]}
    lacking = [
        f"line {line}: {units} wanted, {ready[line] + waiting[line]} remaining"
        for line, units in short.items()
        if units > ready[line] + waiting[line]
    ]
    if lacking:
        raise RejectedError(f"The shop has not as much to fulfil: {'; '.join(lacking)}.")
    if short:
        held = [
            order
            for order in orders
            if order.status in WAITING and any(part.line in short for part in order.parts)
        ]
        reasons = dict.fromkeys(order.reason or order.status.lower() for order in held)
        waits = [order.wait for order in held if order.wait is not None]
        raise NotYetError(
            f"The shop cannot fulfil yet: {'; '.join(reasons)}.",
            retry_after=max(waits) if waits else None,
        )


def _cover(left: Counter[str], orders: Iterable[FulfillmentOrder], place: str) -> int:
    """Return how many of the units left a location can ship."""
    there = _remaining((order for order in orders if order.location == place), OPEN)
    return sum((left & there).values())


def _take(left: Counter[str], orders: Iterable[FulfillmentOrder]) -> dict[str, dict[str, int]]:
    """Take what is left from fulfilment orders of one location, and return it."""
    taken: dict[str, dict[str, int]] = {}
    for order in orders:
        for part in order.parts:
            units = min(left[part.line], part.remaining)
            if units > 0:
                taken.setdefault(order.id, {})[part.id] = units
                left[part.line] -= units
        left += Counter()  # Drops the lines of which nothing is left.
    return taken
