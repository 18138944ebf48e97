"""Making, changing and deleting products."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from ...catalogue import Option, Product, Variant, handle_of
from ...fulfilment import RefusedError
from ...identifiers import number_of
from ...shop import Shop
from ..goods import product_node
from ..money import Node
from ..mutation import Mutation, user_errors
from .images import file_ids
from .inputs import (
    Problems,
    blank_variant,
    choices_of,
    metafields_of,
    named,
    only,
    options_of,
    unique,
    with_values_of,
)
from .registry import Mutations
from .stocking import stock_variant

if TYPE_CHECKING:
    from ..engine import Engine

Values = Mapping[str, Any]
PLAIN = {
    "title": "title", "descriptionHtml": "description", "vendor": "vendor",
    "productType": "product_type", "handle": "own_handle",
}  # fmt: skip
KNOWN = (*PLAIN, "id", "tags", "status", "metafields")
SET_KNOWN = (*KNOWN, "productOptions", "variants", "files")
VARIANT_KNOWN = (
    "id", "optionValues", "price", "sku", "barcode", "position", "file", "compareAtPrice",
    "inventoryPolicy", "inventoryQuantities", "inventoryItem", "taxable",
)  # fmt: skip
CODES = {"value": "OPTION_VALUE_DOES_NOT_EXIST", "missing": "INVALID_VARIANT"}


def now() -> datetime:
    """Return this moment in the precision of the API."""
    return datetime.now(timezone.utc).replace(microsecond=0)


def set_product(
    engine: "Engine", input: Values, synchronous: bool | None = True,
    identifier: Values | None = None,
) -> Node:  # fmt: skip
    """Make a product, or bring one into exactly the state that is given."""
    if synchronous is False:
        raise GraphQLError("The simulator models productSet only while it is synchronous.")
    only("ProductSetInput", input, SET_KNOWN)
    shop, problems = engine.shop, Problems()
    old = _identified(shop, input, identifier)
    _together(input, old)
    product = _plain(shop, old or _new(shop, input), input, problems, "INVALID_PRODUCT")
    options = product.options
    if input.get("productOptions") is not None:
        options = options_of(shop, input["productOptions"], product.options, problems)
        product = replace(product, own_options=options)
    if input.get("files") is not None:
        product = replace(product, media_ids=file_ids(shop, input["files"], problems))
    if input.get("variants") is not None:
        product = _with_variants(shop, product, options, input["variants"], problems)
    elif not product.variants:
        product = replace(product, variants=(blank_variant(shop, product),))
    if problems.errors:
        return user_errors(*problems.errors)
    return keep(engine, product, input.get("variants") or ())


def keep(engine: "Engine", product: Product, given: Sequence[Values] = ()) -> Node:
    """Store a product and the quantities that came with its variants."""
    kept = replace(product, updated_at=now())
    engine.shop.keep_product(kept)
    for values, variant in zip(given, kept.variants, strict=False):
        stock_variant(engine.shop, variant, values.get("inventoryQuantities") or ())
    return {"product": product_node(kept), "userErrors": []}


def _identified(shop: Shop, input: Values, identifier: Values | None) -> Product | None:
    """Return the product that is meant, ``None`` for a new one."""
    if not identifier:
        return found(shop, input["id"], ("input", "id")) if input.get("id") else None
    if input.get("id"):
        text = "The id field is not allowed if identifier is provided."
        raise RefusedError(text, ("input", "id"), "ID_NOT_ALLOWED")
    if identifier.get("id"):
        return found(shop, identifier["id"], ("identifier", "id"), "NOT_FOUND")
    if identifier.get("handle"):
        return _by_handle(shop, input, identifier["handle"])
    custom = identifier["customId"]
    wanted = (custom.get("namespace") or "custom", custom["key"], custom["value"])
    given = [(f.get("namespace") or "custom", f["key"], f["value"])
             for f in input.get("metafields") or ()]  # fmt: skip
    if wanted not in given:
        text = "The input argument `metafields` (if present) must contain the `customId` value."
        raise RefusedError(text, ("input", "metafields"), "METAFIELD_MISMATCH")
    return by_custom_id(shop, wanted)


def by_custom_id(shop: Shop, wanted: tuple[str, str, str]) -> Product | None:
    """Return the product that carries a value in a metafield."""
    for product in shop.products:
        if wanted in [(f.namespace, f.key, f.value) for f in product.metafields]:
            return product
    return None


def _by_handle(shop: Shop, input: Values, handle: str) -> Product | None:
    if not input.get("handle"):
        text = "The input field corresponding to the identifier is required."
        raise RefusedError(text, ("input", "handle"), "MISSING_FIELD_REQUIRED")
    known = next((product for product in shop.products if product.handle == handle), None)
    if input["handle"] != handle:
        text = "The identifier value does not match the value of the corresponding field."
        raise RefusedError(text, ("input", "handle"), "INPUT_MISMATCH")
    return known


def found(
    shop: Shop, identifier: str, path: tuple[str, ...], code: str | None = "PRODUCT_DOES_NOT_EXIST"
) -> Product:
    """Return a product by its global id."""
    product = shop.assortment.product(number_of(identifier, "Product"))
    if product is None:
        raise RefusedError("Product does not exist", path, code)
    return product


def _together(input: Values, old: Product | None) -> None:
    """Options and variants replace each other's meaning, so they come together."""
    options, variants = input.get("productOptions"), input.get("variants")
    if variants is not None and options is None:
        text = "Must specify product options when updating variants."
        raise RefusedError(text, ("input", "productOptions"), "PRODUCT_OPTIONS_INPUT_MISSING")
    if options is not None and variants is None and old:
        text = "Must specify variants when updating options."
        raise RefusedError(text, ("input", "variants"), "VARIANTS_INPUT_MISSING")


