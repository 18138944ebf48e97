"""Products, from the shape that webhooks have.

Source: shopify.dev, webhook topics ``products/*`` (2026-04).
"""

from odoo.addons.retail_connector_base.canonical import (
    Product,
    ProductOption,
    ProductState,
    ProductVariant,
)

from .node import Node
from .vocabulary import PRODUCT_STATES, translate


def to_product(node: Node) -> Product:
    """Read a product with the variants that the payload shows.

    Webhooks show the first hundred, and name all of them in ``variant_gids``.
    """
    names = [option.text("name") or "" for option in node.children("options")]
    variants = tuple(to_variant(variant, names) for variant in node.children("variants"))
    return Product(
        external_id=node.required_identifier(),
        updated_at=node.utc("updated_at"),
        title=node.text("title") or "",
        state=translate(PRODUCT_STATES, node.text("status"), ProductState.UNKNOWN),
        handle=node.text("handle"),
        vendor=node.text("vendor"),
        product_type=node.text("product_type"),
        tags=_tags(node),
        variants=variants,
        variants_complete=len(list(node.children("variant_gids"))) <= len(variants),
    )


def to_variant(node: Node, names: list[str]) -> ProductVariant:
    """Read a variant; up to three option values are spread over three fields."""
    values = [node.text(f"option{number}") for number in (1, 2, 3)]
    padded = names + [f"Option {number}" for number in range(len(names) + 1, 4)]
    return ProductVariant(
        external_id=node.required_identifier(),
        title=node.text("title") or "",
        sku=node.text("sku"),
        barcode=node.text("barcode"),
        price=node.decimal("price"),
        compare_at_price=node.decimal("compare_at_price"),
        options=tuple(
            ProductOption(name=name, value=value)
            for name, value in zip(padded, values, strict=False)
            if value
        ),
        inventory_item_external_id=node.identifier("inventory_item_id"),
        taxable=node.flag("taxable", True),
    )


def _tags(node: Node) -> tuple[str, ...]:
    tags = (node.text("tags") or "").split(",")
    return tuple(sorted({tag.strip() for tag in tags if tag.strip()}))
