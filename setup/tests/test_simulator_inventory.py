"""Quantities over HTTP: read, compared, set, sold, and remembered."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from shop_client import (
    SET,
    ask,
    available,
    change,
    codes,
    error,
    gid,
    item,
    place,
    quantity,
    set_available,
    set_input,
)

from simulator import ShopifySimulator

SKU, OTHER = "SKU-0001", "SKU-0002"
ADJUST = """mutation ($input: InventoryAdjustQuantitiesInput!, $key: String!) {
  inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { changes(quantityNames: ["available"]) { delta } }
    userErrors { field code message } } }"""
ACTIVATE = """mutation ($item: ID!, $place: ID!, $available: Int) {
  inventoryActivate(inventoryItemId: $item, locationId: $place, available: $available)
    @idempotent(key: "activate") { inventoryLevel { id } userErrors { field message } } }"""


@pytest.fixture
def simulator():
    with ShopifySimulator(seed=3, locations=("Main", "Annex")) as running:
        yield running


def test_items_levels_and_locations_are_read(simulator):
    data = ask(
        simulator,
        """query ($ids: [ID!]!) {
        locations(first: 5) { nodes { id name isActive fulfillsOnlineOrders } }
        inventoryItems(first: 2, query: "sku:SKU-0001 OR sku:SKU-0002") { nodes { id sku tracked
          requiresShipping measurement { weight { value unit } } variant { id sku }
          inventoryLevels(first: 5) { nodes { id location { name } item { id }
            quantities(names: ["available", "on_hand"]) { name quantity } } } } }
        nodes(ids: $ids) { id ... on InventoryItem { sku } ... on Location { name } } }""",
        ids=[item(simulator, SKU), place(simulator), gid("InventoryItem", 1)],
    )
    assert [one["name"] for one in data["locations"]["nodes"]] == ["Annex", "Main"], "by name"
    assert [one["sku"] for one in data["inventoryItems"]["nodes"]] == [SKU, OTHER]
    level = data["inventoryItems"]["nodes"][0]["inventoryLevels"]["nodes"][0]
    left = simulator.shop.assortment.sku(SKU).quantity
    assert [one["quantity"] for one in level["quantities"]] == [left, left]
    assert [one and one.get("sku") for one in data["nodes"]] == [SKU, None, None]
    again = ask(simulator, "query ($id: ID!) { inventoryLevel(id: $id) { id } }", id=level["id"])
    assert again["inventoryLevel"]["id"] == level["id"]


def test_a_quantity_is_set_when_the_comparison_holds(simulator):
    before = available(simulator, SKU)
    payload = set_available(simulator, quantity(simulator, SKU, 7, before))
    changes = payload["inventoryAdjustmentGroup"]["changes"]
    assert (changes[0]["delta"], changes[0]["quantityAfterChange"]) == (7 - before, 7)
    assert available(simulator, SKU) == 7
    set_available(simulator, quantity(simulator, SKU, 9, None))
    assert available(simulator, SKU) == 9


def test_all_or_nothing_is_set(simulator):
    first, second = available(simulator, SKU), available(simulator, OTHER)
    payload = set_available(
        simulator, quantity(simulator, SKU, 1, first), quantity(simulator, OTHER, 1, second + 1)
    )
    assert codes(payload) == ["CHANGE_FROM_QUANTITY_STALE"]
    assert payload["userErrors"][0]["field"] == ["input", "quantities", "1", "changeFromQuantity"]
    assert available(simulator, SKU) == first
    assert not len(simulator.effects)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"quantity": -1}, "INVALID_QUANTITY_NEGATIVE"),
        ({"quantity": 1_000_000_001}, "INVALID_QUANTITY_TOO_HIGH"),
        ({"inventoryItemId": gid("InventoryItem", 1)}, "INVALID_INVENTORY_ITEM"),
        ({"inventoryItemId": gid("Product", 46_300_000_000_001)}, "INVALID_INVENTORY_ITEM"),
        ({"locationId": gid("Location", 1)}, "INVALID_LOCATION"),
        ({"locationId": gid("Location", 655_441_492)}, "ITEM_NOT_STOCKED_AT_LOCATION"),
    ],
)
def test_a_bad_entry_is_refused_with_its_code(simulator, values, code):
    entry = quantity(simulator, SKU, 1, None) | values
    assert codes(set_available(simulator, entry)) == [code]


def test_a_bad_request_is_refused_with_its_code(simulator):
    entry = quantity(simulator, SKU, 1, None)
    twice = codes(set_available(simulator, entry, entry))
    assert twice == ["NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR"]
    assert codes(set_available(simulator, entry, name="committed")) == ["INVALID_NAME"]
    assert codes(set_available(simulator, entry, reason="because")) == ["INVALID_REASON"]
    wrong = set_available(simulator, entry, referenceDocumentUri="no uri")
    assert codes(wrong) == ["INVALID_REFERENCE_DOCUMENT"]


def test_a_missing_comparison_a_missing_key_and_too_many_entries_are_errors(simulator):
    entry = quantity(simulator, SKU, 1, None)
    del entry["changeFromQuantity"]
    missing = error(simulator, SET, input=set_input(entry), key="a")
    assert missing["extensions"]["code"] == "INVALID_FIELD_ARGUMENTS"
    entry["changeFromQuantity"] = None
    many = error(simulator, SET, input=set_input(*[entry] * 251), key="a")
    assert many["extensions"]["code"] == "MAX_INPUT_SIZE_EXCEEDED"
    bare = SET.replace("@idempotent(key: $key)", "").replace(", $key: String!", "")
    keyless = error(simulator, bare, input=set_input(entry))
    assert "directive is required" in keyless["message"]
    blank = error(simulator, SET, input=set_input(entry), key=" ")
    assert blank["extensions"]["code"] == "BAD_REQUEST"


def test_a_repeated_key_replays_the_answer_without_effect(simulator):
    entry = quantity(simulator, SKU, 7, available(simulator, SKU))
    first = set_available(simulator, entry, key="one")
    simulator.sell(SKU)
    assert set_available(simulator, entry, key="one") == first
    assert available(simulator, SKU) == 6
    assert simulator.effects.keys() == {"one": 1}
    other = set_available(simulator, quantity(simulator, SKU, 8, 6), key="one")
    assert codes(other) == ["IDEMPOTENCY_KEY_PARAMETER_MISMATCH"]


def test_the_same_key_at_the_same_time_is_refused(simulator):
    simulator.engine.mutation_seconds = 0.3
    entry = quantity(simulator, SKU, 7, None)
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(set_available, simulator, entry, key="one") for _ in range(2)]
    found = sorted(codes(answer.result()) for answer in answers)
    assert found == [[], ["IDEMPOTENCY_CONCURRENT_REQUEST"]]
    assert len(simulator.effects) == 1


def test_of_many_writers_that_compare_with_the_same_value_one_wins(simulator):
    before = available(simulator, SKU)
    with ThreadPoolExecutor(8) as pool:
        wanted = range(1000, 1016)
        answers = list(
            pool.map(
                lambda n: set_available(simulator, quantity(simulator, SKU, n, before)), wanted
            )
        )
    won = [n for n, answer in zip(wanted, answers, strict=True) if not answer["userErrors"]]
    assert len(won) == 1
    assert available(simulator, SKU) == won[0]


def test_counting_up_by_compare_and_swap_loses_nothing(simulator):
    simulator.merchant.set_available(SKU, 0)

    def add_one(_):
        while True:
            before = available(simulator, SKU)
            if not set_available(simulator, quantity(simulator, SKU, before + 1, before))[
                "userErrors"
            ]:
                return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_one, range(12)))
    assert available(simulator, SKU) == 12


def test_differences_are_adjusted(simulator):
    before = available(simulator, SKU)
    entry = {"inventoryItemId": item(simulator, SKU), "locationId": place(simulator)}
    entry |= {"delta": -2, "changeFromQuantity": before}
    given = {"name": "available", "reason": "correction", "changes": [entry]}
    payload = change(simulator, ADJUST, input=given, key="a")
    assert payload["inventoryAdjustmentGroup"]["changes"] == [{"delta": -2}]
    assert codes(change(simulator, ADJUST, input=given, key="b")) == ["CHANGE_FROM_QUANTITY_STALE"]
    assert available(simulator, SKU) == before - 2


def test_an_item_is_stocked_at_another_location(simulator):
    far = {"item": item(simulator, SKU), "place": place(simulator, 1)}
    assert not change(simulator, ACTIVATE, available=4, **far)["userErrors"]
    entry = quantity(simulator, SKU, 5, 4, locationId=far["place"])
    assert not set_available(simulator, entry)["userErrors"]
    number = simulator.shop.assortment.sku(SKU).inventory_item_id
    assert simulator.stock.available(number, simulator.shop.places[1].id) == 5
    again = ACTIVATE.replace('"activate"', '"again"')
    assert change(simulator, again, available=9, **far)["userErrors"][0]["field"] == ["available"]


def test_an_items_weight_and_sku_are_changed(simulator):
    query = """mutation ($id: ID!, $input: InventoryItemInput!) {
      inventoryItemUpdate(id: $id, input: $input) { inventoryItem { sku tracked
        measurement { weight { value unit } } } userErrors { message } } }"""
    given = {"sku": "NEW", "measurement": {"weight": {"value": 2.5, "unit": "POUNDS"}}}
    payload = change(simulator, query, id=item(simulator, SKU), input=given)
    assert payload["inventoryItem"]["sku"] == "NEW"
    assert payload["inventoryItem"]["measurement"]["weight"] == {"value": 2.5, "unit": "POUNDS"}
    assert simulator.shop.assortment.sku("NEW").sku == "NEW"


def test_orders_take_goods_and_cancellations_bring_them_back(simulator):
    before = available(simulator, SKU)
    history = simulator.sell(SKU, 3)
    assert available(simulator, SKU) == before - 3
    simulator.merchant.cancel_order(history)
    assert available(simulator, SKU) == before
    lost = simulator.sell(SKU, 2)
    simulator.merchant.cancel_order(lost, restock=False)
    assert available(simulator, SKU) == before - 2
    number = simulator.shop.assortment.sku(SKU).inventory_item_id
    causes = [one.cause for one in simulator.stock.changes(number)]
    assert causes == ["initial", "sold", "restocked", "sold"]


def test_what_is_committed_is_what_orders_wait_for():
    with ShopifySimulator(seed=5) as simulator:
        simulator.shop.trade(120)
        waiting = sum(
            history.current.unshipped(line)
            for history in simulator.shop.orders
            for line in history.current.lines
            if line.shippable and line.variant
        )
        levels = simulator.stock.all_levels()
        assert sum(level.quantity("committed") for level in levels) == waiting > 0
        for level in levels:
            variant = simulator.shop.assortment.item(level.item_id)
            assert level.quantity("on_hand") == variant.quantity


def test_only_what_is_available_is_sold():
    with ShopifySimulator(seed=3, only_available=True) as simulator:
        simulator.merchant.set_available(SKU, 5)
        with ThreadPoolExecutor(8) as pool:
            sold = list(pool.map(lambda _: simulator.sell(SKU), range(20)))
        assert len([one for one in sold if one]) == 5
        assert simulator.shop.refused == 15
        assert available(simulator, SKU) == 0
        assert not simulator.stock.oversold()
        for variant in simulator.shop.goods:
            simulator.merchant.set_available(variant.sku, 0)
        assert simulator.shop.trade(10, ["plain"]) == []


def test_nothing_is_sold_after_the_shop_acknowledged_that_it_was_gone():
    with ShopifySimulator(seed=3, only_available=True) as simulator:
        simulator.merchant.set_available(SKU, 40)
        with ThreadPoolExecutor(4) as pool:
            buyers = [pool.submit(simulator.sell, SKU) for _ in range(20)]
            set_available(simulator, quantity(simulator, SKU, 0, None), key="gone")
            buyers += [pool.submit(simulator.sell, SKU) for _ in range(20)]
        (effect,) = simulator.effects
        number = simulator.shop.assortment.sku(SKU).inventory_item_id
        sold = simulator.stock.changes(number, causes=["sold"])
        assert sum(1 for buyer in buyers if buyer.result()) == len(sold)
        assert effect.acknowledged_at
        assert not [one for one in sold if one.sequence > effect.stock]
        assert not [one for one in sold if one.at > effect.acknowledged_at]


def test_overselling_is_told_from_the_history(simulator):
    simulator.merchant.set_available(SKU, 1)
    simulator.sell(SKU, 3)
    (change_,) = simulator.stock.oversold()
    assert (change_.before, change_.after, change_.delta) == (1, -2, -3)
