"""How a ticket line's price and discount are written for Odoo."""

from dataclasses import dataclass
from decimal import Decimal

HUNDRED = Decimal(100)
# Of a percentage: beyond what anybody reads, below what an amount feels.
PERCENT = Decimal("1e-10")


@dataclass(frozen=True)
class LinePrice:
    """``price_unit`` before discount, ``discount`` in percent; neither is rounded."""

    price_unit: float
    discount: float


def percent_of(gross: Decimal, reduction: Decimal) -> Decimal | None:
    """Return a reduction in percent, ``None`` where a percentage cannot tell it."""
    if not reduction:
        return Decimal(0)
    if not gross or not 0 <= reduction / gross <= 1:
        return None
    return (reduction / gross * HUNDRED).quantize(PERCENT)


def line_price(
    gross: Decimal, reduction: Decimal, quantity: Decimal, target: Decimal | None = None
) -> LinePrice:
    """Return price and discount of a line of ``quantity``, which is not 0.

    ``gross`` and ``reduction`` are the register's amounts of the line. They are kept as told;
    ``target`` is what Odoo must compute instead where that is another amount, because the register
    rounds the line, or because prices hold the taxes on one side only.
    """
    percent = percent_of(gross, reduction)
    if percent is None:
        net = gross - reduction if target is None else target
        return LinePrice(float(net / quantity), 0.0)
    if target is None or percent == HUNDRED:
        return LinePrice(float(gross / quantity), float(percent))
    price = target / quantity / (1 - percent / HUNDRED)
    return LinePrice(float(price), float(percent))
