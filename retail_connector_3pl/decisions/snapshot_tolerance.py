"""Which differences of a count are applied without a person, and who may approve the others."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Limits:
    """Up to what a line differs without anybody being asked; 0 leaves that side open.

    ``quantity`` in units of the product, ``percent`` of what was expected, ``value`` in the
    company's currency. A line has to keep to all that are set; where none is, none is small enough.
    """

    applies: bool = False
    quantity: Decimal = Decimal(0)
    percent: Decimal = Decimal(0)
    value: Decimal = Decimal(0)


@dataclass(frozen=True)
class Variance:
    """What nobody can explain of one item. ``has_cause``: something is odd about its lines."""

    difference: Decimal
    expected: Decimal
    value: Decimal
    has_cause: bool = False


class Approver(str, Enum):
    """Who may let a difference into the stock."""

    OPERATOR = "operator"
    ACCOUNTANT = "accountant"


def is_tolerated(variance: Variance, limits: Limits) -> bool:
    """Tell whether a difference may be applied without a person."""
    if not limits.applies or variance.has_cause:
        return False
    sides = (
        (limits.quantity, abs(variance.difference)),
        (limits.percent, _percent(variance)),
        (limits.value, abs(variance.value)),
    )
    chosen = [(limit, found) for limit, found in sides if limit > 0]
    return bool(chosen) and all(found is not None and found <= limit for limit, found in chosen)


def _percent(variance: Variance) -> Decimal | None:
    """Return the difference in percent; ``None`` of nothing: it is beyond every limit."""
    if variance.expected <= 0:
        return None
    return abs(variance.difference) * HUNDRED / variance.expected


def approver_of(values: Iterable[Decimal], accountant_above: Decimal) -> Approver:
    """Return who has to approve differences of these values, all of one count.

    Losses and gains do not cancel each other out. ``accountant_above`` 0: an accountant always.
    """
    total = sum((abs(value) for value in values), Decimal(0))
    above = accountant_above <= 0 or total > accountant_above
    return Approver.ACCOUNTANT if above else Approver.OPERATOR
