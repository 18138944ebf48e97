"""Amounts in webhook JSON: strings with the currency's number of decimals."""

from decimal import Decimal
from typing import Any

from ..money import Amounts, Terms, minor_unit

Json = dict[str, Any]


def text(amount: Decimal, currency: str) -> str:
    """Write an amount: 12.50 EUR, 1250 JPY, 12.500 BHD."""
    return str(amount.quantize(minor_unit(currency)))


def money_set(amounts: Amounts, terms: Terms) -> Json:
    """Write both sides of an amount."""
    return {
        "shop_money": _money(amounts.shop, terms.currency),
        "presentment_money": _money(amounts.presentment, terms.presentment),
    }


def _money(amount: Decimal, currency: str) -> Json:
    return {"amount": text(amount, currency), "currency_code": currency}


def pair(name: str, amounts: Amounts, terms: Terms) -> Json:
    """Write an amount twice, as ``name`` (the shop's side) and ``name_set``, as the vendor does."""
    return {name: text(amounts.shop, terms.currency), f"{name}_set": money_set(amounts, terms)}
