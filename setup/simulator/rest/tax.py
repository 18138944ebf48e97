"""Tax lines in webhook JSON."""

from collections.abc import Iterable

from ..money import NOTHING, Amounts, Terms
from ..tax import ChargedTax, TaxRule
from .money import Json, pair


def tax_lines(taxes: Iterable[ChargedTax], terms: Terms) -> list[Json]:
    """Write taxes one by one."""
    return [
        {
            "channel_liable": False,
            **pair("price", tax.amount, terms),
            "rate": float(tax.rule.rate),
            "title": tax.rule.title,
        }
        for tax in taxes
    ]


def summed(taxes: Iterable[ChargedTax]) -> list[ChargedTax]:
    """Add up the taxes of one title and rate, as the order's own list shows them."""
    sums: dict[TaxRule, Amounts] = {}
    for tax in taxes:
        sums[tax.rule] = sums.get(tax.rule, NOTHING) + tax.amount
    return [ChargedTax(rule, amount) for rule, amount in sums.items()]
