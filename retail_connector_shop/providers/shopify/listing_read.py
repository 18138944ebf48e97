"""Reads what the shop shows of a product, as far as a change of it must know."""

from dataclasses import dataclass
from typing import Any

from odoo.addons.retail_connector_base.providers import TransientError

from . import documents_listing as documents
from .client import Operation, ShopifyClient
from .gid import gid, number_of
from .paging import connection, walk

VARIANTS = 100
MEDIA = 50


@dataclass(frozen=True)
class ListedVariant:
    """A variant: ``options`` are pairs of name and value, in the product's order."""

    id: str
    sku: str
    options: tuple[tuple[str, str], ...]
    inventory_item: str | None

    @property
    def values(self) -> tuple[str, ...]:
        """The option values, which are unique within a product."""
        return tuple(value for _name, value in self.options)


@dataclass(frozen=True)
class ListedMedia:
    """A picture, film or model. ``gid`` is its global id; pictures have a ``url`` once ready."""

    gid: str
    alt: str
    url: str
    status: str


@dataclass(frozen=True)
class Listed:
    """A product with all its variants and media."""

    id: str
    variants: tuple[ListedVariant, ...]
    media: tuple[ListedMedia, ...]


def read_listed(client: ShopifyClient, number: str) -> Listed | None:
    """Return a product, ``None`` when the shop does not have it."""
    variables = {"id": gid("Product", number), "nested": VARIANTS, "media": MEDIA}
    product = client.execute(documents.LISTED, variables).get("product")
    if not product:
        return None
    variants = _all(client, product, "variants", documents.LISTED_VARIANTS, VARIANTS)
    media = _all(client, product, "media", documents.LISTED_MEDIA, MEDIA)
    try:
        return Listed(number, tuple(map(_variant, variants)), tuple(map(_media, media)))
    except (KeyError, TypeError, AttributeError) as error:
        raise TransientError("The shop's answer lacks parts of the product.") from error


def _all(
    client: ShopifyClient, product: dict[str, Any], key: str, operation: Operation, size: int
) -> list[dict[str, Any]]:
    """Return all nodes of a connection of which the first page is there."""
    nodes, more, end = connection(product, key)
    if more:
        variables = {"id": product.get("id"), "first": size}
        for rest, _end, _data in walk(client, operation, variables, ("product", key), end):
            nodes += rest
    return nodes


def _variant(node: dict[str, Any]) -> ListedVariant:
    item = node.get("inventoryItem") or {}
    return ListedVariant(
        id=number_of(node["id"]),
        sku=node.get("sku") or "",
        options=tuple((one["name"], one["value"]) for one in node["selectedOptions"]),
        inventory_item=number_of(item["id"]) if item.get("id") else None,
    )


def _media(node: dict[str, Any]) -> ListedMedia:
    image = node.get("image") or {}
    return ListedMedia(
        node["id"], node.get("alt") or "", image.get("url") or "", str(node.get("status") or "")
    )
