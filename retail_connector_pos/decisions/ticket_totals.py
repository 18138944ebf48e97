"""Whether a ticket's amounts in Odoo are the register's, to the minor unit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from odoo.addons.retail_connector_base.canonical import minor_unit


@dataclass(frozen=True)
class TicketTotals:
    """What a ticket's lines come to: ``total`` holds the ``tax``; ``taxes`` by the tax's id."""

    total: Decimal
    tax: Decimal
    taxes: Mapping[int, Decimal] = field(default_factory=dict)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return an amount in whole minor units of a currency, halves away from zero."""
    return amount.quantize(minor_unit(currency), ROUND_HALF_UP)


def told_totals(
    total: Decimal, tax: Decimal, taxes: Mapping[int, Decimal], currency: str
) -> TicketTotals:
    """Return a register's totals; its lines' ``taxes`` only where they add up to its own ``tax``.

    Some registers compute a tax for the whole ticket and tell parts of a minor unit on the lines.
    """
    whole = {tax_id: rounded(amount, currency) for tax_id, amount in taxes.items()}
    return TicketTotals(total, tax, whole if sum(whole.values(), Decimal(0)) == tax else {})


def ties(theirs: TicketTotals, ours: TicketTotals) -> bool:
    """Tell whether both are the same: the total, the tax, and each tax where that is told."""
    if theirs.total != ours.total or theirs.tax != ours.tax:
        return False
    if not theirs.taxes:
        return True
    ids = theirs.taxes.keys() | ours.taxes.keys()
    return all(theirs.taxes.get(key, 0) == ours.taxes.get(key, 0) for key in ids)


def comparison(
    theirs: TicketTotals, ours: TicketTotals, currency: str, names: Mapping[int, str]
) -> tuple[tuple[str, str, str], ...]:
    """Return both computations side by side; ``names`` are those of the taxes."""
    rows = [
        ("Untaxed", theirs.total - theirs.tax, ours.total - ours.tax),
        ("Taxes", theirs.tax, ours.tax),
        ("Total", theirs.total, ours.total),
    ]
    rows += [
        (name, theirs.taxes.get(key, Decimal(0)), ours.taxes.get(key, Decimal(0)))
        for key, name in names.items()
        if theirs.taxes
    ]
    return tuple((what, f"{left} {currency}", f"{right} {currency}") for what, left, right in rows)
