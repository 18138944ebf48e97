"""Queries are executed for real: the valid ones work, the others fail as in the real shop."""

from importlib import import_module

import pytest
from graphql import parse, validate, validate_schema

from simulator import AppSettings, Shop
from simulator.bucket import Bucket
from simulator.graph import schema as schemas
from simulator.graph.cost import factor
from simulator.graph.engine import Engine
from simulator.subscriptions import Subscriptions, topic_header

PAGE = """query ($first: Int, $after: String, $query: String, $reverse: Boolean) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT, reverse: $reverse) {
    pageInfo { hasNextPage endCursor } nodes { id updatedAt } } }"""
needs_contracts = pytest.mark.skipif(
    not schemas.published_path().exists(), reason="the contracts folder is absent"
)


@pytest.fixture
def engine():
    shop = Shop(2)
    shop.trade(60)
    return Engine(shop, AppSettings(), Subscriptions(), Bucket(10**6))


def ask(engine, text, /, **variables):
    answer = engine.answer(text, variables)
    assert "errors" not in answer, answer
    return answer["data"]


def all_pages(engine, **variables):
    found, after = [], None
    while True:
        orders = ask(engine, PAGE, after=after, **variables)["orders"]
        found += orders["nodes"]
        after = orders["pageInfo"]["endCursor"]
        if not orders["pageInfo"]["hasNextPage"]:
            return found


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("first", [1, 7, 60, 250])
def test_pages_return_everything_once_and_in_order(engine, first, reverse):
    found = all_pages(engine, first=first, reverse=reverse)
    assert len({node["id"] for node in found}) == len(found) == 60
    times = [node["updatedAt"] for node in found]
    assert times == sorted(times, reverse=reverse)


def test_orders_are_found_by_the_time_of_their_last_change(engine):
    times = sorted(history.current.updated_at for history in engine.shop.orders)
    since = times[40].isoformat()
    found = all_pages(engine, first=10, query=f"updated_at:>='{since}'")
    assert len(found) == len([moment for moment in times if moment >= times[40]])
    until = f"updated_at:>='{since}' AND updated_at:<{times[50].strftime('%Y-%m-%dT%H:%M:%SZ')}"
    between = [moment for moment in times if times[40] <= moment < times[50]]
    assert len(all_pages(engine, first=10, query=until)) == len(between) > 0


def test_pages_read_backwards(engine):
    query = (
        "{ orders(last: 2, sortKey: CREATED_AT) { nodes { name } pageInfo { hasPreviousPage } } }"
    )
    orders = ask(engine, query)["orders"]
    assert [node["name"] for node in orders["nodes"]] == ["#1059", "#1060"]
    assert orders["pageInfo"]["hasPreviousPage"] is True


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ orders(first: 1) { nodes { nonsense } } }", "Cannot query field"),
        ("{ orders(first: 1", "Syntax Error"),
        ("{ orders { nodes { id } } }", "first or last"),
        ("{ orders(first: 251) { nodes { id } } }", "250"),
        ('{ orders(first: 1, after: "?") { nodes { id } } }', "Invalid cursor"),
        ('{ order(id: "abc") { id } }', "Invalid global id"),
        ('{ orders(first: 1, query: "colour:red") { nodes { id } } }', "cannot search"),
    ],
)
def test_invalid_queries_fail(engine, query, message):
    assert message in engine.answer(query)["errors"][0]["message"]


@needs_contracts
def test_what_is_not_modelled_fails_aloud(engine):
    answer = engine.answer(
        "{ orders(first: 1) { nodes { id events(first: 1) { nodes { id } } } } }"
    )
    assert "does not model Order.events" in answer["errors"][0]["message"]


def test_single_entities_are_found_by_their_global_id(engine):
    history = engine.shop.orders[3]
    identifier = f"gid://shopify/Order/{history.id}"
    query = (
        "query ($id: ID!) { order(id: $id) { name } node(id: $id) { id ... on Order { name } } }"
    )
    data = ask(engine, query, id=identifier)
    assert data["order"]["name"] == data["node"]["name"] == history.current.name
    assert ask(engine, query, id="gid://shopify/Order/1") == {"order": None, "node": None}


