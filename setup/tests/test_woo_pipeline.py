"""The whole way with another vendor: a real Odoo, its job runner, and a WooCommerce shop."""

import os
import subprocess
import time
from decimal import Decimal
from types import SimpleNamespace

import psycopg2
import pytest

from environment import ensure
from environment.paths import ROOT
from simulator_woo import Keys, WooSimulator

SECRET = "asecretofthepipeline"
SKUS = ("MUG", "BOOK", "POSTER", "SHIRT-S", "SHIRT-M", "SHIRT-L")
STOCK = 500

CONNECT = """
env.ref("base.EUR").active = True
germany, company = env.ref("base.de"), env.company
group = env["account.tax.group"].create({{"name": "DE", "country_id": germany.id}})
for rate in (19, 7):
    env["account.tax"].create(
        {{"name": f"{{rate}} %", "amount": rate, "amount_type": "percent", "type_tax_use": "sale",
          "price_include_override": "tax_included", "country_id": germany.id,
          "tax_group_id": group.id}}
    )
place = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1).lot_stock_id
for sku in {skus!r}:
    product = env["product.product"].create(
        {{"name": sku, "default_code": sku, "is_storable": True, "taxes_id": False}}
    )
    env["stock.quant"]._update_available_quantity(product, place, {stock})
backend = env["retail.backend"].create({{"name": "Woo", "provider": "woocommerce"}})
backend.setting_ids.filtered(lambda s: s.name == "shop_url").value = {url!r}
for name, secret in {secrets!r}.items():
    backend.credential_ids.filtered(lambda c: c.name == name).secret_input = secret
env.cr.commit()
backend.action_test_connection()
assert backend.last_test_ok, backend.last_test_report
report = backend._provider().sync_subscriptions({server!r} + f"/retail/v1/hooks/{{backend.key}}")
assert len(report.created) == 9, report
backend.state = "running"
(place_told,) = backend._provider().locations()
env["retail.location.binding"].create(
    {{"backend_id": backend.id, "external_id": place_told.external_id, "name": place_told.name,
      "odoo_id": place.id}}
)
flow = backend.flow_ids.filtered(lambda f: f.kind == "product" and f.direction == "in")
env["retail.poll"]._start(flow.id)
"""
ADOPT = """
candidates = env["retail.product.candidate"].search([])
candidates.action_adopt_safe()
"""
PUBLISH = """
flow = env["retail.flow"].search([("kind", "=", "stock_level"), ("direction", "=", "out")])
assert flow.paused, "state must not be published before somebody says so"
flow.paused = False
flow.action_compare_all()
"""
SHIP = """
for order in env["sale.order"].search([]):
    picking = order.picking_ids
    picking.carrier_tracking_ref = f"TRACK-{order.client_order_ref}"
    for move in picking.move_ids:
        move.quantity, move.picked = move.product_uom_qty, True
    picking.button_validate()
"""


@pytest.fixture(scope="module")
def world():
    """A running Odoo that is connected to a running shop."""
    environment = ensure()
    with (
        WooSimulator(seed=17, keys=Keys()) as shop,
        environment.database(f"rc_woo_{os.getpid()}") as database,
        environment.server(database, workers=4, channels="root:2") as server,
    ):
        odoo = SimpleNamespace(database=database, shop=shop, server=server)
        secrets = {"consumer_key": shop.keys.key, "consumer_secret": shop.keys.secret}
        shell(
            odoo, CONNECT, skus=SKUS, stock=STOCK, url=shop.base_url, server=server.url,
            secrets={**secrets, "webhook_secret": SECRET},
        )  # fmt: skip
        yield odoo


def shell(world, code: str, **values: object) -> None:
    """Run code in Odoo's shell, and commit it."""
    program = [ROOT / "setup" / "odoo", "shell", "-d", world.database, "--no-http"]
    content = (code.format(**values) if values else code) + "\nenv.cr.commit()\nprint('CODE-RAN')\n"
    # Odoo's shell reads statements line by line unless they come as one.
    done = subprocess.run(program, input=content, text=True, capture_output=True, check=True)
    assert "CODE-RAN" in done.stdout, done.stderr[-3000:]


def rows(world, query: str) -> list[tuple]:
    """Return what the database answers, on a connection of its own."""
    connection = psycopg2.connect(dbname=world.database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()
    finally:
        connection.close()


def wait_for(condition, seconds: float = 60) -> None:
    """Wait until something is true; fail when it does not become so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)


def quantity(world, sku):
    return world.shop.shop.item(*world.shop.shop.by_sku(sku))["stock_quantity"]


def test_products_orders_stock_and_shipments_go_their_way(world):
    assert set(world.shop.webhooks.pings.values()) == {200}

    # Products in: reviewed, adopted.
    wait_for(lambda: rows(world, "SELECT count(*) FROM retail_product_candidate") == [(6,)])
    shell(world, ADOPT)
    wait_for(lambda: rows(world, "SELECT count(*) FROM retail_product_binding") == [(6,)])

    # Orders in.
    shop = world.shop.shop
    baskets = ({"MUG": 2, "SHIRT-S": 1}, {"BOOK": 3}, {"SHIRT-M": 1, "POSTER": 2})
    placed = [shop.buy(basket, coupon=off) for basket, off in zip(baskets, "070", strict=True)]
    report = world.shop.deliver()
    assert not report.lost
    orders = "SELECT client_order_ref, state, amount_total::text, amount_tax::text FROM sale_order"
    wait_for(lambda: len(rows(world, orders)) == len(placed))
    wait_for(lambda: {row[1] for row in rows(world, orders)} == {"sale"})
    found = {
        name: (Decimal(total), Decimal(tax)) for name, _state, total, tax in rows(world, orders)
    }
    assert found == {
        f"#{one['number']}": (Decimal(one["total"]), Decimal(one["total_tax"])) for one in placed
    }

    # One of two mugs is refunded before it leaves: the webhook tells no units, the shop is asked.
    first = placed[0]
    refund = shop.refund(first, {first["line_items"][0]["id"]: 1})
    assert not world.shop.deliver().lost
    left = Decimal(first["total"]) - Decimal(refund["amount"])
    query = f"SELECT amount_total::text FROM sale_order WHERE client_order_ref = '#{first['id']}'"
    wait_for(lambda: Decimal(rows(world, query)[0][0]) == left)

    # Stock out.
    assert quantity(world, "SHIRT-L") == 5
    shell(world, PUBLISH)
    wanted = {"MUG": 1, "SHIRT-S": 1, "BOOK": 3, "SHIRT-M": 1, "POSTER": 2, "SHIRT-L": 0}
    wait_for(lambda: all(quantity(world, sku) == STOCK - sold for sku, sold in wanted.items()))

    # Shipments out.
    wait_for(lambda: rows(world, "SELECT DISTINCT state FROM stock_move") == [("assigned",)])
    shell(world, SHIP)
    wait_for(lambda: {order["status"] for order in placed} == {"completed"})
    for order in placed:
        (note,) = shop.notes[order["id"]]
        assert f"TRACK-#{order['number']}" in note["note"]
    wait_for(lambda: not rows(world, "SELECT id FROM retail_exception WHERE state = 'open'"))
