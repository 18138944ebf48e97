"""The provider against the simulated shop, over HTTP: what comes in."""

import json
from datetime import timedelta

import pytest
from woo_shop import Clock, Receiver, messages, parsed, provider

from simulator_woo import Faults, WooSimulator

# What woo_shop makes importable.
# isort: split
from odoo.addons.retail_connector_base.canonical import PaymentState
from odoo.addons.retail_connector_base.decisions.order_amounts import line_amounts
from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConnectorError,
    RateLimitedError,
    TransientError,
)
from odoo.addons.retail_connector_shop.providers.woocommerce import PAGE_SIZE


@pytest.fixture(params=[True, False], ids=["prices with tax", "prices without tax"])
def simulator(request):
    with WooSimulator(seed=7, taxes_included=request.param, clock=Clock()) as running:
        yield running


def pass_by(simulator, seconds):
    simulator.shop.clock.pass_by(seconds)


def test_orders_come_to_what_the_shop_says(simulator):
    placed = {str(order["id"]): order for order in simulator.shop.trade(60)}
    adapter = provider(simulator)
    found = [parsed(adapter, one) for one in messages(adapter, "order")]
    assert {order.external_id for order in found} == set(placed)
    for order in found:
        amounts = [line_amounts(line, False) for line in (*order.lines, *order.shipping_lines)]
        net, tax = sum(one.net for one in amounts), sum(one.tax for one in amounts)
        total = net if order.taxes_included else net + tax
        assert f"{total:.2f}" == placed[order.external_id]["total"]
        assert f"{tax:.2f}" == placed[order.external_id]["total_tax"]
        assert {line.taxes[0].rate * 100 for line in order.lines} <= {7, 19}


def test_a_poll_and_a_webhook_of_a_state_are_the_same(simulator):
    adapter = provider(simulator)
    with Receiver() as receiver:
        adapter.sync_subscriptions(receiver.url)
        simulator.shop.trade(20)
        simulator.deliver()
    sent = {}
    for request in receiver.requests:
        for message in adapter.verify(request).messages:
            if message.kind in ("order", "customer"):
                sent[message.entity_key] = parsed(adapter, message)
    listed = [*messages(adapter, "order"), *messages(adapter, "customer")]
    polled = {message.entity_key: parsed(adapter, message) for message in listed}
    assert sent == polled
    assert len(sent) > 20


def test_pages_pass_over_nothing_while_the_shop_changes(simulator):
    """Many orders share a second, and orders that change move to the end of the list."""
    shop, adapter = simulator.shop, provider(simulator)
    placed = []
    for number in range(PAGE_SIZE * 2 + 30):
        placed.append(shop.buy({"POSTER": 1}))
        if number % 90 == 0:
            pass_by(simulator, 1)
    seen = set()
    for index, page in enumerate(adapter.fetch("order", "")):
        seen |= {message.entity_key for message in page.messages}
        assert index or page.total == len(placed)
        pass_by(simulator, 1)
        for order in placed[index * 40 : index * 40 + 40]:
            shop.touch(order, "order.updated")
    assert seen == {f"order:{order['id']}" for order in placed}


def test_a_whole_page_of_one_second_is_left_behind(simulator):
    for _number in range(PAGE_SIZE * 2 + 10):
        simulator.shop.buy({"POSTER": 1})
    pass_by(simulator, 1)
    last = simulator.shop.buy({"POSTER": 1})
    found = {message.entity_key for message in messages(provider(simulator), "order")}
    assert f"order:{last['id']}" in found


def test_an_interrupted_poll_goes_on_from_its_cursor(simulator):
    adapter = provider(simulator)
    for _number in range(PAGE_SIZE + 40):
        simulator.shop.buy({"POSTER": 1})
        pass_by(simulator, 1)
    first = next(adapter.fetch("order", ""))
    rest = [one for page in adapter.fetch("order", first.cursor) for one in page.messages]
    keys = {one.entity_key for one in first.messages} | {one.entity_key for one in rest}
    assert len(keys) == PAGE_SIZE + 40
    assert len(rest) <= 41


