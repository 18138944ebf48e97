"""Amounts as registers count them: exact decimals, halves away from zero."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)


def rounded(amount: Decimal, step: Decimal) -> Decimal:
    """Return an amount as a whole multiple of ``step``: of the smallest unit, or of a coin."""
    return (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def shared_out(amount: Decimal, weights: Sequence[Decimal], step: Decimal) -> list[Decimal]:
    """Split an amount by weights; the parts are whole, and nothing is lost on the way."""
    whole, parts, used = sum(weights, ZERO), list[Decimal](), ZERO
    seen = ZERO
    for weight in weights:
        seen += weight
        upto = rounded(amount * seen / whole, step) if whole else ZERO
        parts.append(upto - used)
        used = upto
    return parts
