"""From which payments money goes back, and how much of each. Amounts are positive, one currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Room:
    """What can still be given back of a payment, named by its id."""

    payment: int
    amount: Decimal


class NotEnoughError(Exception):
    """More is asked for than was taken; ``short`` is what is missing."""

    def __init__(self, short: Decimal) -> None:
        super().__init__(f"{short} more than can be given back")
        self.short = short


def room(captured: Decimal, refunded: Decimal, requested: Decimal) -> Decimal:
    """Return what can be given back of a payment beside what went back and what is asked for."""
    return max(captured - refunded - requested, Decimal(0))


def split(amount: Decimal, rooms: Sequence[Room]) -> tuple[Room, ...]:
    """Return the parts that an amount is given back in, filling ``rooms`` in their order.

    Raises ``NotEnoughError`` when they do not suffice.
    """
    parts, left = [], amount
    for each in rooms:
        part = min(left, each.amount)
        if part > 0:
            parts.append(Room(each.payment, part))
            left -= part
    if left > 0:
        raise NotEnoughError(left)
    return tuple(parts)