def test_variants_are_found_by_sku_and_paged(engine):
    query = """query ($query: String) { productVariantsCount { count }
      productVariants(first: 5, query: $query) {
        nodes { sku barcode inventoryItem { id tracked } product { id title status } } } }"""
    data = ask(engine, query, query="sku:SKU-0003")
    assert [node["sku"] for node in data["productVariants"]["nodes"]] == ["SKU-0003"]
    assert data["productVariantsCount"]["count"] == len(engine.shop.variants)


def test_shop_scopes_and_locations_are_told(engine):
    data = ask(
        engine,
        """{ shop { name currencyCode ianaTimezone taxesIncluded myshopifyDomain }
        currentAppInstallation { accessScopes { handle } }
        locations(first: 5) { nodes { id name isActive } } }""",
    )
    assert data["shop"]["currencyCode"] == "EUR"
    handles = {scope["handle"] for scope in data["currentAppInstallation"]["accessScopes"]}
    assert "read_orders" in handles
    assert len(data["locations"]["nodes"]) == 1


def test_a_page_of_whole_orders_can_be_read(engine):
    query = """{ orders(first: 10) { nodes { ...O } } }
    fragment B on MoneyBag { shopMoney { amount currencyCode } presentmentMoney { amount } }
    fragment O on Order { id currentTotalPriceSet { ...B } customer { id verifiedEmail }
      lineItems(first: 10) { nodes { sku variant { id } originalUnitPriceSet { ...B }
        taxLines { title rate priceSet { ...B } } duties { price { ...B } }
        discountAllocations { allocatedAmountSet { ...B }
          discountApplication { index ... on DiscountCodeApplication { code }
            value { ... on MoneyV2 { amount } ... on PricingPercentageValue { percentage } } } } } }
      refunds(first: 5) { id refundLineItems(first: 5) { nodes { quantity lineItem { id } } } } }"""
    assert len(ask(engine, query)["orders"]["nodes"]) == 10


CREATE = """mutation ($topic: WebhookSubscriptionTopic!, $uri: String!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: {uri: $uri, format: JSON}) {
    webhookSubscription { id topic uri } userErrors { field message } } }"""


def test_subscriptions_are_created_listed_changed_and_deleted(engine):
    made = ask(engine, CREATE, topic="ORDERS_CREATE", uri="https://erp.example/hook")
    identifier = made["webhookSubscriptionCreate"]["webhookSubscription"]["id"]
    again = ask(engine, CREATE, topic="ORDERS_CREATE", uri="https://erp.example/hook")
    assert "taken" in again["webhookSubscriptionCreate"]["userErrors"][0]["message"]
    update = """mutation ($id: ID!) { webhookSubscriptionUpdate(
      id: $id, webhookSubscription: {uri: "https://new.example/hook"}) {
        webhookSubscription { uri } userErrors { message } } }"""
    ask(engine, update, id=identifier)
    listed = "{ webhookSubscriptions(first: 9) { nodes { id topic uri } } }"
    nodes = ask(engine, listed)["webhookSubscriptions"]["nodes"]
    assert nodes == [
        {"id": identifier, "topic": "ORDERS_CREATE", "uri": "https://new.example/hook"}
    ]
    delete = """mutation ($id: ID!) { webhookSubscriptionDelete(id: $id) {
      deletedWebhookSubscriptionId userErrors { message } } }"""
    deleted = ask(engine, delete, id=identifier)["webhookSubscriptionDelete"]
    assert deleted["deletedWebhookSubscriptionId"] == identifier
    gone = ask(engine, delete, id=identifier)["webhookSubscriptionDelete"]
    assert gone["userErrors"]


