"""The sales channels where products are shown, as nodes."""

from typing import TYPE_CHECKING

from ..catalogue import Product
from ..identifiers import gid
from ..settings import utc
from .money import Node

if TYPE_CHECKING:
    from ..shop import Shop

PUBLICATIONS = {1: "Online Store", 2: "Point of Sale"}


def publication_node(number: int) -> Node | None:
    """Return a Publication."""
    if number not in PUBLICATIONS:
        return None
    return {
        "__typename": "Publication",
        "id": gid("Publication", number),
        "autoPublish": False,
        "catalog": {
            "__typename": "AppCatalog",
            "id": gid("AppCatalog", number),
            "title": PUBLICATIONS[number],
        },
        "name": PUBLICATIONS[number],
        "operation": None,
        "supportsFuturePublishing": number == 1,
    }


def publication_nodes() -> list[Node]:
    """Return all publications."""
    return [publication_node(number) for number in PUBLICATIONS]


def on_publication(shop: "Shop", product: Product) -> list[Node]:
    """Return where a product is shown."""
    moment = utc(product.created_at or product.updated_at)
    return [
        {"__typename": "ResourcePublicationV2", "isPublished": True, "publishDate": moment,
         "publication": publication_node(number)}
        for number in product.publications
    ]  # fmt: skip
