"""Changing many variants of one product."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...catalogue import Product, Variant
from ...fulfilment import RefusedError
from ...identifiers import number_of
from ..goods import product_node, variant_node
from ..money import Node
from ..mutation import Mutation, user_errors
from .images import file_ids
from .inputs import (
    Problems,
    blank_variant,
    choices_of,
    named,
    only,
    unique,
    with_values,
    with_values_of,
)
from .products import found, now
from .registry import Mutations
from .stocking import stock_variant

if TYPE_CHECKING:
    from ..engine import Engine

Values = Mapping[str, Any]
KNOWN = (
    "id", "barcode", "compareAtPrice", "inventoryPolicy", "inventoryItem", "inventoryQuantities",
    "mediaId", "mediaSrc", "optionValues", "price", "taxable",
)  # fmt: skip
CODES = {"value": "INVALID_INPUT", "missing": "NEED_TO_ADD_OPTION_VALUES"}
NEGATIVE = "GREATER_THAN_OR_EQUAL_TO"


def update(
    engine: "Engine", variants: Sequence[Values], productId: str,
    media: Sequence[Values] | None = None, allowPartialUpdates: bool | None = False,
) -> Node:  # fmt: skip
    """Change variants: all, or none unless partial updates are allowed."""
    product, errors = found(engine.shop, productId, ("productId",)), []
    changed: dict[int, Variant] = {}
    for index, values in enumerate(variants):
        problems = Problems()
        variant = _updated(engine, product, values, ("variants", str(index)), problems)
        errors += problems.errors
        if variant and not problems.errors:
            changed[variant.id] = variant
    images = file_ids(engine.shop, media or (), Problems())
    everyone = tuple(changed.get(old.id, old) for old in product.variants)
    problems = Problems()
    unique(everyone, ("variants",), problems, "VARIANT_ALREADY_EXISTS")
    errors += problems.errors
    if errors and (problems.errors or not (allowPartialUpdates and changed)):
        return user_errors(*errors)
    product = replace(product, media_ids=(*product.media_ids, *images))
    kept = _keep(engine, product, everyone)
    return _payload(kept, [v for v in kept.variants if v.id in changed]) | user_errors(*errors)


def _updated(
    engine: "Engine", product: Product, values: Values, path: tuple[str, ...], problems: Problems
) -> Variant | None:
    only("ProductVariantsBulkInput", values, KNOWN)
    if not values.get("id"):
        text = "Product variant is missing ID attribute"
        problems.add(text, (*path, "id"), "PRODUCT_VARIANT_ID_MISSING")
        return None
    number = number_of(values["id"], "ProductVariant")
    variant = next((v for v in product.variants if v.id == number), None)
    if variant is None:
        text, code = "Product variant does not exist", "PRODUCT_VARIANT_DOES_NOT_EXIST"
        problems.add(text, (*path, "id"), code)
        return None
    if values.get("inventoryQuantities"):
        text = "Inventory quantities can only be provided during create."
        code = "NO_INVENTORY_QUANTITIES_ON_VARIANTS_UPDATE"
        problems.add(text, (*path, "inventoryQuantities"), code)
    return _with(engine, variant, product, values, path, problems)


def _with(
    engine: "Engine", variant: Variant, product: Product, values: Values, path: tuple[str, ...],
    problems: Problems,
) -> Variant:  # fmt: skip
    """Return a variant with the values of a ProductVariantsBulkInput."""
    if values.get("optionValues"):
        choices = choices_of(
            values["optionValues"], product.options, path, problems, CODES, may_grow=True
        )
        variant = named(variant, choices, product.title)
    sources = [{"id": values["mediaId"]}] if values.get("mediaId") else [
        {"originalSource": source} for source in values.get("mediaSrc") or ()]  # fmt: skip
    if sources:
        variant = replace(variant, media_ids=file_ids(engine.shop, sources, problems))
    return with_values_of(variant, values, path, problems, NEGATIVE)


def create(
    engine: "Engine", variants: Sequence[Values], productId: str,
    media: Sequence[Values] | None = None, strategy: str | None = "DEFAULT",
) -> Node:  # fmt: skip
    """Add variants; the placeholder of a product without variants goes, as in the shop."""
    product, problems = found(engine.shop, productId, ("productId",)), Problems()
    made: list[Variant] = []
    for index, values in enumerate(variants):
        only("ProductVariantsBulkInput", values, KNOWN)
        path = ("variants", str(index))
        if values.get("id"):
            problems.add("Id is not allowed on create", (*path, "id"), "NO_KEY_ON_CREATE")
        if not values.get("optionValues"):
            text, code = "You need to add option values", "NEED_TO_ADD_OPTION_VALUES"
            problems.add(text, (*path, "optionValues"), code)
        variant = _with(
            engine, blank_variant(engine.shop, product), product, values, path, problems
        )
        made.append(variant)
    kept = [] if _standalone(product, strategy) else list(product.variants)
    everyone = [*kept, *made]
    unique(everyone, ("variants",), problems, "VARIANT_ALREADY_EXISTS")
    if problems.errors:
        return user_errors(*problems.errors)
    product = _keep(engine, product, tuple(
        replace(variant, position=index) for index, variant in enumerate(everyone, 1)))  # fmt: skip
    for variant, values in zip(made, variants, strict=True):
        stock_variant(engine.shop, variant, values.get("inventoryQuantities") or ())
    numbers = {variant.id for variant in made}
    return _payload(product, [v for v in product.variants if v.id in numbers])


def _standalone(product: Product, strategy: str | None) -> bool:
    """Tell whether the only variant is to give way to new ones."""
    if len(product.variants) != 1 or strategy == "PRESERVE_STANDALONE_VARIANT":
        return False
    placeholder = product.variants[0].key == ("Default Title",)
    return placeholder or strategy == "REMOVE_STANDALONE_VARIANT"


def delete(engine: "Engine", variantsIds: Sequence[str], productId: str) -> Node:
    """Delete variants, but never the last one."""
    product = found(engine.shop, productId, ("productId",))
    numbers = {number_of(one, "ProductVariant") for one in variantsIds}
    if not numbers <= {variant.id for variant in product.variants}:
        raise RefusedError(
            "At least one variant does not belong to the product", ("variantsIds",),
            "AT_LEAST_ONE_VARIANT_DOES_NOT_BELONG_TO_THE_PRODUCT",
        )  # fmt: skip
    left = tuple(variant for variant in product.variants if variant.id not in numbers)
    if not left:
        text, code = "Cannot delete the last variant of a product", "CANNOT_DELETE_LAST_VARIANT"
        raise RefusedError(text, ("variantsIds",), code)
    kept = _keep(engine, product, left)
    return {"product": product_node(kept), "userErrors": []}


def _keep(engine: "Engine", product: Product, variants: tuple[Variant, ...]) -> Product:
    """Store a product with these variants; its options get the values that are new."""
    options = []
    for option in product.options:
        used = [value for v in variants for name, value in v.choices if name == option.name]
        names = dict.fromkeys([value.name for value in option.values] + used)
        if any(v.choices for v in variants) and "Default Title" not in used:
            names.pop("Default Title", None)
        options.append(replace(option, values=with_values(engine.shop, option, list(names))))
    own = tuple(options) if any(v.choices for v in variants) else product.own_options
    kept = replace(product, variants=variants, own_options=own, updated_at=now())
    engine.shop.keep_product(kept)
    return kept


def _payload(product: Product, variants: Sequence[Variant]) -> Node:
    return {
        "product": product_node(product),
        "productVariants": [variant_node(variant, product) for variant in variants],
        "userErrors": [],
    }


MUTATIONS: Mutations = {
    "productVariantsBulkUpdate": Mutation(update),
    "productVariantsBulkCreate": Mutation(create),
    "productVariantsBulkDelete": Mutation(delete),
}
