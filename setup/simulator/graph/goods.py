"""Products, variants and locations as nodes."""

from functools import lru_cache

from ..catalogue import Product, Variant
from ..identifiers import gid
from ..settings import ShopSettings, utc
from .money import Node, decimal_text


@lru_cache(maxsize=100_000)
def _bare_variant(variant: Variant) -> Node:
    return {
        "__typename": "ProductVariant",
        "id": gid("ProductVariant", variant.id),
        "legacyResourceId": str(variant.id),
        "availableForSale": True,
        "barcode": variant.barcode or None,
        "compareAtPrice": None,
        "displayName": variant.name,
        "inventoryItem": _inventory_item(variant),
        "inventoryPolicy": "DENY",
        "inventoryQuantity": variant.quantity,
        "position": variant.position,
        "price": decimal_text(variant.price),
        "selectedOptions": [
            {
                "name": "Size" if variant.option else "Title",
                "value": variant.option or "Default Title",
            }
        ],
        "sku": variant.sku or None,
        "taxable": True,
        "title": variant.option or "Default Title",
        "product": {
            "__typename": "Product",
            "id": gid("Product", variant.product_id),
            "legacyResourceId": str(variant.product_id),
            "title": variant.title,
            "vendor": "Simulated Goods",
            "status": "ACTIVE",
        },
    }


def _inventory_item(variant: Variant) -> Node:
    return {
        "__typename": "InventoryItem",
        "id": gid("InventoryItem", variant.inventory_item_id),
        "legacyResourceId": str(variant.inventory_item_id),
        "requiresShipping": True,
        "sku": variant.sku or None,
        "tracked": True,
    }


def variant_node(variant: Variant, product: Product | None = None) -> Node:
    """Return a ProductVariant; with its product it has times and its product's own fields."""
    node = _bare_variant(variant)
    if product is None:
        return node
    moment = utc(product.updated_at)
    own = {**node["product"], **_product(product)}
    return {**node, "createdAt": moment, "updatedAt": moment, "product": own}


def _product(product: Product) -> Node:
    moment = utc(product.updated_at)
    return {
        "__typename": "Product",
        "id": gid("Product", product.id),
        "legacyResourceId": str(product.id),
        "createdAt": moment,
        "updatedAt": moment,
        "publishedAt": moment,
        "description": "",
        "descriptionHtml": "",
        "handle": product.title.lower().replace(" ", "-"),
        "hasOnlyDefaultVariant": len(product.variants) == 1,
        "isGiftCard": product.gift_card,
        "options": [_option(product)],
        "productType": "",
        "status": product.status.upper(),
        "tags": [],
        "title": product.title,
        "totalInventory": sum(variant.quantity for variant in product.variants),
        "tracksInventory": not product.gift_card,
        "variantsCount": {"count": len(product.variants), "precision": "EXACT"},
        "vendor": "Simulated Goods",
    }


def _option(product: Product) -> Node:
    """Return what the variants differ by; a single variant has Shopify's own placeholders."""
    values = [variant.option or "Default Title" for variant in product.variants]
    return {
        "__typename": "ProductOption",
        "id": gid("ProductOption", product.id),
        "name": "Title" if values == ["Default Title"] else "Size",
        "position": 1,
        "values": values,
    }


def product_node(product: Product) -> Node:
    """Return a Product with its variants."""
    variants = [variant_node(variant, product) for variant in product.variants]
    return {**_product(product), "variants": variants}


def location_node(settings: ShopSettings, moment: str) -> Node:
    """Return the shop's one Location."""
    return {
        "__typename": "Location",
        "id": gid("Location", settings.location_id),
        "legacyResourceId": str(settings.location_id),
        "activatable": True,
        "address": {"address1": "Lagerweg 1", "address2": None, "city": "Berlin", "zip": "10115",
                    "country": "Germany", "countryCode": "DE", "province": None,
                    "provinceCode": None, "phone": None},
        "addressVerified": False,
        "createdAt": moment,
        "updatedAt": moment,
        "deactivatedAt": None,
        "fulfillsOnlineOrders": True,
        "hasActiveInventory": True,
        "isActive": True,
        "isFulfillmentService": False,
        "isPrimary": True,
        "name": "Main warehouse",
        "shipsInventory": True,
    }  # fmt: skip
