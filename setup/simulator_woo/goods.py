"""Products and variations in the shape of the API."""

from datetime import datetime, timedelta
from typing import Any

SITE = "https://shop.example"
# What every product and variation has, and this shop does not use.
UNUSED: dict[str, Any] = {
    "date_on_sale_from": None, "date_on_sale_from_gmt": None, "date_on_sale_to": None,
    "date_on_sale_to_gmt": None, "purchasable": True, "virtual": False, "downloadable": False,
    "downloads": [], "download_limit": -1, "download_expiry": -1, "tax_status": "taxable",
    "backorders": "no", "backorders_allowed": False, "backordered": False, "weight": "",
    "dimensions": {"length": "", "width": "", "height": ""}, "shipping_class": "",
    "shipping_class_id": 0, "menu_order": 0, "description": "",
}  # fmt: skip
PRODUCT_ONLY: dict[str, Any] = {
    "featured": False, "catalog_visibility": "visible", "short_description": "", "price_html": "",
    "total_sales": 0, "external_url": "", "button_text": "", "sold_individually": False,
    "shipping_required": True, "shipping_taxable": True, "reviews_allowed": True,
    "average_rating": "0.00", "rating_count": 0, "related_ids": [], "upsell_ids": [],
    "cross_sell_ids": [], "purchase_note": "", "categories": [], "images": [],
    "default_attributes": [], "grouped_products": [],
}  # fmt: skip
OFFSET = timedelta(hours=2)


def dates(name: str, moment: datetime | None) -> dict[str, str | None]:
    """Return a moment in the shop's time zone and in UTC, both without saying which; seconds."""
    if moment is None:
        return {name: None, f"{name}_gmt": None}
    style = "%Y-%m-%dT%H:%M:%S"
    return {
        name: (moment + OFFSET).strftime(style),
        f"{name}_gmt": moment.strftime(style),
    }


def links(path: str, **more: str) -> dict[str, Any]:
    """Return the links of an entity."""
    root = f"{SITE}/wp-json/wc/v3"
    found = {"self": path, "collection": path.rpartition("/")[0], **more}
    return {name: [{"href": f"{root}/{target}"}] for name, target in found.items()}


def priced(regular: str, sale: str = "") -> dict[str, Any]:
    """Return the prices of an item: a sale price counts while it is set."""
    return {
        "price": sale or regular,
        "regular_price": regular,
        "sale_price": sale,
        "on_sale": bool(sale),
    }


def stocked(quantity: int | None) -> dict[str, Any]:
    """Return the stock of an item, ``None`` where it is not counted."""
    return {
        "manage_stock": quantity is not None,
        "stock_quantity": quantity,
        "stock_status": "instock" if quantity is None or quantity > 0 else "outofstock",
    }


def product(
    number: int, name: str, sku: str, price: str, stock: int | None, now: datetime,
    tax_class: str = "", kind: str = "simple", attributes: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return a product."""
    slug = name.lower().replace(" ", "-")
    return {
        "id": number,
        "name": name,
        "slug": slug,
        "permalink": f"{SITE}/product/{slug}/",
        **dates("date_created", now),
        **dates("date_modified", now),
        "type": kind,
        "status": "publish",
        "sku": sku,
        "global_unique_id": "",
        **priced(price),
        **stocked(stock),
        **UNUSED,
        **PRODUCT_ONLY,
        "tax_class": tax_class,
        "parent_id": 0,
        "tags": [],
        "attributes": attributes or [],
        "variations": [],
        "meta_data": [],
        "_links": links(f"products/{number}"),
    }


def variation(
    number: int, parent: int, option: str, sku: str, price: str, stock: int | None, now: datetime
) -> dict[str, Any]:
    """Return a variation of a product by size."""
    return {
        "id": number,
        **dates("date_created", now),
        **dates("date_modified", now),
        "permalink": f"{SITE}/?p={number}",
        "status": "publish",
        "sku": sku,
        "global_unique_id": "",
        **priced(price),
        **stocked(stock),
        **UNUSED,
        "tax_class": "",
        "image": None,
        "attributes": [{"id": 0, "name": "Size", "option": option}],
        "meta_data": [],
        "_links": links(f"products/{parent}/variations/{number}", up=f"products/{parent}"),
    }
