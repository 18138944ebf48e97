"""Tax lines as nodes."""

from collections.abc import Iterable

from ..money import Terms
from ..tax import ChargedTax
from .money import Node, bag


def tax_nodes(taxes: Iterable[ChargedTax], terms: Terms) -> list[Node]:
    """Return TaxLines."""
    return [
        {
            "__typename": "TaxLine",
            "channelLiable": False,
            "priceSet": bag(tax.amount, terms),
            "rate": float(tax.rule.rate),
            "ratePercentage": float(tax.rule.rate * 100),
            "source": "shopify",
            "title": tax.rule.title,
        }
        for tax in taxes
    ]
