"""What is sent to Square, and what the simulator answers, is of Square's specification."""

from decimal import Decimal

import pytest
from square_seller import Random, messages, provider, trade
from square_spec import answer_problems, request_problems, schema_problems, specification

from simulator_square import Pays, SquareSimulator, Wanted

# What square_seller makes importable.
# isort: split
from odoo.addons.retail_connector_base.providers import FeedItem, StockChange, StockKey
from odoo.addons.retail_connector_pos.providers.square.client import DEFAULT_VERSION

# The simulator's events, and the schema of each.
EVENTS = {
    "order.created": "OrderCreatedEvent",
    "order.updated": "OrderUpdatedEvent",
    "payment.created": "PaymentCreatedEvent",
    "payment.updated": "PaymentUpdatedEvent",
    "refund.created": "RefundCreatedEvent",
    "refund.updated": "RefundUpdatedEvent",
    "inventory.count.updated": "InventoryCountUpdatedEvent",
    "catalog.version.updated": "CatalogVersionUpdatedEvent",
    "payout.sent": "PayoutSentEvent",
    "payout.paid": "PayoutPaidEvent",
    "payout.failed": "PayoutFailedEvent",
    "dispute.created": "DisputeCreatedEvent",
    "dispute.state.updated": "DisputeStateUpdatedEvent",
}
# Of what is fed: price, currency, whether it has tax.
PRICE = (Decimal(5), "USD", False)
# In the published examples of these events, and not in their schemas.
NEWER = {
    "CatalogVersionUpdatedEvent.data.id: is not known",
    "DisputeCreatedEvent.data.object.dispute: is not known",
    "DisputeStateUpdatedEvent.data.object.dispute: is not known",
}
# The last parts of paths that are posted to and change nothing.
SEARCHES = ("search", "batch-retrieve")


@pytest.fixture(scope="module")
def simulator():
    """A day in which everything is used."""
    with SquareSimulator(seed=5) as running:
        use_everything(running)
        yield running


def use_everything(simulator):
    seller, adapter = simulator.seller, provider(simulator)
    seller.add_device("L001", "995CS", "Terminal")
    shift = seller.open_drawer("L001", "D1-L001")["id"]
    trade(seller, Random(5), 30)
    live_on(seller)
    seller.pay_in(shift, 500)
    seller.pay_out(shift, 300)
    seller.close_drawer(shift, 1)
    adapter.test_connection()
    for url in ("http://127.0.0.1:9/hooks/key", "http://127.0.0.1:8/hooks/key"):
        adapter.sync_subscriptions(url)
    simulator.webhooks.create({"subscription": {"notification_url": url, "event_types": ["x"]}})
    adapter.sync_subscriptions(url)
    read_everything(seller, adapter)
    write_everything(seller, adapter)


def live_on(seller):
    customer = seller.add_customer("Ada", "Lovelace", "ada@example.com")
    item = next(iter(seller.counts))[0]
    order = seller.sell("L001", [Wanted(item)], customer=customer, taken_at=seller.clock())
    seller.decline(order["tenders"][0]["id"])
    order = seller.sell("L001", [Wanted(None, 1, 2_000, gift_card="77833")])
    seller.sell("L001", [Wanted(item)], [Pays("SQUARE_GIFT_CARD", gift_card="77833")])
    seller.refund_amount(order["id"], 500, "PENDING")
    seller.settle_refund(next(reversed(seller.refunds)))
    dispute = seller.dispute(order["tenders"][0]["id"])
    seller.change_dispute(dispute["id"], "WON")
    for place in seller.locations:
        payout = seller.settle(place)
        seller.land(payout["id"])
    seller.bounce(payout["id"])


def read_everything(seller, adapter):
    kinds = ("pos_ticket", "pos_closing", "product", "payment", "payout", "dispute")
    since = seller.clock().replace(year=2025)
    for kind in kinds:
        found = messages(adapter, kind, since)
        assert found, kind
        for message in found[:3]:
            adapter.fetch_one(kind, message.entity_key.partition(":")[2])
    closing = messages(adapter, "pos_closing", since)[0]
    shown = adapter.parse(closing)
    assert adapter.fetch_one("pos_closing", shown.external_id)
    assert adapter.stores()
    assert adapter.locations()


def write_everything(seller, adapter):
    item, place = next(iter(seller.counts))
    key = StockKey(item, place)
    held = adapter.read_stock([key])[key]
    adapter.change_stock([StockChange(key, held + 5, held)], "k1")
    feed = [
        FeedItem("r1", place, item, "S-0", ("4006381333931",), "Renamed", "unit", *PRICE),
        FeedItem("r2", place, None, "NEW", (), "Novelty", "unit", *PRICE),
    ]
    assert [one.verdict.value for one in adapter.change_feed(feed, "k2")] == ["done"] * 2


def test_all_requests_are_in_the_specification(simulator):
    found = {
        (call.method, call.path, problem)
        for call in simulator.server.calls
        for problem in request_problems(call.method, call.path, call.query, call.body)
    }
    assert found == set()


def test_all_answers_are_in_the_specification(simulator):
    found = {
        (call.method, call.path, problem)
        for call, status, content in simulator.server.exchanges
        if status == 200
        for problem in answer_problems(call.method, call.path, content)
    }
    assert found == set()


def test_refusals_are_in_the_specification(simulator):
    refused = [content for _call, status, content in simulator.server.exchanges if status != 200]
    for content in refused:
        for error in content["errors"]:
            assert schema_problems("Error", error) == []


def test_all_events_are_in_the_specification(simulator):
    seen = set()
    for event in simulator.seller.events.values():
        seen.add(event["type"])
        assert set(schema_problems(EVENTS[event["type"]], event)) <= NEWER
    assert seen == set(EVENTS)


def test_all_of_the_adapter_was_used(simulator):
    used = {(call.method, "/".join(call.path.split("/")[2:4])) for call in simulator.server.calls}
    assert len({path.partition("/")[0] for _method, path in used}) >= 12
    assert {"POST", "PUT", "GET", "DELETE"} == {method for method, _path in used}


def test_the_version_is_the_specifications(simulator):
    told = {call.headers.get("square-version") for call in simulator.server.calls}
    assert told == {DEFAULT_VERSION}
    assert specification()["paths"]["/v2/orders/search"]


def test_every_effect_has_a_key_of_its_own(simulator):
    writes = [
        call for call in simulator.server.calls
        if call.method == "POST" and call.path.rpartition("/")[2] not in SEARCHES
    ]  # fmt: skip
    keys = [call.body.get("idempotency_key") for call in writes]
    assert writes and all(keys) and len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("POST", "/v2/order/search", {}, {}),
        ("PUT", "/v2/orders/search", {}, {}),
        ("POST", "/v2/orders/search", {}, {"places": []}),
        ("POST", "/v2/orders/search", {}, {"limit": "ten"}),
        ("POST", "/v2/orders/search", {}, None),
        ("GET", "/v2/cash-drawers/shifts", {}, None),
        ("GET", "/v2/payments", {"since": "x"}, None),
        ("GET", "/v2/payments", {"limit": "many"}, None),
        ("POST", "/v2/inventory/changes/batch-create", {}, {"changes": []}),
    ],
)
def test_the_check_sees_what_is_wrong(method, path, query, body):
    assert request_problems(method, path, query, body)
