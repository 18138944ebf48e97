"""Showing products in sales channels, and hiding them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...fulfilment import RefusedError
from ...identifiers import number_of
from ..goods import product_node
from ..money import Node
from ..mutation import Mutation
from ..publications import PUBLICATIONS
from .products import found, now
from .registry import Mutations

if TYPE_CHECKING:
    from ..engine import Engine


def _change(engine: "Engine", id: str, input: Sequence[Mapping[str, Any]], show: bool) -> Node:
    product = found(engine.shop, id, ("id",), None)
    numbers = [number_of(one.get("publicationId") or "", "Publication") for one in input]
    for index, number in enumerate(numbers):
        if number not in PUBLICATIONS:
            path = ("input", str(index), "publicationId")
            raise RefusedError("Publication does not exist or is not publishable", path)
    kept = [number for number in product.publications if number not in numbers]
    shown = tuple(sorted((*kept, *numbers) if show else kept))
    product = replace(product, publications=shown, updated_at=now())
    engine.shop.keep_product(product)
    return {"publishable": product_node(product), "shop": engine.shop_node(), "userErrors": []}


def publish(engine: "Engine", id: str, input: Sequence[Mapping[str, Any]]) -> Node:
    """Show a product."""
    return _change(engine, id, input, True)


def unpublish(engine: "Engine", id: str, input: Sequence[Mapping[str, Any]]) -> Node:
    """Hide a product."""
    return _change(engine, id, input, False)


MUTATIONS: Mutations = {
    "publishablePublish": Mutation(publish),
    "publishableUnpublish": Mutation(unpublish),
}
