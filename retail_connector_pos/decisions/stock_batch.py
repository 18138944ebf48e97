"""Which tickets' goods leave together, and which of them stops the others."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Leaving:
    """The goods of an order that are to move. ``alone``: with a picking of the order's own, as
    Odoo makes one where the order is invoiced or shipped."""

    order_id: int
    session_id: int
    destination_id: int
    alone: bool = False


@dataclass(frozen=True)
class Batch:
    """Orders whose goods move in one picking (of each sign)."""

    session_id: int
    destination_id: int
    order_ids: tuple[int, ...]


def batches(leaving: Iterable[Leaving]) -> list[Batch]:
    """Return the batches in order of arrival: one for each session and destination.

    A batch moves in the place of its first order.
    """
    found: dict[tuple[int, ...], list[Leaving]] = {}
    for one in leaving:
        own = (one.order_id,) if one.alone else ()
        found.setdefault((one.session_id, one.destination_id, *own), []).append(one)
    return [
        Batch(key[0], key[1], tuple(one.order_id for one in together))
        for key, together in found.items()
    ]


def halves(items: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    """Return the first and the second half; the first is the smaller one, and may be empty."""
    middle = len(items) // 2
    return items[:middle], items[middle:]


def culprits(items: Sequence[T], works: Callable[[Sequence[T]], bool]) -> list[T]:
    """Return those that do not work alone, in their order.

    ``works`` tries some together, and has its effect when it says yes; nobody is tried again who
    came through, and nobody is left out.
    """
    if not items or works(items):
        return []
    if len(items) == 1:
        return [items[0]]
    first, second = halves(items)
    return culprits(first, works) + culprits(second, works)


def gone(
    quantities: Iterable[tuple[int, float]], parts: dict[int, dict[int, float]]
) -> dict[int, float]:
    """Return by product the units that left: of what was sold, with kits as their parts.

    What came back is not counted against it: it can be sold when it is in stock again.
    """
    units: dict[int, float] = {}
    for product_id, quantity in quantities:
        if quantity > 0:
            for part_id, each in parts.get(product_id, {product_id: 1.0}).items():
                units[part_id] = units.get(part_id, 0.0) + quantity * each
    return units
