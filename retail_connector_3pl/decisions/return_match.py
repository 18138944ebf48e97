"""Which return a message tells of, and which line of it. Values without a database."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.retail_connector_base.decisions.return_number import same_number


@dataclass(frozen=True)
class Known:
    """A return that is known: our reference, others' numbers of it, its order, units by item.

    ``told_by_it``: the system that is asked for tells of it already, under another id. ``is_over``:
    nothing more is expected of it.
    """

    key: int
    reference: str
    numbers: tuple[str, ...] = ()
    order: int | None = None
    units: frozenset[tuple[int, Decimal]] = frozenset()
    told_by_it: bool = False
    is_over: bool = False


@dataclass(frozen=True)
class Told:
    """What a message says: its id, its number, its order, and units by item.

    ``in_parts``: the system may tell of one return under several ids, as a warehouse does that
    books each parcel.
    """

    external_id: str
    number: str | None = None
    order: int | None = None
    units: frozenset[tuple[int, Decimal]] = frozenset()
    in_parts: bool = False


def find(known: Iterable[Known], told: Told) -> int | None:
    """Return the key of the return that a message of another system tells of, or ``None``.

    By our reference or a number on which both agree, unless the orders differ. Without a number on
    one side: the only open return of the order with the same items.
    """
    known = [each for each in known if told.in_parts or not each.told_by_it]
    by_number = [each for each in known if _is_named(each, told) and _fits(each, told)]
    if by_number:
        # Of several with this number, the one whose order is known to be the same.
        return max(by_number, key=lambda each: (each.order == told.order, each.key)).key
    if told.order is None:
        return None
    fitting = [
        each
        for each in known
        if each.order == told.order
        and not (each.told_by_it or each.is_over)
        and not (told.number and each.numbers)
        and _covers(each.units, told.units)
    ]
    return fitting[0].key if len(fitting) == 1 else None


def _is_named(each: Known, told: Told) -> bool:
    ours = (told.number, told.external_id)
    return any(same_number(each.reference, name) for name in ours) or any(
        same_number(told.number, own) for own in each.numbers
    )


def _fits(each: Known, told: Told) -> bool:
    return told.order is None or each.order in (None, told.order)


def _covers(units: frozenset[tuple[int, Decimal]], told: frozenset[tuple[int, Decimal]]) -> bool:
    """Tell whether what is told lies within what is known."""
    room = dict(units)
    return bool(told) and all(quantity <= room.get(item, Decimal(-1)) for item, quantity in told)
