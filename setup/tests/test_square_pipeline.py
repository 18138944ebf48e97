"""The whole way of a ticket: a real Odoo, its job runner, and a simulated Square seller."""

import os
import subprocess
from datetime import datetime, timezone
from types import SimpleNamespace

import pytest
from test_woo_pipeline import rows, shell, wait_for

from environment import ensure
from simulator_square import Pays, SquareSimulator, Wanted

SKUS = ("MUG", "BOOK", "PEN")
STOCK = 100

CONNECT = """
from odoo.addons.retail_connector_pos.tests import estate
company = estate.make_company(env, "Sellers", currency="USD", country="us")
env = env(context={{**env.context, "allowed_company_ids": company.ids}})
company = company.with_env(env)
estate.make_tax(env, company, 10, False)
warehouse = estate.make_warehouse(env, company, "Main Street")
card = estate.make_method(env, company, "bank", "Card")
backend = estate.make_backend(env, company, provider="square", state="draft")
values = {{"api_url": {url!r}}}
for setting in backend.setting_ids.filtered(lambda s: s.name in values):
    setting.value = values[setting.name]
backend.credential_ids.filtered(lambda c: c.name == "access_token").secret_input = {token!r}
store = estate.make_store(backend, "L001", warehouse)
config = estate.make_config(env, company, warehouse, card)
estate.make_register(store, "D1", config)
drawer = config.payment_method_ids.filtered("is_cash_count")
for word, method in (("CASH", drawer), ("CARD", card), ("WALLET", card)):
    estate.map_tender(backend, word, method)
for sku in {skus!r}:
    estate.make_product(env, company, sku, {stock}, warehouse.lot_stock_id)
env.cr.commit()
backend.action_test_connection()
assert backend.last_test_ok, backend.last_test_report
report = backend._provider().sync_subscriptions({server!r} + f"/retail/v1/hooks/{{backend.key}}")
assert report.created, report
# Where people copy it from the Developer Console.
from odoo.addons.retail_connector_pos.providers.square.client import SquareClient
client = SquareClient(backend._provider().context)
(told,) = client.every("subscriptions", "webhooks", "subscriptions")
key = backend.credential_ids.filtered(lambda c: c.name == "signature_key")
key.secret_input = told["signature_key"]
backend.state = "running"
env.cr.commit()
# The shell does not tell the server's workers by itself.
env.registry.signal_changes()
"""
POLL = """
flow = env["retail.flow"].search([("kind", "=", "pos_closing"), ("direction", "=", "in")])
flow.backfill_since = "2020-01-01"
env["retail.poll"]._start(flow.id)
"""
TICKETS = """
SELECT ticket.external_id, round(pos.amount_total * 100)::int, round(pos.amount_tax * 100)::int
  FROM retail_pos_ticket ticket JOIN pos_order pos ON pos.id = ticket.odoo_id
"""
BAD = """
SELECT topic, state, error FROM retail_inbox_message
 WHERE state NOT IN ('done', 'superseded', 'ignored', 'unsupported')
"""


def run(world, code, **values):
    """Run code in Odoo's shell; what it complains of is the failure."""
    try:
        shell(world, code, **values)
    except subprocess.CalledProcessError as error:
        pytest.fail(error.stderr[-3000:])


@pytest.fixture(scope="module")
def world():
    """A running Odoo that is connected to a running seller."""
    environment = ensure()
    with (
        SquareSimulator(seed=17, clock=lambda: datetime.now(timezone.utc)) as square,
        environment.database(f"rc_square_{os.getpid()}") as database,
        environment.server(database, workers=4, channels="root:2") as server,
    ):
        odoo = SimpleNamespace(database=database, square=square, server=server)
        run(
            odoo, CONNECT, skus=SKUS, stock=STOCK, url=square.base_url, token=square.token,
            server=server.url,
        )  # fmt: skip
        yield odoo


def figures(order):
    """Return what an order comes to, in cents: total and tax."""
    net = order["net_amounts"]
    return net["total_money"]["amount"], net["tax_money"]["amount"]


def test_sales_and_returns_become_orders_and_the_day_its_report(world):
    seller = world.square.seller
    tax = seller.add_tax("State", "10")
    goods = {sku: seller.add_item(sku.title(), 450 + 333 * at, sku, taxes=(tax,))
             for at, sku in enumerate(SKUS)}  # fmt: skip
    ten = seller.add_discount("Ten", "10")
    shift = seller.open_drawer("L001", "D1")["id"]

    def sell(sku, quantity, *pays, **more):
        wanted = [Wanted(goods[sku], quantity, discounts=more.pop("discounts", ()))]
        return seller.sell("L001", wanted, pays or [Pays()], device="D1", **more)

    sold = [
        sell("MUG", 2), sell("BOOK", 1, Pays("CASH", given=2_000)), sell("PEN", 3, Pays(tip=150)),
        sell("MUG", 1, Pays("CASH", 100), Pays("WALLET"), discounts=(ten,)),
    ]  # fmt: skip
    back = seller.give_back(sold[0]["id"], {sold[0]["line_items"][0]["uid"]: 1})
    assert set(world.square.deliver().answers) == {"202"}
    expected = {order["id"]: figures(order) for order in (*sold, back)}
    wait_for(lambda: len(rows(world, TICKETS)) == len(expected), 120)
    assert {name: (total, due) for name, total, due in rows(world, TICKETS)} == expected
    assert rows(world, BAD) == []

    # What is delivered again changes nothing.
    world.square.webhooks.sender.forget()
    world.square.deliver()
    wait_for(lambda: rows(world, BAD) == [])
    assert len(rows(world, TICKETS)) == len(expected)

    # The drawer is closed and counted: the day's report ties with the tickets.
    seller.close_drawer(shift)
    run(world, POLL)
    wait_for(lambda: rows(world, "SELECT count(*) FROM retail_pos_report") == [(1,)])
    # Of the payments the gateway hears as well, which nobody has set up here.
    problems = "SELECT code, cause FROM retail_exception WHERE state = 'open'"
    assert {code for code, _cause in rows(world, problems)} <= {"gateway_unset"}
    states = "SELECT DISTINCT state FROM retail_pos_day"
    wait_for(lambda: rows(world, states)[0][0] in ("reported", "closing", "closed"))
