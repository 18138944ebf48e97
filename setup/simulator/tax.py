"""Taxes as a shop charges them: each tax of each line is rounded by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .money import Amounts, Terms


@dataclass(frozen=True)
class TaxRule:
    """A tax by its title and rate (a fraction). ``known`` tells whether the merchant mapped it."""

    title: str
    rate: Decimal
    known: bool = True


TaxSet = tuple[TaxRule, ...]


@dataclass(frozen=True)
class ChargedTax:
    """What one rule came to on one line."""

    rule: TaxRule
    amount: Amounts


def charge(base: Amounts, rules: TaxSet, terms: Terms) -> tuple[ChargedTax, ...]:
    """Return the taxes on ``base``, which contains them when the terms say so."""
    whole = 1 + sum((rule.rate for rule in rules), Decimal(0))
    divisor = whole if terms.taxes_included else Decimal(1)
    return tuple(ChargedTax(rule, terms.rounded(base * (rule.rate / divisor))) for rule in rules)


def _rules(*pairs: tuple[str, str]) -> TaxSet:
    return tuple(TaxRule(title, Decimal(rate)) for title, rate in pairs)


# Standard, reduced and doubly taxed goods of the countries whose currency the shop uses.
REGIMES: dict[str, Sequence[TaxSet]] = {
    "EUR": (_rules(("DE MwSt", "0.19")), _rules(("DE MwSt", "0.07")),
            _rules(("DE MwSt", "0.19"), ("Tourism levy", "0.02"))),
    "USD": (_rules(("California State Tax", "0.0725")), _rules(("California State Tax", "0.06")),
            _rules(("California State Tax", "0.0725"), ("Los Angeles County Tax", "0.0225"))),
    "JPY": (_rules(("JP VAT", "0.1")), _rules(("JP VAT", "0.08")),
            _rules(("JP VAT", "0.1"), ("City tax", "0.02"))),
    "BHD": (_rules(("BH VAT", "0.1")), _rules(("BH VAT", "0.05")),
            _rules(("BH VAT", "0.1"), ("Municipal tax", "0.05"))),
}  # fmt: skip
UNMAPPED = TaxRule("Plastic packaging levy", Decimal("0.03"), known=False)


def regime(currency: str) -> Sequence[TaxSet]:
    """Return the standard, the reduced and the double tax set of a currency."""
    return REGIMES.get(currency, REGIMES["EUR"])
