"""The shop's variants, as a flat list to match with products that exist in Odoo already."""

from collections.abc import Iterator
from dataclasses import dataclass

from odoo.addons.retail_connector_base.canonical import ProductVariant
from odoo.addons.retail_connector_base.providers import MalformedPayloadError, TransientError

from . import documents
from .client import ShopifyClient
from .graphql_shape import variant_shape
from .node import Node
from .paging import walk
from .product import to_variant

PAGE_SIZE = 250


@dataclass(frozen=True)
class Variant:
    """A variant with what a person needs to recognise it."""

    product_external_id: str
    product_title: str
    display_name: str
    variant: ProductVariant


def iter_variants(client: ShopifyClient, cursor: str) -> Iterator[tuple[tuple[Variant, ...], str]]:
    """Yield pages of variants with the cursor behind each."""
    pages = walk(
        client, documents.VARIANTS, {"first": PAGE_SIZE}, ("productVariants",), cursor or None
    )
    for nodes, end, _data in pages:
        cursor = end or cursor
        try:
            yield tuple(_variant(Node(node, "variant")) for node in nodes), cursor
        except MalformedPayloadError as error:
            raise TransientError(f"The shop's answer cannot be used: {error}") from error


def count_variants(client: ShopifyClient) -> int | None:
    """Return how many variants the shop has, for progress."""
    data = client.execute(documents.VARIANT_COUNT)
    count = (data.get("productVariantsCount") or {}).get("count")
    return count if isinstance(count, int) else None


def _variant(node: Node) -> Variant:
    product = node.child("product")
    if product is None:
        raise node.wrong("product", "is missing")
    names = [option.text("name") or "" for option in node.children("selectedOptions")]
    return Variant(
        product_external_id=product.required_identifier(),
        product_title=product.text("title") or "",
        display_name=node.text("displayName") or "",
        variant=to_variant(Node(variant_shape(node), node.path), names),
    )
