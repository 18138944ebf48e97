"""What registers are told, from its stored form to a provider's value or an answer's."""

from decimal import Decimal
from typing import Any

from odoo.addons.retail_connector_base.canonical.answers import FeedItem as FeedAnswer
from odoo.addons.retail_connector_base.providers.estate import FeedItem, FeedPromotion

Stored = dict[str, Any]


def feed_item(stored: Stored) -> FeedItem:
    """Return a provider's value. Amounts were kept as text."""
    available = stored["available"]
    return FeedItem(
        reference=stored["reference"],
        store=stored["store"],
        variant=stored["variant"],
        sku=stored["sku"],
        barcodes=tuple(stored["barcodes"]),
        title=stored["title"],
        unit=stored["unit"],
        price=Decimal(stored["price"]),
        currency=stored["currency"],
        taxes_included=stored["taxes_included"],
        tax_rates=tuple(map(Decimal, stored["tax_rates"])),
        available=None if available is None else Decimal(available),
        promotions=tuple(map(_promotion, stored["promotions"])),
        active=stored["active"],
    )


def feed_answer(stored: Stored) -> FeedAnswer:
    """Return what the API answers."""
    rest = {key: stored[key] for key in stored.keys() - {"store", "variant"}}
    return FeedAnswer(
        store_external_id=stored["store"], variant_external_id=stored["variant"], **rest
    )


def _promotion(stored: Stored) -> FeedPromotion:
    return FeedPromotion(
        external_id=stored["external_id"],
        name=stored["name"],
        percent=stored["percent"] and Decimal(stored["percent"]),
        amount=stored["amount"] and Decimal(stored["amount"]),
        minimum_quantity=Decimal(stored["minimum_quantity"]),
        code=stored["code"],
        whole_ticket=stored["scope"] == "ticket",
    )
