"""What one side had moved when a warehouse counted, and the other had not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class Item:
    """What is counted: a product, by lot where it is counted by lot."""

    product_id: int
    lot: str | None = None


@dataclass(frozen=True)
class Goods:
    """Units of an item that a document moves: more than 0 came to the warehouse, less left it.

    ``there_at`` is when the warehouse moved them, ``None``: not yet. ``here_at`` is when Odoo did.
    Moments are UTC, without time zone. ``document`` is (model, id) of Odoo, or of the message that
    is not imported.
    """

    item: Item
    quantity: Decimal
    there_at: datetime | None
    here_at: datetime | None
    document: tuple[str, int]
    name: str = ""


def effect(goods: Goods, instant: datetime) -> Decimal:
    """Return how many units more than Odoo the warehouse had at an instant because of a document.

    Where both had moved the goods by then, or neither had, the document explains nothing.
    """
    there = goods.there_at is not None and goods.there_at <= instant
    here = goods.here_at is not None and goods.here_at <= instant
    return goods.quantity * (there - here)


def still_to_move(told: Iterable[Goods], moved: Iterable[Goods]) -> list[Goods]:
    """Return what documents tell less what Odoo has moved of them, by item.

    ``moved`` are units of the same documents, which may be named otherwise.
    """
    left: dict[Item, Decimal] = {}
    for each in moved:
        left[each.item] = left.get(each.item, Decimal(0)) + each.quantity
    found = []
    for each in told:
        done = _part(each.quantity, left.get(each.item, Decimal(0)))
        left[each.item] = left.get(each.item, Decimal(0)) - done
        if each.quantity - done:
            found.append(replace(each, quantity=each.quantity - done))
    return found


def _part(told: Decimal, moved: Decimal) -> Decimal:
    """Return what of a told quantity is moved: at most all of it, and only in its direction."""
    if told * moved <= 0:
        return Decimal(0)
    return min(told, moved) if told > 0 else max(told, moved)