def test_topics_are_written_as_in_headers():
    assert topic_header("ORDERS_CREATE") == "orders/create"
    assert topic_header("ORDERS_PARTIALLY_FULFILLED") == "orders/partially_fulfilled"
    assert topic_header("FULFILLMENT_ORDERS_CANCELLED") == "fulfillment_orders/cancelled"


def test_a_query_draws_what_it_cost(engine):
    engine.bucket = Bucket(2000, 100, clock=lambda: 0.0)
    cost = engine.answer("{ orders(first: 100) { nodes { id customer { id } } } }")["extensions"][
        "cost"
    ]
    assert cost["requestedQueryCost"] >= cost["actualQueryCost"] > 0
    left = cost["throttleStatus"]["currentlyAvailable"]
    assert left == 2000 - cost["actualQueryCost"]


@needs_contracts
def test_cost_matches_what_the_real_shop_was_seen_to_charge(engine):
    query = """query ($id: ID!) { product(id: $id) { variants(first: 250) { nodes {
      inventoryItem { id tracked } } } } }"""
    answer = engine.answer(query, {"id": "gid://shopify/Product/1"})
    assert answer["extensions"]["cost"]["requestedQueryCost"] == 25
    assert factor(10) - factor(3) == 3


def test_an_empty_bucket_throttles_until_it_is_restored(engine):
    now = [0.0]
    engine.bucket = Bucket(100, 50, clock=lambda: now[0])
    engine.bucket.drain()
    throttled = engine.answer("{ shop { name } }")
    assert throttled["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert throttled["extensions"]["cost"]["actualQueryCost"] is None
    now[0] = 1.0
    assert "errors" not in engine.answer("{ shop { name } }")


def test_too_dear_a_query_is_refused(engine):
    query = """{ orders(first: 250) { nodes { lineItems(first: 250) { nodes {
      discountAllocations { allocatedAmountSet { shopMoney { amount } } }
      taxLines { priceSet { shopMoney { amount } presentmentMoney { amount } } }
      duties { price { shopMoney { amount } } } variant { product { id } } } } } } }"""
    code = engine.answer(query)["errors"][0]["extensions"]["code"]
    assert code == "MAX_COST_EXCEEDED"


def test_our_own_schema_is_valid():
    assert validate_schema(schemas.own_schema()) == []


@needs_contracts
def test_our_own_schema_is_a_true_part_of_the_published_one():
    published, own = schemas.published_schema().type_map, schemas.own_schema().type_map
    for name, kind in own.items():
        assert name in published, name
        for field, definition in getattr(kind, "fields", {}).items():
            theirs = published[name].fields[field]
            assert str(definition.type) == str(theirs.type), f"{name}.{field}"
            for argument, value in getattr(definition, "args", {}).items():
                assert str(value.type) == str(theirs.args[argument].type)
        assert set(getattr(kind, "values", {})) <= set(getattr(published[name], "values", {}))


@pytest.mark.parametrize(
    "module",
    ["test_simulator_inventory", "test_simulator_fulfilment", "test_simulator_products",
     "shop_client"],
)  # fmt: skip
def test_our_own_schema_covers_the_way_out(module):
    texts = [
        text % "productVariantsBulkUpdate" if "%s" in text else text
        for text in vars(import_module(module)).values()
        if isinstance(text, str) and text.startswith(("query", "mutation"))
    ]
    assert texts
    for text in texts:
        assert validate(schemas.own_schema(), parse(text)) == []


def test_our_own_schema_answers_where_the_published_one_is_absent(engine, monkeypatch):
    monkeypatch.setattr("simulator.graph.engine.schema", schemas.own_schema)
    from simulator.graph.engine import _prepared

    _prepared.cache_clear()
    try:
        test_a_page_of_whole_orders_can_be_read(engine)
        test_subscriptions_are_created_listed_changed_and_deleted(engine)
        test_shop_scopes_and_locations_are_told(engine)
    finally:
        _prepared.cache_clear()
