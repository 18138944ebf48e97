"""The shop at its worst: effects without answers, buyers in between, lost tokens and scopes."""

import time
from dataclasses import replace

import pytest
import requests
from shop_client import (
    FULFIL,
    HEADERS,
    LEVEL,
    SET,
    ask,
    available,
    codes,
    error,
    item,
    parts,
    place,
    post,
    quantity,
    set_available,
    set_input,
)

from simulator import AppSettings, Faults, ShopifySimulator

SKU = "SKU-0001"
PUBLISH = """mutation {
  publishablePublish(id: "gid://shopify/Product/1", input: []) { userErrors { message } } }"""


@pytest.fixture
def simulator():
    with ShopifySimulator(seed=3) as running:
        yield running


def seven(simulator):
    return set_input(quantity(simulator, SKU, 7, None))


def test_an_accepted_mutation_whose_answer_is_lost_had_its_effect_once(simulator):
    simulator.faults = Faults(accepted_then_failed=1, hang_seconds=0.1)
    given = seven(simulator)
    for _ in range(4):
        with pytest.raises(requests.ConnectionError):
            post(simulator, SET, input=given, key="one")
    simulator.faults = Faults()
    (effect,) = simulator.effects
    assert (effect.mutation, effect.key) == ("inventorySetQuantities", "one")
    assert effect.acknowledged_at is None, "nobody heard of it"
    assert not set_available(simulator, *given["quantities"], key="one")["userErrors"]
    assert available(simulator, SKU) == 7
    assert simulator.effects.keys() == {"one": 1}


def test_some_lost_answers_hang_and_some_close(simulator):
    simulator.faults = Faults(accepted_then_failed=1, hang_seconds=1)
    waits = []
    for number in range(6):
        started = time.monotonic()
        with pytest.raises((requests.ConnectionError, requests.Timeout)):
            post(simulator, SET, 0.3, input=seven(simulator), key=str(number))
        waits.append(time.monotonic() - started > 0.25)
    assert set(waits) == {True, False}


def test_an_error_after_the_effect_tells_nothing_of_it(simulator):
    history = simulator.sell(SKU)
    simulator.faults = Faults(error_after_effect=1)
    given = {"lineItemsByFulfillmentOrder": [parts(simulator, history.current)]}
    assert post(simulator, FULFIL, fulfillment=given).status_code == 500
    assert len(history.current.fulfilments) == len(simulator.effects.of("fulfillmentCreate")) == 1


def test_queries_are_spared_what_only_befalls_mutations(simulator):
    simulator.faults = Faults(accepted_then_failed=1, error_after_effect=1, stale_quantities=1)
    assert ask(simulator, "{ shop { name } }")


def test_an_answered_mutation_is_acknowledged(simulator):
    set_available(simulator, quantity(simulator, SKU, 7, None), key="one")
    (effect,) = simulator.effects
    deadline = time.monotonic() + 2
    while effect.acknowledged_at is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert effect.acknowledged_at >= effect.at
    assert effect.result.startswith("gid://shopify/InventoryAdjustmentGroup/")


def test_a_customer_buys_between_reading_and_writing(simulator):
    before = available(simulator, SKU)
    simulator.faults = Faults(stale_quantities=1)
    payload = set_available(simulator, quantity(simulator, SKU, 7, before))
    assert codes(payload) == ["CHANGE_FROM_QUANTITY_STALE"]
    simulator.faults = Faults()
    assert available(simulator, SKU) == before - 1
    assert not codes(set_available(simulator, quantity(simulator, SKU, 7, before - 1)))


def test_misbehaviour_depends_on_the_seed():
    def stale(seed):
        with ShopifySimulator(seed, Faults(stale_quantities=0.5)) as simulator:
            found = []
            for _ in range(12):
                before = simulator.stock.available(
                    simulator.shop.assortment.sku(SKU).inventory_item_id
                )
                found.append(codes(set_available(simulator, quantity(simulator, SKU, 90, before))))
            return found

    assert stale(1) == stale(1) != stale(2)


def test_a_conflict_has_no_effect(simulator):
    simulator.faults = Faults(conflict=1)
    assert post(simulator, SET, input=seven(simulator), key="one").status_code == 409
    assert not len(simulator.effects)


