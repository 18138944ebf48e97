"""Amounts as GraphQL writes them: without trailing zeros, but with one decimal place at least."""

from decimal import Decimal
from typing import Any

from ..money import Amounts, Terms

Node = dict[str, Any]


def decimal_text(amount: Decimal) -> str:
    """Write an amount: 12.50 becomes 12.5, 1250 becomes 1250.0."""
    whole, _, fraction = f"{amount:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}"


def money(amount: Decimal, currency: str) -> Node:
    """Return a MoneyV2."""
    return {"__typename": "MoneyV2", "amount": decimal_text(amount), "currencyCode": currency}


def bag(amounts: Amounts, terms: Terms) -> Node:
    """Return a MoneyBag."""
    return {
        "__typename": "MoneyBag",
        "shopMoney": money(amounts.shop, terms.currency),
        "presentmentMoney": money(amounts.presentment, terms.presentment),
    }
