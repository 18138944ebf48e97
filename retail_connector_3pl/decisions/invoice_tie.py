"""Whether the lines of a warehouse's invoice add up to what it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from odoo.addons.retail_connector_base.canonical import WarehouseInvoice
from odoo.addons.retail_connector_base.canonical.money import is_whole, minor_unit


@dataclass(frozen=True)
class Tie:
    """Sums of an invoice in its currency: of the lines (untaxed), and what they should be."""

    currency: str
    lines: Decimal
    untaxed: Decimal
    currencies: frozenset[str]
    payable: bool

    @property
    def difference(self) -> Decimal:
        """What the lines have too much (above zero) or too little."""
        return self.lines - self.untaxed

    @property
    def ties(self) -> bool:
        """Tell whether it adds up to the cent, in one currency."""
        return self.payable and not self.difference and self.currencies == {self.currency}


def tie(invoice: WarehouseInvoice) -> Tie:
    """Return the sums of an invoice. Lines may be finer than a cent; their sum is rounded once."""
    currency = invoice.total.currency
    tax = invoice.total_tax.amount if invoice.total_tax else Decimal()
    told = [invoice.total, *(line.amount for line in invoice.lines)]
    told += [invoice.total_tax] if invoice.total_tax else []
    return Tie(
        currency=currency,
        lines=rounded(sum((line.amount.amount for line in invoice.lines), Decimal()), currency),
        untaxed=invoice.total.amount - tax,
        currencies=frozenset(money.currency for money in told),
        payable=is_whole(invoice.total.amount, currency) and is_whole(tax, currency),
    )


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return an amount in whole minor units of its currency."""
    return amount.quantize(minor_unit(currency), ROUND_HALF_UP)


def spread(amounts: Mapping[str, Decimal], total: Decimal, currency: str) -> dict[str, Decimal]:
    """Return the amounts rounded such that they add up to ``total``.

    What rounding leaves goes to the largest of them (the first in order among equals).
    """
    found = {key: rounded(amount, currency) for key, amount in amounts.items()}
    rest = total - sum(found.values(), Decimal())
    if rest and found:
        largest = max(sorted(found), key=lambda key: abs(found[key]))
        found[largest] += rest
    return found
