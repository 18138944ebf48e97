"""The drawer of a register's day: what went in and out, what was counted, what is left."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical.pos_closing import (
    CashMovement,
    CashMovementKind,
    PosClosing,
    TenderTotal,
)

ZERO = Decimal(0)


@dataclass(frozen=True)
class Drawer:
    """A day's cash as its register reports it, in the report's currency.

    ``expected`` are the takings: what sales brought, without float and movements. ``over_short`` is
    counted less expected, 0 where nobody counted. ``opening`` is the float, ``None`` where it is
    not told. ``deposit`` (positive) left the drawer when the day was closed, without a movement of
    its own; ``unexplained`` is what was left in the drawer beyond what can be there.
    """

    expected: Decimal | None
    counted: Decimal | None
    over_short: Decimal
    opening: Decimal | None
    movements: tuple[CashMovement, ...]
    deposit: Decimal = ZERO
    unexplained: Decimal = ZERO

    @property
    def moved(self) -> Decimal:
        """What movements put in less what they took out."""
        return sum((movement.amount for movement in self.movements), ZERO)


def drawer_of(report: PosClosing, takings: Decimal, words: Collection[str]) -> Drawer:
    """Return a day's drawer; ``takings`` is the cash of the imported tickets, ``words`` are those
    of the report that mean cash.

    Registers write the expected cash either without or with what else is in the drawer. Over and
    short are the same in both ways; which one it is follows from the report's own total, or else
    from the imported tickets.
    """
    totals = [total for total in report.tenders if total.method in words]
    movements = posted_movements(report)
    base = (report.opening_float or ZERO) + sum((each.amount for each in movements), ZERO)
    if not totals:
        left_over = _left_over(report, base + takings)
        return Drawer(None, None, ZERO, report.opening_float, movements, *left_over)
    told = sum((total.expected for total in totals), ZERO)
    counted = _counted(totals)
    holds_base = _holds_base(report, told, base, takings)
    expected = told - base if holds_base else told
    over_short = ZERO
    if counted is not None:
        over_short = counted - told if holds_base else _over_short(counted, told, base)
    deposit, unexplained = _left_over(report, base + expected + over_short)
    net = None if counted is None else expected + over_short
    return Drawer(expected, net, over_short, report.opening_float, movements, deposit, unexplained)


def posted_movements(report: PosClosing) -> tuple[CashMovement, ...]:
    """Return the movements of a report, without the one that is the opening float itself."""
    floats = [each for each in report.cash_movements if each.kind is CashMovementKind.FLOAT]
    opening = next((each for each in floats if _is_opening(each, report)), None)
    return tuple(each for each in report.cash_movements if each is not opening)


def _is_opening(movement: CashMovement, report: PosClosing) -> bool:
    early = movement.at is None or report.opened_at is None or movement.at <= report.opened_at
    return early and movement.amount == report.opening_float


def _counted(totals: Iterable[TenderTotal]) -> Decimal | None:
    """Return what was counted in all drawers; one that nobody counts holds what it should."""
    totals = list(totals)
    if all(total.counted is None for total in totals):
        return None
    return sum(
        (total.expected if total.counted is None else total.counted for total in totals), ZERO
    )


def _holds_base(report: PosClosing, told: Decimal, base: Decimal, takings: Decimal) -> bool:
    """Tell whether the expected cash holds float and movements."""
    if not base:
        return False
    everything = sum((total.expected for total in report.tenders), ZERO)
    if everything == report.total:
        return False
    return everything - base == report.total or told - base == takings != told


def _over_short(counted: Decimal, takings: Decimal, base: Decimal) -> Decimal:
    """Return counted less expected. People count a whole drawer, or write down what sales brought:
    what is nearer to one of both was meant."""
    return min(counted - takings, counted - takings - base, key=abs)


def _left_over(report: PosClosing, left: Decimal) -> tuple[Decimal, Decimal]:
    """Return what was taken out and what cannot be explained; nothing follows where the report does
    not tell what was in the drawer before and after."""
    closing = report.closing_float
    if closing is None or report.opening_float is None:
        return ZERO, ZERO
    return max(left - closing, ZERO), max(closing - left, ZERO)
