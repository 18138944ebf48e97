"""Where stores are: their currency, taxes and coins."""

from dataclasses import dataclass
from decimal import Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Tax:
    """A tax by the register's title; ``rate`` is a fraction."""

    title: str
    rate: Decimal


@dataclass(frozen=True)
class Terms:
    """What is the same in all stores of a country.

    ``taxes`` are the sets of taxes that goods bear; ``taxes_included`` tells whether prices contain
    them. ``unit`` is the currency's smallest amount, ``coin`` the smallest that is paid in cash,
    ``notes`` what customers pay with.
    """

    country: str
    currency: str
    taxes_included: bool
    taxes: tuple[tuple[Tax, ...], ...]
    timezone: str
    unit: Decimal = CENT
    coin: Decimal = CENT
    notes: tuple[int, ...] = (10, 20, 50, 100)

    @property
    def rounds_cash(self) -> bool:
        """Whether totals are rounded when they are paid in cash."""
        return self.coin > self.unit


def _tax(title: str, rate: str) -> Tax:
    return Tax(title, Decimal(rate))


GERMANY = Terms(
    "DE", "EUR", True, ((_tax("DE MwSt", "0.19"),), (_tax("DE MwSt", "0.07"),)), "Europe/Berlin"
)
AMERICA = Terms(
    "US", "USD", False,
    (
        (_tax("California State Tax", "0.0725"), _tax("Los Angeles County Tax", "0.0225")),
        (_tax("California State Tax", "0.06"),),
        (),
    ),
    "America/Los_Angeles",
)  # fmt: skip
SWITZERLAND = Terms(
    "CH", "CHF", True, ((_tax("CH MWST", "0.081"),), (_tax("CH MWST", "0.026"),)),
    "Europe/Zurich", coin=Decimal("0.05"),
)  # fmt: skip
JAPAN = Terms(
    "JP", "JPY", True, ((_tax("JP Tax", "0.1"),), (_tax("JP Tax", "0.08"),)),
    "Asia/Tokyo", unit=Decimal(1), coin=Decimal(1), notes=(1_000, 5_000, 10_000),
)  # fmt: skip
COUNTRIES = {terms.country: terms for terms in (GERMANY, AMERICA, SWITZERLAND, JAPAN)}
