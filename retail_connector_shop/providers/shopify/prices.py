"""Writes prices, product by product: all of a product's, or none.

Source: shopify.dev, ``productVariantsBulkUpdate`` (2026-04). Setting a price twice does no harm, so
the attempt's key is not needed.
"""

from collections.abc import Sequence
from typing import Any

from odoo.addons.retail_connector_base.canonical import is_whole
from odoo.addons.retail_connector_base.providers import (
    Answer,
    PriceChange,
    TransientError,
    Verdict,
)

from . import documents_prices
from .all_or_nothing import settle
from .client import ShopifyClient
from .gid import gid
from .user_errors import UserError, join, payload_of, user_errors

DONE = Answer(Verdict.DONE)
_MISSING = frozenset({"PRODUCT_DOES_NOT_EXIST", "PRODUCT_VARIANT_DOES_NOT_EXIST"})


def write_prices(client: ShopifyClient, changes: Sequence[PriceChange]) -> list[Answer]:
    """Return an answer for each change, in their order."""
    if not changes:
        return []
    currency = _currency(client)
    answers: dict[int, Answer] = {}
    by_product: dict[str, list[int]] = {}
    for place, change in enumerate(changes):
        fault = _fault(change, currency)
        if fault:
            answers[place] = Answer(Verdict.REJECTED, fault)
        else:
            by_product.setdefault(change.product, []).append(place)
    for product, places in by_product.items():
        found = _write_product(client, product, [changes[place] for place in places])
        answers.update(zip(places, found, strict=True))
    return [answers[place] for place in range(len(changes))]


def _fault(change: PriceChange, currency: str) -> str | None:
    """Return why a price cannot be sent at all."""
    if change.currency != currency:
        return f"The shop's prices are in {currency}, not in {change.currency}."
    amounts = [amount for amount in (change.price, change.compare_at) if amount is not None]
    if any(amount < 0 for amount in amounts):
        return "A price cannot be negative."
    if not all(is_whole(amount, currency) for amount in amounts):
        return f"The price has more decimal places than {currency} has."
    return None


def _currency(client: ShopifyClient) -> str:
    shop = client.execute(documents_prices.CURRENCY).get("shop") or {}
    currency = shop.get("currencyCode")
    if not isinstance(currency, str):
        raise TransientError("The shop's answer lacks its currency.")
    return currency


def _write_product(
    client: ShopifyClient, product: str, changes: Sequence[PriceChange]
) -> list[Answer]:
    def send(rest: Sequence[PriceChange]) -> list[UserError]:
        variables = {"product": gid("Product", product), "variants": [_input(one) for one in rest]}
        data = client.execute(documents_prices.SET_PRICES, variables)
        return user_errors(payload_of(data, "productVariantsBulkUpdate"), "variants")

    return settle(changes, send, DONE, _refusal)


def _input(change: PriceChange) -> dict[str, Any]:
    return {
        "id": gid("ProductVariant", change.variant),
        "price": format(change.price, "f"),
        "compareAtPrice": None if change.compare_at is None else format(change.compare_at, "f"),
    }


def _refusal(change: PriceChange, errors: list[UserError]) -> Answer:
    missing = any(error.code in _MISSING for error in errors)
    return Answer(Verdict.MISSING if missing else Verdict.REJECTED, join(errors))