def test_only_what_changed_since_is_read(simulator):
    shop, adapter = simulator.shop, provider(simulator)
    old = shop.buy({"MUG": 1})
    first = shop.add_customer("Old", "One", "old@example.com")
    pass_by(simulator, 60)
    since = shop.clock()
    new = shop.buy({"MUG": 1})
    second = shop.add_customer("New", "One", "new@example.com")
    orders = {one.entity_key for one in messages(adapter, "order", since=since)}
    assert orders == {f"order:{new['id']}"} and old["id"] != new["id"]
    people = {one.entity_key for one in messages(adapter, "customer", since=since)}
    assert people == {f"customer:{second['id']}"} and first["id"] != second["id"]
    earlier = messages(adapter, "order", since=since - timedelta(seconds=60))
    assert len(earlier) == 2


def test_states_of_one_second_are_polled_as_two(simulator):
    shop, adapter = simulator.shop, provider(simulator)
    order = shop.buy({"MUG": 1}, status="pending")
    (before,) = messages(adapter, "order")
    shop.set_status(order, "processing")
    (after,) = messages(adapter, "order")
    assert before.version == after.version and before.event_id != after.event_id
    (again,) = messages(adapter, "order")
    assert again.event_id == after.event_id


def test_products_are_listed_with_all_variations(simulator):
    simulator.shop.add_variable("Poncho", "5.00", {f"Size {n}": 1 for n in range(130)})
    adapter = provider(simulator)
    products = {
        one.title: one for one in (parsed(adapter, m) for m in messages(adapter, "product"))
    }
    assert len(products["Poncho"].variants) == 130 and products["Poncho"].variants_complete
    shirt, _part = simulator.shop.by_sku("SHIRT-S")
    ids = [variant.inventory_item_external_id for variant in products["Shirt"].variants]
    assert all(one.startswith(f"{shirt}:") for one in ids) and len(ids) == 3


def test_a_changed_variation_leads_to_the_whole_product(simulator):
    """A webhook of a variation is newer than the product it belongs to, until it is fetched."""
    shop, adapter = simulator.shop, provider(simulator)
    parent, part = shop.by_sku("SHIRT-S")
    pass_by(simulator, 5)
    with Receiver() as receiver:
        adapter.sync_subscriptions(receiver.url)
        simulator.deliver()
        receiver.requests.clear()
        shop.edit_item(shop.item(parent, part), {"regular_price": "21.00"})
        simulator.deliver()
    (message,) = adapter.verify(receiver.requests[-1]).messages
    told = parsed(adapter, message)
    assert (message.entity_key, told.variants_complete) == (f"product:{parent}", False)
    fetched = adapter.fetch_one("product", str(parent))
    assert fetched.version == message.version and fetched.authoritative
    assert len(parsed(adapter, fetched).variants) == 3


def test_one_entity_is_fetched_or_gone(simulator):
    adapter = provider(simulator)
    order, buyer = (
        simulator.shop.buy({"MUG": 1}),
        simulator.shop.add_customer("A", "B", "a@b.example"),
    )
    assert (
        parsed(adapter, adapter.fetch_one("order", str(order["id"]))).name == f"#{order['number']}"
    )
    assert adapter.fetch_one("customer", str(buyer["id"]))
    simulator.shop.trash(order)
    assert adapter.fetch_one("order", str(order["id"])) is None


