"""How a line's price and discount are written so that its amount is exact to the minor unit."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class PriceExpression:
    """``price_unit`` before discount (not rounded), ``discount`` in percent."""

    price_unit: float
    discount: float


def percent_of(gross: Decimal, discounted: Decimal, digits: int) -> Decimal:
    """Return the discount in percent, rounded; 0 where a percentage cannot tell it.

    That is: nothing to take it from, a surcharge, or so close to all of it that rounding would
    make the line free of charge.
    """
    if not gross or not 0 <= discounted / gross <= 1:
        return Decimal(0)
    exact = (gross - discounted) / gross * HUNDRED
    percent = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return Decimal(0) if percent == HUNDRED and discounted else percent


def express(
    gross: Decimal, discounted: Decimal, target: Decimal, quantity: Decimal, digits: int
) -> PriceExpression:
    """Return unit price and discount percentage of a line whose amount must be ``target``.

    ``gross`` and ``discounted`` are the channel's amounts of the line before and after discount:
    they decide the percentage shown (``digits`` decimals). ``target`` is what Odoo must compute,
    which is ``discounted`` unless prices hold taxes on one side only; it absorbs what the rounded
    percentage misses, in the decimals of the unit price that nobody sees.
    """
    percent = percent_of(gross, discounted, digits)
    if percent == HUNDRED:
        return PriceExpression(float(gross / quantity), 100.0)
    price = target / quantity / (1 - percent / HUNDRED)
    return PriceExpression(float(price), float(percent))
