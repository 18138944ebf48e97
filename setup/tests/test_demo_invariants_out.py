"""What goes wrong on the way out is found: a checker that finds nothing would prove nothing."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from demo_day.invariants_out import OUTWARD, Outward, raised_from_zero, shortage_is_known
from demo_day.told import Shelf, Tag
from simulator import ShopifySimulator, Tracking

UNITS = 5


@pytest.fixture
def outward() -> Outward:
    """Return a shop that shows what Odoo wants of one product."""
    simulator = ShopifySimulator(1)
    variant = simulator.shop.goods[0]
    place = simulator.shop.places[0].id
    level = simulator.stock.level(variant.inventory_item_id, place)
    simulator.stock.put(level, "available", UNITS, "set", "key")
    shelf = Shelf(variant.inventory_item_id, place, variant.sku, UNITS, UNITS, None)
    tag = Tag(variant.id, variant.sku, variant.price, None, variant.price)
    return Outward("Shop", simulator, [shelf], [tag], promoted=(variant.sku,))


def found(outward: Outward) -> set[str]:
    """Return the checks that fail."""
    return {name for name, check in OUTWARD.items() if check(outward)}


def tell(outward: Outward, quantity: int) -> None:
    """Let the app set the quantity of the product."""
    shelf = outward.shelves[0]
    level = outward.simulator.stock.level(shelf.item, shelf.place)
    outward.simulator.stock.put(level, "available", quantity, "set", "key")


def test_a_shop_in_step_violates_nothing(outward):
    assert found(outward) == set()


@pytest.mark.parametrize("change", [{"free": 4}, {"acknowledged": 4}, {"acknowledged": None}])
def test_a_wrong_quantity_is_found(outward, change):
    outward.shelves = [replace(outward.shelves[0], **change)]
    assert found(outward) == {"I9"}


def test_what_the_shop_alone_counts_is_allowed_for(outward):
    sku = outward.promoted[0]
    outward.simulator.sell(sku, 2)
    assert found(outward) == {"I9"}
    outward.unimported = Counter({sku: 2})
    assert found(outward) == set()


@pytest.mark.parametrize(
    "change", [{"price": Decimal("0.01")}, {"compare_at": Decimal(9)}, {"acknowledged": None}]
)
def test_a_wrong_price_is_found(outward, change):
    outward.tags = [replace(outward.tags[0], **change)]
    assert found(outward) == {"I9"}


def test_nothing_shown_at_all_is_found(outward):
    outward.shelves, outward.tags = [], []
    assert found(outward) == {"I9"}


def test_a_sale_after_zero_is_found(outward):
    tell(outward, 0)
    outward.simulator.sell(outward.promoted[0])
    assert "nothing sold after 0" in found(outward)


def test_a_sale_after_the_goods_came_back_is_none(outward):
    tell(outward, 0)
    tell(outward, 3)
    outward.simulator.sell(outward.promoted[0])
    assert "nothing sold after 0" not in found(outward)
    assert raised_from_zero(outward) == 1


def test_an_effect_without_a_command_and_a_command_without_effect_are_found(outward):
    made = "gid://shopify/Fulfillment/7"
    outward.simulator.effects.record("fulfillmentCreate", None, {}, made, 0)
    assert found(outward) == {"I6"}
    outward.made = [["7"]]
    assert found(outward) == set()
    outward.made = [["7"], ["8"]]
    assert found(outward) == {"I6"}


def test_an_effect_that_happened_twice_is_found(outward):
    for _time in range(2):
        outward.simulator.effects.record("inventorySetQuantities", "one", {}, None, 0)
    assert found(outward) == {"I6"}


def test_a_parcel_that_differs_is_found(outward):
    sku = outward.promoted[0]
    history = outward.simulator.sell(sku, 1)
    outward.simulator.merchant.fulfil_all(history, Tracking("UPS", ("T1",)))
    name = "shipped here is shipped there"
    assert name in found(outward)
    outward.delivered = {str(history.id): {sku: 1}}
    assert name in found(outward)
    outward.parcels = {str(history.id): ["T1"]}
    assert name not in found(outward)


def test_a_shortage_that_odoo_does_not_know_is_found():
    assert shortage_is_known({"A": 2, "B": 0}, {"A": Decimal(-2), "B": Decimal(3)}) == []
    assert shortage_is_known({"A": 2}, {"A": Decimal(0)})
    assert shortage_is_known({"A": 0}, {"A": Decimal(-1)})