def test_a_granted_token_ends_before_its_time(simulator):
    app = simulator.app
    grant = {"grant_type": "client_credentials", "client_id": app.client_id}
    address = f"{simulator.base_url}/admin/oauth/access_token"
    body = grant | {"client_secret": app.client_secret}
    token = requests.post(address, data=body, timeout=5).json()["access_token"]
    url = f"{simulator.base_url}/admin/api/2026-04/graphql.json"

    def status(token):
        headers = {"X-Shopify-Access-Token": token}
        answer = requests.post(url, json={"query": "{ shop { name } }"}, headers=headers, timeout=5)
        return answer.status_code

    assert status(token) == 200
    simulator.faults = Faults(token_expired=1)
    assert [status(token), status(token)] == [401, 401]
    assert status(HEADERS["X-Shopify-Access-Token"]) == 200, "fixed tokens never expire"


def test_short_lived_tokens():
    with ShopifySimulator(app=AppSettings(token_lifetime=0.2)) as simulator:
        app = simulator.app
        status, granted = simulator.tokens.grant(
            {"grant_type": "client_credentials", "client_id": app.client_id,
             "client_secret": app.client_secret})  # fmt: skip
        assert (status, simulator.tokens.valid(granted["access_token"])) == (200, True)
        time.sleep(0.25)
        assert not simulator.tokens.valid(granted["access_token"])


def test_a_throttle_storm_empties_the_bucket_for_a_while(simulator):
    simulator.bucket.rate = 10_000
    simulator.bucket.storm(0.3)
    answer = error(simulator, "{ shop { name } }")
    assert answer["extensions"]["code"] == "THROTTLED"
    time.sleep(0.4)
    assert ask(simulator, "{ shop { name } }")
    simulator.faults = Faults(throttle_storm=1, storm_seconds=60)
    body = post(simulator, "{ shop { name } }").json()
    assert body["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"] == 0


def test_a_paused_shop_answers_nothing_useful(simulator):
    simulator.pause()
    assert post(simulator, "{ shop { name } }").status_code == 503
    simulator.pause("refuse")
    with pytest.raises(requests.ConnectionError):
        post(simulator, SET, input=seven(simulator), key="one")
    assert not len(simulator.effects)
    simulator.resume()
    assert ask(simulator, "{ shop { name } }")


@pytest.mark.parametrize(
    ("scope", "field", "query"),
    [
        ("read_inventory", "inventoryLevel", LEVEL),
        ("write_inventory", "inventorySetQuantities", SET),
        ("read_locations", "locations", "{ locations(first: 1) { nodes { id } } }"),
        ("write_products", "productDelete",
         'mutation { productDelete(input: {id: "gid://shopify/Product/1"}) { deletedProductId } }'),
        ("write_merchant_managed_fulfillment_orders", "fulfillmentCreate", FULFIL),
        ("read_merchant_managed_fulfillment_orders", "fulfillmentOrders",
         "{ fulfillmentOrders(first: 1) { nodes { id } } }"),
        ("write_publications", "publishablePublish", PUBLISH),
    ],
)  # fmt: skip
def test_what_no_scope_allows_is_denied(simulator, scope, field, query):
    writes = {scope, scope.replace("read_", "write_")}
    simulator.scopes = simulator.scopes - writes
    given = {
        "input": seven(simulator),
        "key": "one",
        "item": item(simulator, SKU),
        "place": place(simulator),
        "fulfillment": {"lineItemsByFulfillmentOrder": []},
    }
    refused = error(simulator, query, **given)
    assert refused["extensions"]["code"] == "ACCESS_DENIED"
    assert refused["message"].startswith(f"Access denied for {field} field. Required access: ")
    assert scope in refused["extensions"]["requiredAccess"]
    assert not len(simulator.effects)


def test_to_write_includes_to_read_and_told_are_the_scopes_that_are_granted(simulator):
    simulator.scopes = {"write_inventory", "read_locations"}
    assert ask(simulator, LEVEL, item=item(simulator, SKU), place=place(simulator))
    query = "{ currentAppInstallation { accessScopes { handle } } }"
    told = ask(simulator, query)["currentAppInstallation"]["accessScopes"]
    assert [scope["handle"] for scope in told] == ["read_locations", "write_inventory"]
    denied = error(simulator, 'query { node(id: "gid://shopify/Order/1") { id } }')
    assert denied["extensions"]["code"] == "ACCESS_DENIED"


def test_faults_are_off_unless_asked_for():
    assert not any(
        getattr(replace(Faults()), name)
        for name in ("accepted_then_failed", "error_after_effect", "stale_quantities",
                     "token_expired", "conflict", "throttle_storm")
    )  # fmt: skip
