"""How much of an order is invoiced, and what is reconciled with what, without a database."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal


def still_to_invoice(wanted: Decimal, due: Decimal, invoiced: Decimal) -> Decimal:
    """Return how much of a line an invoice may take.

    ``wanted`` is what is open by the net of invoices and credit notes, ``due`` what was ordered or
    delivered in all, ``invoiced`` what was ever invoiced: what was credited is not invoiced again.
    """
    return max(Decimal(0), min(wanted, due - invoiced))


@dataclass(frozen=True)
class OpenLine:
    """A line on a customer's account that is not reconciled.

    ``order`` names the order that it belongs to; an invoice of several orders is there for each.
    Only lines of one ``kind`` (account and currency) can be reconciled. ``is_sale`` tells an
    invoice or a payment from a credit note or a refund; ``is_debit`` its side.
    """

    id: int
    order: Hashable
    kind: Hashable
    is_sale: bool
    is_debit: bool


Steps = tuple[tuple[int, ...], ...]


def plan(lines: Iterable[OpenLine], closed: Iterable[Hashable]) -> list[Steps]:
    """Return what to reconcile, each in one or more steps; every step has lines on both sides.

    Invoices go with payments, and credit notes with refunds. Of orders that are ``closed``, for
    which no invoice is to come, the last step takes what is left, e.g. a payment that was refunded
    before any invoice. Orders that share an invoice are looked at together.
    """
    lines, done = list(lines), set(closed)
    names = _names(lines)
    groups: dict[Hashable, list[OpenLine]] = {}
    for line in lines:
        groups.setdefault((names[line.order], line.kind), []).append(line)
    return [steps for group in groups.values() for steps in _steps(group, done)]


def _steps(group: list[OpenLine], closed: set[Hashable]) -> list[Steps]:
    sides = [[line for line in group if line.is_sale is wanted] for wanted in (True, False)]
    steps = [_ids(part) for part in sides if _has_both_sides(part)]
    whole = _ids(group)
    if not ({line.order for line in group} <= closed and _has_both_sides(group)):
        return [(step,) for step in steps]
    return [(whole,)] if whole in steps else [(*steps, whole)]


def _ids(lines: list[OpenLine]) -> tuple[int, ...]:
    return tuple(sorted({line.id for line in lines}))


def _has_both_sides(lines: list[OpenLine]) -> bool:
    return len({line.is_debit for line in lines}) == 2


def _names(lines: Iterable[OpenLine]) -> dict[Hashable, Hashable]:
    """Return a name for each order; orders that share a line have the same one."""
    parents: dict[Hashable, Hashable] = {}
    first: dict[int, Hashable] = {}

    def root(order: Hashable) -> Hashable:
        while parents.setdefault(order, order) != order:
            parents[order] = parents[parents[order]]
            order = parents[order]
        return order

    for line in lines:
        mine, others = root(line.order), root(first.setdefault(line.id, line.order))
        parents[mine] = others
    return {order: root(order) for order in list(parents)}
