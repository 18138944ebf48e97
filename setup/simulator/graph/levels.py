"""Locations, inventory items and inventory levels as nodes."""

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from ..catalogue import Variant
from ..identifiers import gid, number_of
from ..places import Place
from ..settings import utc
from ..stock import NAMES, Level
from .live import Live
from .money import Node

if TYPE_CHECKING:
    from ..shop import Shop


def location_node(shop: "Shop", place: Place) -> Node:
    """Return a Location."""
    moment = utc(shop.start)
    return {
        "__typename": "Location",
        "id": gid("Location", place.id),
        "legacyResourceId": str(place.id),
        "activatable": True,
        "address": {"address1": "Lagerweg 1", "address2": None, "city": "Berlin", "zip": "10115",
                    "country": "Germany", "countryCode": "DE", "province": None,
                    "provinceCode": None, "phone": None, "latitude": None, "longitude": None,
                    "formatted": ["Lagerweg 1", "10115 Berlin", "Germany"]},
        "addressVerified": False,
        "createdAt": moment,
        "updatedAt": moment,
        "deactivatable": place != shop.places[0],
        "deactivatedAt": None,
        "deletable": False,
        "fulfillmentService": None,
        "fulfillsOnlineOrders": place.fulfils_online_orders,
        "hasActiveInventory": True,
        "hasUnfulfilledOrders": True,
        "inventoryLevel": Live(lambda shop, inventoryItemId, **_: _level_of(
            shop, number_of(inventoryItemId), place.id)),
        "inventoryLevels": Live(lambda shop, **_: [
            level_node(shop, level) for level in shop.stock.all_levels()
            if level.location_id == place.id]),
        "isActive": place.active,
        "isFulfillmentService": False,
        "isPrimary": place == shop.places[0],
        "name": place.name,
        "shipsInventory": True,
    }  # fmt: skip


def item_node(shop: "Shop", variant: Variant) -> Node:
    """Return the InventoryItem of a variant."""
    number = variant.inventory_item_id
    product = shop.assortment.product(variant.product_id)
    moment = utc(product.updated_at if product else shop.start)
    return {
        "__typename": "InventoryItem",
        "id": gid("InventoryItem", number),
        "legacyResourceId": str(number),
        "countryCodeOfOrigin": None,
        "createdAt": utc(shop.start),
        "duplicateSkuCount": Live(lambda shop, **_: sum(
            other.sku == variant.sku for other in shop.variants) - 1),
        "harmonizedSystemCode": None,
        "inventoryHistoryUrl": None,
        "inventoryLevel": Live(lambda shop, locationId, **_: _level_of(
            shop, number, number_of(locationId))),
        "inventoryLevels": Live(lambda shop, **_: [
            level_node(shop, level) for level in shop.stock.levels(number)]),
        "locationsCount": {"count": len(shop.stock.levels(number)), "precision": "EXACT"},
        "measurement": _measurement(variant),
        "provinceCodeOfOrigin": None,
        "requiresShipping": variant.requires_shipping,
        "sku": variant.sku or None,
        "tracked": variant.tracked,
        "trackedEditable": {"locked": False, "reason": None},
        "unitCost": None,
        "updatedAt": moment,
        "variant": Live(lambda shop, **_: _variant(shop, number)),
        "variants": Live(lambda shop, **_: [_variant(shop, number)]),
    }  # fmt: skip


def _measurement(variant: Variant) -> Node:
    weight = {"value": float(variant.weight), "unit": variant.weight_unit}
    return {
        "__typename": "InventoryItemMeasurement",
        "id": gid("InventoryItemMeasurement", variant.inventory_item_id),
        "weight": weight,
    }


def _variant(shop: "Shop", item_id: int) -> Node | None:
    from .goods import variant_node  # the two kinds of nodes lead to each other

    variant = shop.assortment.item(item_id)
    return variant and variant_node(variant, shop.assortment.product(variant.product_id))


def _level_of(shop: "Shop", item_id: int, location_id: int) -> Node | None:
    level = shop.stock.level(item_id, location_id)
    return level and level_node(shop, level)


def level_id(level: Level) -> str:
    """Return the global id of a level."""
    return f"{gid('InventoryLevel', level.id)}?inventory_item_id={level.item_id}"


def level_node(shop: "Shop", level: Level) -> Node:
    """Return an InventoryLevel."""
    moment = utc(datetime.fromtimestamp(level.updated_at, timezone.utc))
    return {
        "__typename": "InventoryLevel",
        "id": level_id(level),
        "canDeactivate": True,
        "createdAt": utc(shop.start),
        "deactivationAlert": None,
        "isActive": level.active,
        "item": Live(lambda shop, **_: item_of(shop, level.item_id)),
        "location": Live(lambda shop, **_: place_of(shop, level.location_id)),
        "quantities": Live(lambda shop, names: _quantities(level, names, moment)),
        "updatedAt": moment,
    }


def _quantities(level: Level, names: Sequence[str], moment: str) -> list[Node]:
    unknown = set(names) - set(NAMES)
    if unknown:
        raise GraphQLError(f"Invalid quantity names: {', '.join(sorted(unknown))}")
    number = gid("InventoryQuantity", level.id)
    return [
        {
            "__typename": "InventoryQuantity",
            "id": f"{number}?inventory_item_id={level.item_id}&name={name}",
            "name": name,
            "quantity": level.quantity(name),
            "updatedAt": moment,
        }
        for name in names
    ]


def item_of(shop: "Shop", number: int) -> Node | None:
    """Return an InventoryItem by its number."""
    variant = shop.assortment.item(number)
    return item_node(shop, variant) if variant else None


def place_of(shop: "Shop", number: int) -> Node | None:
    """Return a Location by its number."""
    return next((location_node(shop, place) for place in shop.places if place.id == number), None)


def level_by_number(shop: "Shop", number: int) -> Node | None:
    """Return an InventoryLevel by its number."""
    found: Any = (level for level in shop.stock.all_levels() if level.id == number)
    return next((level_node(shop, level) for level in found), None)
