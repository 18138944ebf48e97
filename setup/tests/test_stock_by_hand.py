"""A quantity that somebody edits in the shop's administration, from its webhook to its end."""

import os
from types import SimpleNamespace

import pytest
from test_woo_pipeline import rows, shell, wait_for

from environment import ensure
from simulator import ShopifySimulator

STOCK = 30
CONNECT = """
env.ref("base.EUR").active = True
place = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1).lot_stock_id
backend = env["retail.backend"].create({{"name": "By hand", "provider": "shopify"}})
for name, value in {settings!r}.items():
    backend.setting_ids.filtered(lambda s: s.name == name).value = value
secret = backend.credential_ids.filtered(lambda c: c.name == "client_secret")
secret.secret_input = {secret!r}
env["ir.config_parameter"].set_param("web.base.url", {server!r})
env.cr.commit()
backend.action_test_connection()
assert backend.last_test_ok, backend.last_test_report
backend.action_sync_subscriptions()
assert "inventory_levels/update" not in backend.subscribed_topics, "nothing is published yet"
backend.state = "running"
backend.flow_ids.interval = 0
backend.action_fetch_locations()
backend.location_binding_ids.odoo_id = place
for variant, product_id, item, sku in {goods!r}:
    product = env["product.product"].create(
        {{"name": sku, "default_code": sku, "is_storable": True, "taxes_id": False}}
    )
    env["stock.quant"]._update_available_quantity(product, place, {stock})
    env["retail.product.binding"].create(
        {{"backend_id": backend.id, "external_id": variant, "product_external_id": product_id,
          "inventory_item_external_id": item, "sku": sku, "odoo_id": product.id}}
    )
backend.flow_ids.filtered(lambda flow: flow._is_stock_out()).action_resume()
assert "inventory_levels/update" in backend.subscribed_topics
"""
STATES = """
    SELECT count(*) FILTER (WHERE pending OR attempt_key IS NOT NULL OR read_due_at IS NOT NULL)
      FROM retail_stock_state
"""
UNHEARD = "SELECT count(*) FROM retail_inbox_message WHERE state IN ('received', 'retry')"
LEVELS = "SELECT state, count(*) FROM retail_inbox_message WHERE kind = 'stock_level' GROUP BY 1"


@pytest.fixture(scope="module")
def world():
    """A running Odoo that publishes the stock of a running shop."""
    environment = ensure()
    with (
        ShopifySimulator(seed=5, variants=6, only_available=True) as shop,
        environment.database(f"rc_by_hand_{os.getpid()}") as database,
        environment.server(database, workers=4, channels="root:2") as server,
    ):
        odoo = SimpleNamespace(
            database=database, shop=shop, server=server, since=len(shop.stock.history)
        )
        goods = [
            (str(one.id), str(one.product_id), str(one.inventory_item_id), one.sku)
            for one in shop.shop.goods
        ]
        settings = {
            "shop_domain": shop.shop.domain,
            "client_id": shop.app.client_id,
            "api_url": shop.base_url,
        }
        shell(
            odoo, CONNECT, settings=settings, secret=shop.app.client_secret, server=server.url,
            goods=goods, stock=STOCK,
        )  # fmt: skip
        yield odoo


def held(world, sku: str) -> int:
    """Return what the shop can really sell."""
    return world.shop.stock.available(world.shop.shop.assortment.sku(sku).inventory_item_id)


def test_a_quantity_that_is_raised_by_hand_is_read_and_put_right(world):
    skus = [variant.sku for variant in world.shop.shop.goods]
    wait_for(lambda: all(held(world, sku) == STOCK for sku in skus))
    wait_for(lambda: rows(world, STATES) == [(0,)])

    # The echoes of what was published change nothing, and nothing is asked for.
    before = len(world.shop.effects)
    assert set(world.shop.tell_levels(since=world.since).answers) == {"202"}
    wait_for(lambda: rows(world, UNHEARD) == [(0,)])
    assert rows(world, STATES) == [(0,)]
    told = world.shop.stock.history[-1].sequence

    world.shop.merchant.set_available(skus[0], 99)
    world.shop.tell_levels(since=told)
    wait_for(lambda: held(world, skus[0]) == STOCK)
    wait_for(lambda: rows(world, STATES) == [(0,)])
    assert len(world.shop.effects) == before + 1, "only what differs is written"
    assert {state for state, _count in rows(world, LEVELS)} <= {"done", "superseded"}
