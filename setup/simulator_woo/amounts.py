"""Amounts as WooCommerce computes them: stored without tax, taxes rounded line by line."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Rate:
    """A row of the shop's tax table; ``percent`` is what the customer pays."""

    id: int
    code: str
    label: str
    percent: Decimal


STANDARD = Rate(1, "DE-VAT-1", "MwSt.", Decimal(19))
REDUCED = Rate(2, "DE-REDUCED VAT-1", "MwSt. 7%", Decimal(7))
RATES = {"": STANDARD, "reduced-rate": REDUCED}


@dataclass(frozen=True)
class Taxed:
    """An amount without tax, and its tax."""

    net: Decimal
    tax: Decimal

    @classmethod
    def of(cls, amount: Decimal, rate: Rate, included: bool) -> "Taxed":
        """Split a price with tax, or add the tax to one without.

        Halves of a cent of included taxes are rounded down (``WC_TAX_ROUNDING_MODE``).
        """
        if not included:
            tax = (amount * rate.percent / 100).quantize(CENT, ROUND_HALF_UP)
            return cls(amount.quantize(CENT, ROUND_HALF_UP), tax)
        whole = amount.quantize(CENT, ROUND_HALF_UP)
        tax = (whole * rate.percent / (100 + rate.percent)).quantize(CENT, ROUND_HALF_DOWN)
        return cls(whole - tax, tax)


def text(amount: Decimal) -> str:
    """Write an amount with the shop's two decimals."""
    return f"{amount.quantize(CENT, ROUND_HALF_UP):f}"


def tax_entries(
    rate: Rate, total: Decimal, subtotal: Decimal | None = None
) -> list[dict[str, Any]]:
    """Return the ``taxes`` of a line."""
    before = total if subtotal is None else subtotal
    return [{"id": rate.id, "total": f"{total:f}", "subtotal": f"{before:f}"}]


def total_of(lines: Iterable[dict[str, Any]], key: str = "total") -> Decimal:
    """Return the sum of an amount over lines."""
    return sum((Decimal(line[key]) for line in lines), ZERO)
