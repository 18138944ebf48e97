"""Items of the catalogue. Source: the schemas ``CatalogObject``, ``CatalogItem``.

Stock is counted of variations; prices may differ by location and are told as everywhere.
"""

from collections.abc import Iterator

from odoo.addons.retail_connector_base.canonical import (
    Deletion,
    Product,
    ProductState,
    ProductVariant,
)

from .node import Node

_FIXED = "FIXED_PRICING"


def to_product(item: Node) -> Product | Deletion | None:
    """Read an object of the catalogue, ``None`` if it is no item."""
    if item.text("type") != "ITEM":
        return None
    number, updated = item.required_identifier(), item.utc("updated_at")
    if item.flag("is_deleted"):
        return Deletion(external_id=number, updated_at=updated, deleted_kind="product")
    data = item.inner("item_data")
    return Product(
        external_id=number,
        updated_at=updated,
        title=data.text("name") or number,
        state=ProductState.ARCHIVED if data.flag("is_archived") else ProductState.ACTIVE,
        product_type=data.text("product_type"),
        description_html=data.text("description_html"),
        variants=tuple(_variants(data)),
    )


def _variants(data: Node) -> Iterator[ProductVariant]:
    for variation in data.children("variations"):
        if variation.flag("is_deleted"):
            continue
        told = variation.inner("item_variation_data")
        number = variation.required_identifier()
        price = told.money("price_money")
        yield ProductVariant(
            external_id=number,
            title=told.text("name") or "",
            sku=told.text("sku"),
            barcode=told.text("upc"),
            price=price.amount if price and told.text("pricing_type") in (_FIXED, None) else None,
            inventory_item_external_id=number,
            taxable=data.flag("is_taxable", True),
        )
