"""Whether an order's amounts in Odoo are the channel's, to the minor unit."""

from dataclasses import dataclass
from decimal import Decimal

from ..canonical import Order, minor_unit


@dataclass(frozen=True)
class Totals:
    """What an order comes to, in one currency."""

    untaxed: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        """The amount that the customer owes."""
        return self.untaxed + self.tax


def channel_totals(order: Order, presentment: bool) -> Totals:
    """Return the channel's totals in the chosen currency."""
    total = order.total.side(presentment).amount
    tax = order.total_tax.side(presentment).amount
    return Totals(untaxed=total - tax, tax=tax)


def rounding_needed(
    theirs: Totals, ours: Totals, currency: str, tolerated: int, lines: int
) -> Decimal | None:
    """Return the amount of the rounding line that makes both tie, 0 when they tie already.

    ``None`` when they must not be made to tie: a tax difference never, a difference of the untaxed
    total beyond ``tolerated`` minor units, or beyond one minor unit per line.
    """
    if theirs.tax != ours.tax:
        return None
    difference = theirs.untaxed - ours.untaxed
    limit = min(tolerated, lines) * minor_unit(currency)
    return difference if abs(difference) <= limit else None


def comparison(theirs: Totals, ours: Totals, currency: str) -> tuple[tuple[str, str, str], ...]:
    """Return both computations side by side."""
    return tuple(
        (label, f"{getattr(theirs, name)} {currency}", f"{getattr(ours, name)} {currency}")
        for label, name in (("Untaxed", "untaxed"), ("Taxes", "tax"), ("Total", "total"))
    )
