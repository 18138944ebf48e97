"""Which demands the goods of a shipment meet, and what of them nobody asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class Meets(str, Enum):
    """What goods are to the release they left for."""

    ASKED = "asked"
    OVER = "over"
    SUBSTITUTE = "substitute"
    UNASKED = "unasked"


@dataclass(frozen=True)
class Demand:
    """A line of a release: ``quantity`` is what is still to leave of it, in the product's unit."""

    line_id: int
    product_id: int
    quantity: Decimal


@dataclass(frozen=True)
class Left:
    """Units of a product that left. ``line_id`` is the release's line that the warehouse named."""

    key: str
    product_id: int
    quantity: Decimal
    line_id: int | None = None


@dataclass(frozen=True)
class Leaving:
    """Units that leave, and the demand that they meet, exceed or stand in for."""

    key: str
    product_id: int
    quantity: Decimal
    line_id: int | None
    meets: Meets


def plan(left: Sequence[Left], demands: Sequence[Demand]) -> list[Leaving]:
    """Allot goods to demands: to the line that is named, else to those of the same product.

    Named lines go first, so that goods without a name do not take their place. What a substitute
    stands in for counts as met: the warehouse will not send that any more.
    """
    open_ = {demand.line_id: demand.quantity for demand in demands}
    product = {demand.line_id: demand.product_id for demand in demands}
    found: dict[int, list[Leaving]] = {}
    order = sorted(range(len(left)), key=lambda place: left[place].line_id is None)
    for place in order:
        goods = left[place]
        if goods.line_id is None:
            found[place] = _by_product(goods, demands, open_)
        elif product.get(goods.line_id) == goods.product_id:
            found[place] = _parts(goods, [goods.line_id], open_)
        else:
            open_[goods.line_id] -= min(goods.quantity, open_[goods.line_id])
            found[place] = [_leaving(goods, goods.quantity, goods.line_id, Meets.SUBSTITUTE)]
    return [leaving for place in sorted(found) for leaving in found[place]]


def _by_product(goods: Left, demands: Sequence[Demand], open_: dict[int, Decimal]) -> list[Leaving]:
    lines = [one.line_id for one in demands if one.product_id == goods.product_id]
    if not lines:
        return [_leaving(goods, goods.quantity, None, Meets.UNASKED)]
    return _parts(goods, lines, open_)


def _parts(goods: Left, lines: list[int], open_: dict[int, Decimal]) -> list[Leaving]:
    """Fill lines in their order; what is too much is over on the last one."""
    parts, rest = [], goods.quantity
    for line_id in lines:
        taken = min(rest, open_[line_id])
        if taken > 0:
            parts.append(_leaving(goods, taken, line_id, Meets.ASKED))
            open_[line_id] -= taken
            rest -= taken
    if rest > 0:
        parts.append(_leaving(goods, rest, lines[-1], Meets.OVER))
    return parts


def _leaving(goods: Left, quantity: Decimal, line_id: int | None, meets: Meets) -> Leaving:
    return Leaving(goods.key, goods.product_id, quantity, line_id, meets)
