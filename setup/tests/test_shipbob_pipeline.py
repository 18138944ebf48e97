"""The whole way of an order: a real Odoo, its job runner, and a simulated ShipBob account."""

import os
import subprocess
from datetime import datetime, timezone
from types import SimpleNamespace

import pytest
from test_woo_pipeline import rows, shell, wait_for

from environment import ensure
from simulator_shipbob import ShipBobSimulator

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
STOCK = 100
CONNECT = """
company = env.company
house = env["stock.warehouse"].create({{"name": "ShipBob", "code": "SBOB"}})
products = {{}}
for sku in {skus!r}:
    products[sku] = env["product.product"].create(
        {{"name": sku, "default_code": sku, "is_storable": True, "taxes_id": False}}
    )
    env["stock.quant"]._update_available_quantity(products[sku], house.lot_stock_id, {stock})
backend = env["retail.backend"].create({{"name": "ShipBob", "provider": "shipbob"}})
for name, value in {settings!r}.items():
    backend.setting_ids.filtered(lambda s: s.name == name).value = value
for name, secret in {secrets!r}.items():
    backend.credential_ids.filtered(lambda c: c.name == name).secret_input = secret
env.cr.commit()
backend.action_test_connection()
assert backend.last_test_ok, backend.last_test_report
report = backend._provider().sync_subscriptions({server!r} + f"/retail/v1/hooks/{{backend.key}}")
assert report.created, report
backend.action_fetch_warehouses()
place = backend.warehouse_ids.filtered(lambda w: w.external_id == "10")
place.odoo_id = house
backend.state = "running"
env.cr.commit()
# The shell does not tell the server's workers by itself.
env.registry.signal_changes()
"""
SELL = """
house = env["stock.warehouse"].search([("code", "=", "SBOB")])
customer = env["res.partner"].create({{
    "name": "Ada", "street": "Main 1", "city": "Reno", "zip": "89501",
    "country_id": env.ref("base.us").id,
}})
order = env["sale.order"].create({{
    "partner_id": customer.id, "warehouse_id": house.id, "client_order_ref": {name!r},
    "order_line": [
        (0, 0, {{"product_id": env["product.product"].search([("default_code", "=", sku)]).id,
                 "product_uom_qty": units}})
        for sku, units in {wanted!r}.items()
    ],
}})
order.action_confirm()
order.picking_ids.action_assign()
env["retail.releaser"]._make(env["retail.warehouse"].search([("external_id", "=", "10")]))
for release in env["retail.release"].search([("state", "=", "ready"), ("command_id", "=", False)]):
    release._send()
"""
CANCEL = """
release = env["retail.release"].search([], order="id desc", limit=1)
release._ask_to_cancel("The customer changed her mind.", True)
"""
POLL = """
flow = env["retail.flow"].search([("kind", "=", {kind!r}), ("direction", "=", "in")])
flow.backfill_since = "2020-01-01"
env["retail.poll"]._start(flow.id)
"""
RELEASES = """
SELECT release.name, release.state FROM retail_release release ORDER BY release.id
"""
ON_HAND = """
SELECT product.default_code, sum(quant.quantity)::int
  FROM stock_quant quant
  JOIN stock_location location ON location.id = quant.location_id AND location.usage = 'internal'
  JOIN product_product product ON product.id = quant.product_id
 GROUP BY 1
"""
BAD = """
SELECT topic, state, error FROM retail_inbox_message
 WHERE state NOT IN ('done', 'superseded', 'ignored', 'unsupported')
"""

COUNTS = "SELECT state FROM retail_snapshot ORDER BY id DESC"
PROBLEMS = "SELECT code, title, cause FROM retail_exception WHERE state = 'open'"
POLLS = """
SELECT kind, last_success_at, last_error FROM retail_flow
 WHERE direction = 'in' AND (last_error IS NOT NULL OR last_success_at IS NOT NULL)
"""
TASKS = "SELECT res_model, state, error FROM retail_goods_task WHERE state != 'done'"


