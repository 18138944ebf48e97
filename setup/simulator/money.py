"""Amounts in a shop's own currency and in the customer's, exact and rounded as a shop rounds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

ZERO_DECIMAL = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW")
    + ("PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF")
)
THREE_DECIMAL = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))


def minor_unit(currency: str) -> Decimal:
    """Return the smallest payable amount of an ISO 4217 currency."""
    if currency in ZERO_DECIMAL:
        return Decimal(1)
    return Decimal("0.001") if currency in THREE_DECIMAL else Decimal("0.01")


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half away from zero to the currency's minor unit."""
    return amount.quantize(minor_unit(currency), rounding=ROUND_HALF_UP)


def allocate(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Split ``total`` in proportion to ``weights``; the parts are payable and add up to it.

    No part exceeds its weight when ``total`` does not exceed their sum.
    """
    unit, whole = minor_unit(currency), sum(weights, Decimal(0))
    if not whole:
        return [Decimal(0) for _ in weights]
    parts = [(total * weight / whole).quantize(unit, rounding=ROUND_DOWN) for weight in weights]
    left = int((total - sum(parts, Decimal(0))) / unit)
    for index, weight in enumerate(weights):
        if left and parts[index] + unit <= weight:
            parts[index] += unit
            left -= 1
    return parts


@dataclass(frozen=True)
class Amounts:
    """One amount on its two sides."""

    shop: Decimal = Decimal(0)
    presentment: Decimal = Decimal(0)

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(self.shop + other.shop, self.presentment + other.presentment)

    def __sub__(self, other: "Amounts") -> "Amounts":
        return Amounts(self.shop - other.shop, self.presentment - other.presentment)

    def __mul__(self, factor: int | Decimal) -> "Amounts":
        return Amounts(self.shop * factor, self.presentment * factor)

    def __bool__(self) -> bool:
        return bool(self.shop or self.presentment)


NOTHING = Amounts()


def total_of(amounts: Iterable[Amounts]) -> Amounts:
    """Return the sum of amounts, nothing when there are none."""
    return sum(amounts, NOTHING)


@dataclass(frozen=True)
class Terms:
    """The currencies of an order, the rate between them, and whether prices include tax.

    ``rate`` is what one unit of the shop's currency is worth in the customer's.
    """

    currency: str
    presentment: str
    rate: Decimal = Decimal(1)
    taxes_included: bool = False

    def price(self, amount: Decimal) -> Amounts:
        """Return a shop price as the shop and the customer see it."""
        return self.rounded(Amounts(amount, amount * self.rate))

    def rounded(self, amounts: Amounts) -> Amounts:
        """Round both sides to what can be paid."""
        return Amounts(
            rounded(amounts.shop, self.currency), rounded(amounts.presentment, self.presentment)
        )

    def allocate(self, total: Amounts, weights: Sequence[Amounts]) -> list[Amounts]:
        """Split both sides in proportion to ``weights``."""
        shop = allocate(total.shop, [weight.shop for weight in weights], self.currency)
        shown = allocate(
            total.presentment, [weight.presentment for weight in weights], self.presentment
        )
        return [Amounts(*pair) for pair in zip(shop, shown, strict=True)]

    def unit(self) -> Amounts:
        """Return one minor unit of each side."""
        return Amounts(minor_unit(self.currency), minor_unit(self.presentment))
