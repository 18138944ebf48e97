"""Tax lines, and how they shrink when units are taken out."""

from decimal import ROUND_DOWN, Decimal

from odoo.addons.retail_connector_base.canonical import Money, MoneySet, TaxLine, minor_unit

from .money_reader import MoneyReader
from .node import Node


def read_taxes(node: Node, money: MoneyReader) -> tuple[TaxLine, ...]:
    """Read the tax lines of a line, a shipping charge or a duty."""
    return tuple(
        TaxLine(
            title=line.text("title") or "",
            rate=line.number("rate"),
            amount=money.required(line, "price"),
            channel_liable=line.flag("channel_liable"),
        )
        for line in node.children("tax_lines")
    )


def tax_total(taxes: tuple[TaxLine, ...], money: MoneyReader) -> MoneySet:
    """Return the sum of taxes."""
    return money.total([tax.amount for tax in taxes])


def lower(taxes: tuple[TaxLine, ...], by: MoneySet, money: MoneyReader) -> tuple[TaxLine, ...]:
    """Take an amount off taxes. Shopify gives one figure for all of them: it is shared by size."""
    if not taxes:
        return taxes
    shares = zip(
        _shares([tax.amount.shop for tax in taxes], by.shop),
        _shares([tax.amount.presentment for tax in taxes], by.presentment),
        strict=True,
    )
    return tuple(
        tax.model_copy(update={"amount": tax.amount - money.both(*share)})
        for tax, share in zip(taxes, shares, strict=True)
    )


def _shares(parts: list[Money], amount: Money) -> list[Decimal]:
    """Split an amount in proportion to parts, in whole minor units; the largest takes the rest."""
    whole = sum((part.amount for part in parts), Decimal(0))
    if not whole:
        return [amount.amount, *[Decimal(0)] * (len(parts) - 1)]
    unit = minor_unit(amount.currency)
    shares = [(amount.amount * part.amount / whole).quantize(unit, ROUND_DOWN) for part in parts]
    largest = max(range(len(parts)), key=lambda index: parts[index].amount)
    shares[largest] += amount.amount - sum(shares)
    return shares
