"""What the stores sell."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from .money import rounded
from .terms import Tax, Terms

# Every so many goods one is weighed: its price is per kilogram.
WEIGHED_EVERY = 5
LOWEST, HIGHEST = 90, 9_000  # smallest units of most currencies


@dataclass(frozen=True)
class Good:
    """A good by its SKU, with its price per unit and the taxes that it bears."""

    sku: str
    title: str
    price: Decimal
    taxes: tuple[Tax, ...]
    weighed: bool = False
    barcode: str | None = None


def assortment(seed: object, terms: Terms, count: int, prefix: str = "ESTATE") -> list[Good]:
    """Return goods whose prices depend on the seed only."""
    rng = Random(f"{seed}:assortment")
    return [_good(rng, terms, number, prefix) for number in range(1, count + 1)]


def _good(rng: Random, terms: Terms, number: int, prefix: str) -> Good:
    price = rounded(terms.unit * rng.randint(LOWEST, HIGHEST), terms.unit)
    taxes: Sequence[tuple[Tax, ...]] = terms.taxes
    return Good(
        f"{prefix}-{number:03d}",
        f"Store article {number}",
        price,
        taxes[number % len(taxes)],
        number % WEIGHED_EVERY == 0,
        f"20{number:010d}",
    )
