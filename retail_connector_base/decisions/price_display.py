"""What a price looks like in a channel: whole minor units, and a compare-at price worth showing."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ..canonical.money import minor_unit

# Prices are computed in floats: what differs by less than this is the same number.
NOISE = Decimal("1e-9")


@dataclass(frozen=True)
class ShownPrice:
    """A price and the one before it, both in whole minor units of ``currency``.

    A price of zero means that there is none to show; ``compare_at`` of ``None`` likewise.
    """

    price: Decimal
    compare_at: Decimal | None
    currency: str

    @property
    def is_given(self) -> bool:
        """Tell whether there is a price at all: nothing is sold for nothing by accident."""
        return self.price > 0


def in_minor_units(amount: float | Decimal, currency: str) -> Decimal:
    """Round an amount half up to the currency's minor unit, without the noise of floats.

    >>> in_minor_units(1.005, "EUR"), in_minor_units(2.675, "JPY"), in_minor_units(0.1, "BHD")
    (Decimal('1.01'), Decimal('3'), Decimal('0.100'))
    """
    exact = Decimal(repr(amount)) if isinstance(amount, float) else amount
    return exact.quantize(NOISE).quantize(minor_unit(currency), ROUND_HALF_UP)


def shown(amount: float, compare_at: float | None, currency: str) -> ShownPrice:
    """Return what a channel shows of a price and the price that it is compared with.

    A price that is not below the one it is compared with is no offer: it stands alone.
    """
    price = max(in_minor_units(amount, currency), Decimal(0))
    before = None if compare_at is None else in_minor_units(compare_at, currency)
    return ShownPrice(price, before if before is not None and before > price else None, currency)