def test_orders_less_what_was_refunded_come_to_their_own_total(simulator):
    shop, adapter = simulator.shop, provider(simulator)
    for index, order in enumerate(shop.trade(40)):
        line = order["line_items"][index % len(order["line_items"])]
        shop.refund(order, {line["id"]: 1 + index % line["quantity"]})
    listed = [one for one in messages(adapter, "order") if one.kind == "order"]
    for order in (parsed(adapter, one) for one in listed):
        assert order.lines_complete
        amounts = [line_amounts(line, False) for line in (*order.lines, *order.shipping_lines)]
        net, tax = sum(one.net for one in amounts), sum(one.tax for one in amounts)
        assert order.total.shop.amount == (net if order.taxes_included else net + tax)
        assert order.total_tax.shop.amount == tax
        assert any(line.quantity < line.ordered_quantity for line in order.lines)


def test_refunds_come_with_the_poll_of_their_order(simulator):
    shop, adapter = simulator.shop, provider(simulator)
    order = shop.buy({"MUG": 2, "BOOK": 1})
    line = order["line_items"][0]
    shop.refund(order, {line["id"]: 1}, amount="2.00")
    sold, refunded = messages(adapter, "order")
    assert parsed(adapter, sold).payment_state is PaymentState.PARTIALLY_REFUNDED
    refund = parsed(adapter, refunded)
    assert refunded.entity_key == refund.entity_key == sold.entity_key
    assert [(one.order_line_external_id, one.quantity) for one in refund.lines] == [
        (str(line["id"]), 1)
    ]
    assert [one.amount.shop.amount for one in refund.adjustments] == [2]


def test_webhooks_are_made_repaired_and_left_alone(simulator):
    adapter = provider(simulator)
    topics = {topic for flow in adapter.flows for topic in flow.topics}
    with Receiver() as receiver:
        assert set(adapter.sync_subscriptions(receiver.url).created) == topics
        assert set(adapter.sync_subscriptions(receiver.url).present) == topics
        row = next(iter(simulator.webhooks.rows.values()))
        row["status"] = "disabled"
        report = adapter.sync_subscriptions(receiver.url)
        assert report.repaired == (row["topic"],) and row["status"] == "active"
        simulator.webhooks.save({**row, "topic": "coupon.created"}, None)
        moved = adapter.sync_subscriptions(receiver.url.replace("127.0.0.1", "localhost"))
        assert set(moved.repaired) == topics


def test_the_connection_names_the_shop(simulator):
    report = provider(simulator).test_connection()
    assert report.account == "Simulated shop" and not report.problems
    assert ("Currency", "EUR") in report.details


def test_a_poll_under_faults_is_complete_in_the_end(simulator):
    simulator.shop.trade(PAGE_SIZE * 3 + 5)
    simulator.faults = Faults(rate_limited=0.3, server_error=0.3, accept_then_fail=0.2)
    adapter, cursor, seen, errors = provider(simulator), "", set(), 0
    for _attempt in range(60):
        try:
            for page in adapter.fetch("order", cursor):
                seen |= {one.entity_key for one in page.messages}
                cursor = page.cursor
            break
        except (TransientError, RateLimitedError):
            errors += 1
    assert len(seen) == PAGE_SIZE * 3 + 5 and errors


def test_what_a_proxy_answers_is_passing_and_a_forged_delivery_is_refused(simulator):
    adapter = provider(simulator)
    simulator.server.routes.answer = lambda path, request: type(simulator.server.routes.index())(
        200, {"html": "<h1>Maintenance</h1>"}
    )
    with pytest.raises(TransientError):
        messages(adapter, "order")
    with Receiver() as receiver:
        simulator.webhooks.save(
            {"topic": "order.created", "delivery_url": receiver.url, "secret": "another"}
        )
        simulator.shop.buy({"MUG": 1})
        simulator.deliver()
    with pytest.raises(AuthenticationError):
        adapter.verify(receiver.requests[-1])
    assert json.loads(receiver.requests[-1].body)["id"]


def test_nobody_there_is_passing(simulator):
    adapter = provider(simulator)
    simulator.server.server_close()
    with pytest.raises(ConnectorError):
        adapter.test_connection()
