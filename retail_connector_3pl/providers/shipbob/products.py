"""Products with their variants: what ShipBob counts is the stock item behind a variant.

Source: the schemas ``ProductViewModelV5`` and ``VariantViewModelBase``.
"""

from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import Product
from odoo.addons.retail_connector_base.canonical.product import ProductState, ProductVariant

from .cartons import GRAMS
from .node import Node
from .vocabulary import plain

STATES = {
    "active": ProductState.ACTIVE,
    "inactive": ProductState.ARCHIVED,
    "archived": ProductState.ARCHIVED,
}
WEIGHTS = {
    "oz": GRAMS,
    "ounce": GRAMS,
    "lb": GRAMS * 16,
    "lbs": GRAMS * 16,
    "pound": GRAMS * 16,
    "g": Decimal(1),
    "gram": Decimal(1),
    "kg": Decimal(1000),
    "kilogram": Decimal(1000),
}


def to_product(shown: Node) -> Product:
    """Return a product."""
    variants = list(shown.children("variants"))
    states = {STATES.get(plain(one.text("status")), ProductState.UNKNOWN) for one in variants}
    number = shown.required_identifier()
    return Product(
        external_id=number,
        updated_at=shown.newest("updated_on", "created_on"),
        title=shown.text("name") or number,
        state=_state(states),
        product_type=shown.text("type"),
        variants=tuple(_variant(one) for one in variants),
    )


def _state(states: set[ProductState]) -> ProductState:
    if ProductState.ACTIVE in states:
        return ProductState.ACTIVE
    return states.pop() if len(states) == 1 else ProductState.UNKNOWN


def _variant(shown: Node) -> ProductVariant:
    number = shown.required_identifier()
    codes = [one.text("value") for one in shown.children("barcodes")]
    item = shown.inner("inventory").identifier("inventory_id")
    return ProductVariant(
        # Stock, returns and receipts name the stock item, never the variant.
        external_id=item or f"variant-{number}",
        title=shown.text("name") or number,
        sku=shown.text("sku"),
        barcode=next(filter(None, codes), None) or shown.text("gtin") or shown.text("upc"),
        inventory_item_external_id=item,
        weight_grams=_weight(shown.inner("weight")),
    )


def _weight(shown: Node) -> Decimal | None:
    weight, unit = shown.decimal("weight"), WEIGHTS.get(plain(shown.text("unit")))
    return round(weight * unit, 2) if weight and weight > 0 and unit else None
