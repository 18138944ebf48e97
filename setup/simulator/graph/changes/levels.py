"""Where items are stocked, and what they are like."""

from dataclasses import replace
from datetime import datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ...catalogue import Product, Variant
from ...fulfilment import RefusedError
from ...identifiers import number_of
from ..levels import item_of, level_node
from ..money import Node
from ..mutation import Mutation
from .registry import Mutations

if TYPE_CHECKING:
    from ..engine import Engine


def activate(
    engine: "Engine", inventoryItemId: str, locationId: str, available: int | None = None,
    onHand: int | None = None, **_: Any,
) -> Node:  # fmt: skip
    """Stock an item at a location; quantities can only be given for what is new there."""
    stock, item = engine.shop.stock, number_of(inventoryItemId, "InventoryItem")
    if engine.shop.assortment.item(item) is None:
        raise RefusedError("The product couldn't be found.", ("inventoryItemId",))
    place = number_of(locationId, "Location")
    if not any(known.id == place and known.active for known in engine.shop.places):
        raise RefusedError("The location couldn't be found.", ("locationId",))
    known = stock.level(item, place)
    given = onHand if available is None else available
    if known and given is not None:
        field = "onHand" if available is None else "available"
        text = "Not allowed to set quantities when the item is already active at the location."
        raise RefusedError(text, (field,))
    level = stock.connect(item, place)
    if given is not None:
        stock.put(level, "available", given, "activated")
    return {"inventoryLevel": level_node(engine.shop, level), "userErrors": []}


def deactivate(engine: "Engine", inventoryLevelId: str) -> Node:
    """No longer stock an item at a location."""
    number = number_of(inventoryLevelId, "InventoryLevel")
    found = [level for level in engine.shop.stock.all_levels() if level.id == number]
    if not found:
        raise RefusedError("The inventory level couldn't be found.", ("inventoryLevelId",))
    if found[0].quantity("committed"):
        raise RefusedError("Items are committed to orders.", ("inventoryLevelId",))
    if len(engine.shop.stock.levels(found[0].item_id)) == 1:
        raise RefusedError("It is the only location.", ("inventoryLevelId",))
    found[0].active = False
    return {"userErrors": []}


def update_item(engine: "Engine", id: str, input: dict[str, Any]) -> Node:
    """Change SKU, tracking, shipping or weight of an item."""
    number = number_of(id, "InventoryItem")
    variant = engine.shop.assortment.item(number)
    if variant is None:
        raise RefusedError("The product couldn't be found.", ("id",))
    product = engine.shop.assortment.product(variant.product_id)
    changed = with_item(variant, input)
    keep_variants(engine, product, {variant.id: changed})
    return {"inventoryItem": item_of(engine.shop, number), "userErrors": []}


def with_item(variant: Variant, values: dict[str, Any] | None) -> Variant:
    """Return a variant with the values of an InventoryItemInput."""
    values = values or {}
    names = {"sku": "sku", "tracked": "tracked", "requiresShipping": "requires_shipping"}
    given = {ours: values[name] for name, ours in names.items() if values.get(name) is not None}
    weight = (values.get("measurement") or {}).get("weight")
    if weight:
        given |= {"weight": Decimal(str(weight["value"])), "weight_unit": weight["unit"]}
    return replace(variant, **given)


def keep_variants(engine: "Engine", product: Product, changed: dict[int, Variant]) -> Product:
    """Replace variants of a product."""
    variants = tuple(changed.get(old.id, old) for old in product.variants)
    now = datetime.now(timezone.utc).replace(microsecond=0)
    kept = replace(product, variants=variants, updated_at=now)
    engine.shop.keep_product(kept)
    return kept


MUTATIONS: Mutations = {
    "inventoryActivate": Mutation(activate, keyed=True),
    "inventoryDeactivate": Mutation(deactivate),
    "inventoryItemUpdate": Mutation(update_item),
}
