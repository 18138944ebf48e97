"""From which shelves a difference is taken, and onto which it is put."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Shelf:
    """Units of an item in one place. ``key`` is the quant's id; ``home``: the usual place."""

    key: int
    quantity: Decimal
    reserved: Decimal = Decimal(0)
    home: bool = False

    @property
    def free(self) -> Decimal:
        """What nobody waits for."""
        return max(self.quantity - self.reserved, Decimal(0))


def spread(difference: Decimal, shelves: Iterable[Shelf]) -> tuple[dict[int, Decimal], Decimal]:
    """Return the change of each shelf, and what is left for the usual place without a shelf yet.

    What is too much goes to the usual place. What is missing is taken first from what is free, the
    usual place before others, then from what is reserved; what no shelf has makes the usual place
    negative: Odoo had shipped more than it knew of.
    """
    ordered = sorted(shelves, key=lambda shelf: (not shelf.home, -shelf.quantity, shelf.key))
    if difference >= 0:
        return _put(difference, ordered)
    return _take(-difference, ordered)


def _put(units: Decimal, ordered: list[Shelf]) -> tuple[dict[int, Decimal], Decimal]:
    home = next((shelf for shelf in ordered if shelf.home), None)
    if home and units:
        return {home.key: units}, Decimal(0)
    return {}, units


def _take(units: Decimal, ordered: list[Shelf]) -> tuple[dict[int, Decimal], Decimal]:
    taken: dict[int, Decimal] = {}
    for room in (_free_of, _rest_of):
        for shelf in ordered:
            part = min(units, room(shelf, taken))
            if part > 0:
                taken[shelf.key] = taken.get(shelf.key, Decimal(0)) + part
                units -= part
    changes = {key: -part for key, part in taken.items()}
    home = next((shelf for shelf in ordered if shelf.home), None)
    if units and home:
        changes[home.key] = changes.get(home.key, Decimal(0)) - units
        units = Decimal(0)
    return changes, -units


def _free_of(shelf: Shelf, _taken: dict[int, Decimal]) -> Decimal:
    return shelf.free


def _rest_of(shelf: Shelf, taken: dict[int, Decimal]) -> Decimal:
    return max(shelf.quantity, Decimal(0)) - taken.get(shelf.key, Decimal(0))


def still_right(approved: Decimal, now: Decimal) -> Decimal | None:
    """Return what of an approved difference is to be applied; ``None``: it has to be asked again.

    ``now`` is the difference in the light of what happened meanwhile. What was explained since is
    not applied; more than was approved, or the other way round, was not approved.
    """
    if not now:
        return Decimal(0)
    if approved * now < 0 or abs(now) > abs(approved):
        return None
    return now
