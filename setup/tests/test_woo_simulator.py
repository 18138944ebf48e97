"""The simulated WooCommerce shop: its shapes are the published ones, its webhooks the plugin's."""

from decimal import Decimal

import pytest
from woo_shop import SECRET, Clock, Receiver, contract, provider

from simulator_woo import Faults, Keys, WooSimulator

# What woo_shop makes importable.
# isort: split
from odoo.addons.retail_connector_base.providers import AuthenticationError
from odoo.addons.retail_connector_base.providers.signature import hmac_sha256_base64


@pytest.fixture
def simulator():
    with WooSimulator(seed=3, clock=Clock()) as running:
        yield running


@pytest.fixture
def subscribed(simulator):
    """A shop whose webhooks lead to a receiver."""
    with Receiver() as receiver:
        provider(simulator).sync_subscriptions(receiver.url)
        simulator.deliver()
        receiver.requests.clear()
        yield simulator, receiver


def assert_shape(found, published):
    """Check that everything published is there, in the published type."""
    for key, value in published.items():
        assert key in found, key
        if value not in (None, "", [], {}) and found[key] not in (None, "", [], {}):
            # PHP writes whole floats as integers.
            wanted = (int, float) if isinstance(value, int | float) else type(value)
            assert isinstance(found[key], wanted), key


def test_shapes_are_the_published_ones(simulator):
    shop = simulator.shop
    buyer = shop.add_customer("Ada", "Lovelace", "ada@example.com")
    order = shop.buy({"MUG": 2, "SHIRT-M": 1}, customer=buyer, coupon="10", fee="1.50")
    refund = shop.refund(order, {order["line_items"][0]["id"]: 1})
    published = contract("orders.retrieve_an_order")
    assert_shape(order, published)
    for part in ("line_items", "shipping_lines", "tax_lines"):
        assert_shape(order[part][0], published[part][0])
    assert_shape(refund, contract("order-refunds.list_all_refunds")[0])
    assert_shape(buyer, contract("customers.retrieve_a_customer"))
    assert_shape(shop.item(*shop.by_sku("MUG")), contract("products.retrieve_a_product"))
    variation = shop.item(*shop.by_sku("SHIRT-S"))
    assert_shape(variation, contract("product-variations.retrieve_a_product_variation"))
    provider(simulator).sync_subscriptions("http://127.0.0.1:9/hooks/key")
    webhook = next(iter(simulator.webhooks.rows.values()))
    assert_shape(webhook, contract("webhooks.retrieve_a_webhook"))


@pytest.mark.parametrize("included", [True, False])
def test_totals_are_the_sums_of_their_lines(included):
    with WooSimulator(seed=5, taxes_included=included) as simulator:
        for order in simulator.shop.trade(50):
            charged = order["line_items"] + order["fee_lines"] + order["shipping_lines"]
            tax = sum(Decimal(line["total_tax"]) for line in charged)
            assert Decimal(order["total_tax"]) == tax
            assert Decimal(order["total"]) == tax + sum(Decimal(line["total"]) for line in charged)


def test_orders_take_stock_and_cancelled_ones_give_it_back(simulator):
    shop = simulator.shop
    mug = shop.item(*shop.by_sku("MUG"))
    order = shop.buy({"MUG": 3})
    assert mug["stock_quantity"] == 37
    shop.buy({"MUG": 1}, status="pending")
    assert mug["stock_quantity"] == 37
    shop.set_status(order, "cancelled")
    assert mug["stock_quantity"] == 40
    assert [change.cause for change in shop.history] == ["sold", "restocked"]


def test_a_new_webhook_is_pinged_by_an_unsigned_form(simulator):
    with Receiver() as receiver:
        provider(simulator).sync_subscriptions(receiver.url)
    pings = [request for request in receiver.requests if request.body.startswith(b"webhook_id=")]
    assert len(pings) == len(simulator.webhooks.rows)
    assert all("x-wc-webhook-signature" not in ping.headers for ping in pings)
    assert set(simulator.webhooks.pings.values()) == {200}


def test_deliveries_are_signed_and_those_of_one_second_share_an_id(subscribed):
    simulator, receiver = subscribed
    for _number in range(2):
        simulator.shop.buy({"BOOK": 1}, status="pending")
    simulator.deliver()
    first, second = receiver.requests
    assert first.header("x-wc-webhook-topic") == "order.created"
    signature = hmac_sha256_base64(SECRET, first.body).decode()
    assert first.header("x-wc-webhook-signature") == signature
    ids = {one.header("x-wc-webhook-delivery-id") for one in (first, second)}
    assert first.body != second.body and len(ids) == 1


def test_what_is_refused_is_lost_and_its_webhook_is_disabled(subscribed):
    simulator, receiver = subscribed
    receiver.answer = lambda request: 503
    for number in range(1, 9):
        simulator.shop.buy({"BOOK": 1}, status="pending")
        report = simulator.deliver()
        assert bool(report.lost) == (number < 8)
    (created,) = [
        row for row in simulator.webhooks.rows.values() if row["topic"] == "order.created"
    ]
    assert created["status"] == "disabled"
    assert len(receiver.requests) == 7


def test_webhooks_can_come_twice_disordered_forged_or_not_at_all(subscribed):
    simulator, receiver = subscribed
    simulator.faults = Faults(duplicate=0.5, disorder=0.5, forged=0.3, dropped=0.2)
    order = simulator.shop.buy({"BOOK": 1}, status="pending")
    for number in range(30):
        simulator.shop.clock.pass_by(5)
        simulator.shop.edit_order(order, {"meta_data": [{"key": "step", "value": number}]})
    report = simulator.deliver()
    assert report.lost
    bodies = [request.body for request in receiver.requests]
    assert len(set(bodies)) < len(bodies)
    genuine = [hmac_sha256_base64(SECRET, one.body).decode() == one.header("x-wc-webhook-signature")
               for one in receiver.requests]  # fmt: skip
    assert {True, False} == set(genuine)
    # Built when they happened, sent after the last state was told.
    assert bodies.index(max(bodies, key=len)) < len(bodies) - 1


def test_a_batch_is_answered_item_by_item(simulator):
    from odoo.addons.retail_connector_shop.providers.woocommerce import Shop

    adapter = provider(simulator)
    shop, (mug, _part) = Shop(adapter.context), simulator.shop.by_sku("MUG")
    rows = [{"id": mug, "stock_quantity": 3}, {"id": 9999}, {"id": mug, "regular_price": 1}]
    answers = shop.call("POST", "products/batch", {"update": rows}).json()["update"]
    assert [entry.get("error", {}).get("code") for entry in answers] == [
        None, "woocommerce_rest_product_invalid_id", "rest_invalid_param",
    ]  # fmt: skip


def test_a_wrong_key_or_one_that_may_only_read_is_refused(simulator):
    adapter = provider(simulator)
    simulator.server.keys = Keys(may_write=False)
    adapter.test_connection()
    with pytest.raises(AuthenticationError):
        adapter.sync_subscriptions("http://127.0.0.1:9/hooks/key")
    simulator.server.keys = Keys(key="ck_other")
    with pytest.raises(AuthenticationError):
        adapter.test_connection()