def _new(shop: Shop, input: Values) -> Product:
    moment = now()
    return Product(
        shop.ids.next("Product"), input.get("title") or "", (), moment, publications=(),
        created_at=moment, vendor=shop.settings.name,
    )  # fmt: skip


def _plain(
    shop: Shop, product: Product, input: Values, problems: Problems, code: str | None,
    argument: str = "input",
) -> Product:  # fmt: skip
    """Return a product with the plain values of an input."""
    given = {ours: input[name] for name, ours in PLAIN.items() if input.get(name) is not None}
    if not given.get("title", product.title).strip():
        problems.add("Title can't be blank", (argument, "title"), code)
    if "own_handle" in given:
        given["own_handle"] = handle_of(given["own_handle"])
        if any(p.handle == given["own_handle"] for p in shop.products if p.id != product.id):
            text = "Handle already in use. Please provide a new handle."
            problems.add(text, (argument, "handle"), "HANDLE_NOT_UNIQUE")
    if input.get("status"):
        given["status"] = input["status"].lower()
    if input.get("tags") is not None:
        given["tags"] = tuple(sorted(input["tags"]))
    if input.get("metafields") is not None:
        given["metafields"] = metafields_of(shop, input["metafields"], product.metafields)
    if "own_handle" not in given and shop.assortment.product(product.id):
        given["own_handle"] = product.handle  # another title does not move the product's page
    changed = replace(product, **given)
    variants = tuple(replace(v, title=changed.title) for v in changed.variants)
    return _with_free_handle(shop, replace(changed, variants=variants))


def _with_free_handle(shop: Shop, product: Product) -> Product:
    """A handle that was made of the title gets a number when it is taken."""
    taken = {other.handle for other in shop.products if other.id != product.id}
    handle, number = product.handle, 1
    while not product.own_handle and handle in taken:
        handle, number = f"{product.handle}-{number}", number + 1
    return product if handle == product.handle else replace(product, own_handle=handle)


def _with_variants(
    shop: Shop, product: Product, options: tuple[Option, ...], given: Sequence[Values],
    problems: Problems,
) -> Product:  # fmt: skip
    """Return a product with exactly these variants; those with known option values stay."""
    known = {variant.id: variant for variant in product.variants}
    by_key = {variant.key: variant for variant in product.variants}
    variants: list[Variant] = []
    for index, values in enumerate(given):
        only("ProductVariantSetInput", values, VARIANT_KNOWN)
        path = ("input", "variants", str(index))
        choices = choices_of(values["optionValues"], options, path, problems, CODES)
        number = number_of(values["id"], "ProductVariant") if values.get("id") else None
        variant = known.get(number) if number else by_key.get(tuple(v for _, v in choices))
        if number is not None and variant is None:
            text = "Product variant does not exist."
            problems.add(text, (*path, "id"), "PRODUCT_VARIANT_DOES_NOT_EXIST")
        variant = variant or blank_variant(shop, product)
        variant = with_values_of(variant, values, path, problems, "INVALID_VARIANT")
        if values.get("file"):
            variant = replace(variant, media_ids=file_ids(shop, [values["file"]], problems))
        position = values.get("position") or index + 1
        variants.append(replace(named(variant, choices, product.title), position=position))
    unique(variants, ("input", "variants"), problems, "INVALID_VARIANT")
    if not variants:
        variants = [replace(blank_variant(shop, product), price=Decimal(0))]
    shown = [number for variant in variants for number in variant.media_ids]
    media = tuple(dict.fromkeys((*product.media_ids, *shown)))
    return replace(product, variants=tuple(variants), media_ids=media)


def update(
    engine: "Engine", input: Values | None = None, product: Values | None = None,
    media: Sequence[Values] | None = None, identifier: Values | None = None,
) -> Node:  # fmt: skip
    """Change the plain values of a product, and add images."""
    values, argument = (product, "product") if product is not None else (input or {}, "input")
    only("ProductUpdateInput", values, KNOWN)
    number = values.get("id") or (identifier or {}).get("id") or ""
    shop, problems = engine.shop, Problems()
    old = found(shop, number, (argument, "id"), None)
    changed = _plain(shop, old, values, problems, None, argument)
    added = file_ids(shop, media or (), problems)
    if problems.errors:
        return user_errors(*problems.errors)
    return keep(engine, replace(changed, media_ids=(*changed.media_ids, *added)))


def delete(engine: "Engine", input: Values, synchronous: bool | None = True) -> Node:
    """Delete a product; orders keep what they say of it."""
    product = found(engine.shop, input["id"], ("id",), None)
    engine.shop.remove_product(product.id)
    shop = engine.shop_node()
    return {"deletedProductId": input["id"], "shop": shop, "userErrors": []}


MUTATIONS: Mutations = {
    "productSet": Mutation(set_product),
    "productUpdate": Mutation(update),
    "productDelete": Mutation(delete),
}
