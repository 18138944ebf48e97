"""Products and variants as nodes."""

from functools import lru_cache

from ..catalogue import Metafield, Option, Product, Variant
from ..identifiers import gid, number_of
from ..settings import utc
from .levels import item_node
from .live import Live
from .media import media_of
from .money import Node, decimal_text
from .publications import on_publication, publication_nodes


@lru_cache(maxsize=100_000)
def _bare_variant(variant: Variant) -> Node:
    compare_at = variant.compare_at
    return {
        "__typename": "ProductVariant",
        "id": gid("ProductVariant", variant.id),
        "legacyResourceId": str(variant.id),
        "availableForSale": True,
        "barcode": variant.barcode or None,
        "compareAtPrice": None if compare_at is None else decimal_text(compare_at),
        "displayName": variant.name,
        "image": Live(lambda shop, **_: next(iter(media_of(shop, variant.media_ids, True)), None)),
        "inventoryItem": _inventory_item(variant),
        "inventoryPolicy": variant.policy,
        "inventoryQuantity": Live(lambda shop: shop.stock.available(variant.inventory_item_id)),
        "media": Live(lambda shop, **_: media_of(shop, variant.media_ids)),
        "metafields": [],
        "position": variant.position,
        "price": decimal_text(variant.price),
        "product": {
            "__typename": "Product",
            "id": gid("Product", variant.product_id),
            "legacyResourceId": str(variant.product_id),
            "title": variant.title,
            "vendor": "Simulated Goods",
            "status": "ACTIVE",
        },
        "requiresComponents": False,
        "selectedOptions": _selected(variant),
        "sellableOnlineQuantity": Live(
            lambda shop: max(shop.stock.available(variant.inventory_item_id), 0)
        ),
        "sku": variant.sku or None,
        "taxable": variant.taxable,
        "title": variant.option or "Default Title",
        "unitPrice": None,
    }


def _selected(variant: Variant) -> list[Node]:
    name = "Size" if variant.option else "Title"
    choices = variant.choices or ((name, variant.option or "Default Title"),)
    return [{"name": name, "value": value} for name, value in choices]


def _inventory_item(variant: Variant) -> Live:
    """The item as it is now, whatever the variant was like when it was sold."""
    return Live(lambda shop: item_node(
        shop, shop.assortment.item(variant.inventory_item_id) or variant))  # fmt: skip


def variant_node(variant: Variant, product: Product | None = None) -> Node:
    """Return a ProductVariant; with its product it has times and its product's own fields."""
    node = _bare_variant(variant)
    if product is None:
        return node
    moment = utc(product.updated_at)
    own = {**node["product"], **_product(product), "variants": Live(
        lambda shop, **_: [variant_node(v, product) for v in product.variants])}  # fmt: skip
    return {**node, "createdAt": moment, "updatedAt": moment, "product": own}


def _product(product: Product) -> Node:
    return {
        "__typename": "Product",
        "id": gid("Product", product.id),
        "legacyResourceId": str(product.id),
        "category": None,
        "description": product.description,
        "descriptionHtml": product.description,
        "handle": product.handle,
        "hasOnlyDefaultVariant": len(product.variants) == 1,
        "isGiftCard": product.gift_card,
        "options": [_option(index, option) for index, option in enumerate(product.options, 1)],
        "productType": product.product_type,
        "seo": {"title": None, "description": None},
        "status": product.status.upper(),
        "tags": list(product.tags),
        "templateSuffix": None,
        "title": product.title,
        "totalInventory": Live(lambda shop: sum(
            shop.stock.available(variant.inventory_item_id) for variant in product.variants)),
        "totalVariants": len(product.variants),
        "tracksInventory": not product.gift_card,
        "variantsCount": {"count": len(product.variants), "precision": "EXACT"},
        "vendor": product.vendor,
        **_times(product),
        **_attachments(product),
    }  # fmt: skip


def _times(product: Product) -> Node:
    created = utc(product.created_at or product.updated_at)
    return {
        "createdAt": created,
        "updatedAt": utc(product.updated_at),
        "publishedAt": created if product.publications else None,
    }


def _attachments(product: Product) -> Node:
    """Return what hangs on a product: images, metafields, publications."""
    first = product.media_ids[:1]
    return {
        "featuredImage": Live(lambda shop: next(iter(media_of(shop, first, True)), None)),
        "featuredMedia": Live(lambda shop: next(iter(media_of(shop, first)), None)),
        "images": Live(lambda shop, **_: media_of(shop, product.media_ids, True)),
        "media": Live(lambda shop, **_: media_of(shop, product.media_ids)),
        "mediaCount": {"count": len(product.media_ids), "precision": "EXACT"},
        "metafield": Live(lambda shop, key, namespace=None: _metafield(product, key, namespace)),
        "metafields": [_metafield_node(field) for field in product.metafields],
        "publishedOnPublication": Live(
            lambda shop, publicationId: number_of(publicationId) in product.publications
        ),
        "resourcePublications": Live(lambda shop, **_: on_publication(shop, product)),
        "resourcePublicationsCount": {"count": len(product.publications), "precision": "EXACT"},
        "resourcePublicationsV2": Live(lambda shop, **_: on_publication(shop, product)),
        "unpublishedPublications": Live(lambda shop, **_: [
            node for node in publication_nodes()
            if number_of(node["id"]) not in product.publications]),
    }  # fmt: skip


def _metafield(product: Product, key: str, namespace: str | None) -> Node | None:
    given, _, last = key.rpartition(".")
    wanted = (namespace or given or "custom", last)
    found = (field for field in product.metafields if (field.namespace, field.key) == wanted)
    return next((_metafield_node(field) for field in found), None)


def _metafield_node(field: Metafield) -> Node:
    return {
        "__typename": "Metafield",
        "id": gid("Metafield", field.id),
        "namespace": field.namespace,
        "key": field.key,
        "type": field.type,
        "value": field.value,
    }


def _option(position: int, option: Option) -> Node:
    values = [
        {"__typename": "ProductOptionValue", "id": gid("ProductOptionValue", value.id),
         "name": value.name, "hasVariants": True, "linkedMetafieldValue": None}
        for value in option.values
    ]  # fmt: skip
    return {
        "__typename": "ProductOption",
        "id": gid("ProductOption", option.id),
        "linkedMetafield": None,
        "name": option.name,
        "optionValues": values,
        "position": position,
        "values": [value.name for value in option.values],
    }


def product_node(product: Product) -> Node:
    """Return a Product with its variants."""
    variants = [variant_node(variant, product) for variant in product.variants]
    return {**_product(product), "variants": variants}
