"""The provider against the simulated shop, over HTTP: lists and webhooks tell the same."""

import json

import pytest
from vendor_shop import provider

from odoo.addons.retail_connector_base.providers import StoredMessage
from odoo.addons.retail_connector_shop.providers import ShopifyProvider

from simulator import ShopifySimulator
from simulator.bucket import Bucket
from simulator.rest import order_json

CURRENCIES = {"EUR": True, "USD": False, "JPY": True, "BHD": False}


@pytest.fixture(params=CURRENCIES)
def shop(request):
    """A simulated shop that has traded, in each of the currencies."""
    currency = request.param
    with ShopifySimulator(
        seed=7,
        currency=currency,
        taxes_included=CURRENCIES[currency],
        # What slows callers down is tested with the gate.
        bucket=Bucket(100_000),
    ) as simulator:
        simulator.shop.trade(60)
        yield simulator


def parsed(adapter: ShopifyProvider, messages) -> dict:
    """Return what messages say, by external id."""
    read = [
        adapter.parse(StoredMessage(one.topic, one.kind, one.body, one.headers)) for one in messages
    ]
    return {canonical.external_id: canonical for canonical in read}


def test_a_poll_and_a_webhook_of_an_order_are_the_same(shop):
    adapter = provider(shop)
    listed = parsed(adapter, [m for page in adapter.fetch("order", "") for m in page.messages])
    sent = {
        str(history.id): adapter.parse(webhook(history.current, shop))
        for history in shop.shop.orders
    }
    assert listed.keys() == sent.keys()
    for external_id, order in sent.items():
        assert listed[external_id] == order
        assert listed[external_id].content_hash() == order.content_hash()


def test_an_order_comes_to_what_the_shop_says(shop):
    adapter = provider(shop)
    for truth in shop.expected().values():
        if truth.outcome == "import":
            order = adapter.parse(webhook(_order(shop, truth.external_id), shop))
            assert (order.total.shop.amount, order.total_tax.shop.amount) == (
                truth.total,
                truth.tax,
            )


def webhook(order, simulator) -> StoredMessage:
    """Return the webhook that tells of an order's current state."""
    body = json.dumps(order_json(order, simulator.shop.settings)).encode()
    return StoredMessage("orders/updated", "order", body, {})


def _order(simulator, external_id: str):
    return next(one.current for one in simulator.shop.orders if str(one.id) == external_id)


def test_products_and_customers_are_listed(shop):
    adapter = provider(shop)
    for kind in ("product", "customer"):
        pages = list(adapter.fetch(kind, ""))
        assert parsed(adapter, [m for page in pages for m in page.messages])


def test_the_connection_names_the_shop_and_has_no_problem(shop):
    report = provider(shop).test_connection()
    assert not report.problems
    assert shop.shop.domain in str(report)
