"""A tax that a channel charged and that must become one of Odoo's."""

from dataclasses import dataclass
from decimal import Decimal

from ..decisions.tax_check import tax_key


@dataclass(frozen=True)
class TaxNeed:
    """What a channel tells of a tax. ``rate`` is a fraction, ``country`` that of the delivery."""

    title: str
    rate: Decimal
    included: bool
    country: str | None
    channel_liable: bool = False

    @property
    def word(self) -> str:
        """By what the tax is mapped."""
        return tax_key(self.title, self.rate, self.included, self.country, self.channel_liable)

    @property
    def label(self) -> str:
        """The tax in the words of people."""
        return f"{self.title} {self.rate * 100:f}".rstrip("0").rstrip(".") + " %"
