"""What a version of a shipment says beyond what has moved already."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Goods:
    """Units of a thing. ``key`` names the line that tells of it, ``what`` is the thing itself."""

    key: str
    what: Hashable
    quantity: Decimal


@dataclass(frozen=True)
class Change:
    """What is to move still, and what moved and is not told any more."""

    new: tuple[Goods, ...] = ()
    taken_back: tuple[Goods, ...] = ()


def change(told: Sequence[Goods], moved: Sequence[Goods]) -> Change:
    """Compare what is told of with what moved because of earlier versions.

    Nothing moves twice: a line counts with what moved for it, and then with what moved of the same
    thing for lines that are told no more, so that lines may get other names or an other order.
    """
    left = [[one.key, one.what, one.quantity] for one in moved]
    missing = [_take(one, left, True) for one in told]
    new = [_take(one, left, False) for one in missing]
    return Change(
        new=tuple(one for one in new if one.quantity > 0),
        taken_back=tuple(Goods(*row) for row in left if row[2] > 0),
    )


def _take(goods: Goods, left: list[list], same_key: bool) -> Goods:
    """Return what of the goods has not moved; take what has from what is left."""
    need = goods.quantity
    for row in left:
        if row[1] == goods.what and (row[0] == goods.key or not same_key):
            taken = min(need, row[2])
            need -= taken
            row[2] -= taken
    return Goods(goods.key, goods.what, need)