def run(world, code, **values):
    """Run code in Odoo's shell; what it complains of is the failure."""
    try:
        shell(world, code, **values)
    except subprocess.CalledProcessError as error:
        pytest.fail(error.stderr[-3000:])


@pytest.fixture(scope="module")
def world():
    """A running Odoo that is connected to a running account."""
    environment = ensure()
    with (
        ShipBobSimulator(seed=17, clock=lambda: datetime.now(timezone.utc)) as shipbob,
        environment.database(f"rc_shipbob_{os.getpid()}") as database,
        environment.server(database, workers=4, channels="root:2") as server,
    ):
        for sku in ("MUG", "PEN"):
            shipbob.account.add_product(sku, {"10": STOCK})
        odoo = SimpleNamespace(database=database, shipbob=shipbob, server=server)
        channel = str(shipbob.account.channel["id"])
        run(
            odoo, CONNECT, skus=("MUG", "PEN"), stock=STOCK, server=server.url,
            settings={"api_url": shipbob.base_url, "channel_id": channel},
            secrets={"access_token": shipbob.token, "webhook_secret": SECRET},
        )  # fmt: skip
        yield odoo


def states(world):
    """Return the releases' states in their order."""
    return [state for _name, state in rows(world, RELEASES)]


def settle(world, condition, seconds=120):
    """Wait for something; tell what stands in the way when it does not come."""
    try:
        wait_for(condition, seconds)
    except AssertionError:
        told = [rows(world, query) for query in (RELEASES, BAD, PROBLEMS, POLLS, COUNTS, TASKS)]
        pytest.fail("\n".join(map(str, told)))


def test_orders_are_released_and_shipped_and_the_stock_is_the_warehouses(world):
    account = world.shipbob.account
    run(world, SELL, name="A-1", wanted={"MUG": 5, "PEN": 1})
    run(world, SELL, name="A-2", wanted={"PEN": 2})
    settle(world, lambda: len(account.orders) == 2, 120)
    settle(world, lambda: states(world) == ["accepted", "accepted"], 60)
    names = [name for name, _state in rows(world, RELEASES)]
    assert [order["reference_id"] for order in account.orders.values()] == names

    # A split shipment: one part is told by a webhook, the other one is found by the poll.
    (whole,) = account.shipments(names[0])
    first, second = account.split(whole["id"], [{"MUG": 2}])
    account.ship(first["id"])
    assert set(world.shipbob.deliver().answers) <= {"200", "202"}
    settle(world, lambda: states(world)[0] == "partly_shipped", 60)
    account.label(second["id"])
    account.ship(second["id"])
    (other,) = account.shipments(names[1])
    account.label(other["id"])
    account.ship(other["id"])
    run(world, POLL, kind="shipment")
    settle(world, lambda: states(world) == ["shipped", "shipped"], 120)
    expected = {sku: account.on_hand(sku) for sku in ("MUG", "PEN")}
    settle(world, lambda: dict(rows(world, ON_HAND)) == expected, 60)
    assert rows(world, BAD) == rows(world, PROBLEMS) == []

    # What is delivered again changes nothing.
    world.shipbob.webhooks.sender.forget()
    world.shipbob.deliver()
    settle(world, lambda: rows(world, BAD) == [])
    assert dict(rows(world, ON_HAND)) == expected


def test_what_is_not_picked_is_cancelled_and_the_count_agrees(world):
    account, before = world.shipbob.account, len(world.shipbob.account.orders)
    run(world, SELL, name="A-3", wanted={"MUG": 1})
    settle(world, lambda: len(account.orders) == before + 1)
    settle(world, lambda: states(world)[-1] == "accepted")
    run(world, CANCEL)
    settle(world, lambda: states(world)[-1] == "cancelled")
    assert list(account.orders.values())[-1]["status"] == "Cancelled"

    # Another one was taken when the backend began to run.
    counted = len(rows(world, COUNTS))
    run(world, POLL, kind="stock_snapshot")
    settle(world, lambda: len(rows(world, COUNTS)) > counted)
    settle(world, lambda: rows(world, COUNTS)[0] == ("compared",))
    assert rows(world, BAD) == rows(world, PROBLEMS) == []
