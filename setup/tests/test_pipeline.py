"""The whole way, for real: prefork Odoo, its job runner, HTTP, and a shop that signs."""

import os
import socket
import subprocess
import time
from decimal import Decimal
from types import SimpleNamespace

import psycopg2
import pytest

from environment import ensure
from environment.paths import ROOT
from simulator.load import many_orders, sku_names
from simulator.sender import Manners, WebhookSender
from simulator.settings import AppSettings

DOMAIN = "demo-shop.myshopify.com"
ORDERS = 30
SHELL = f"""
env.ref("base.EUR").active = True
company = env.company
stock = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1).lot_stock_id
for sku in {sku_names(5)!r}:
    product = env["product.product"].create(
        {{"name": sku, "default_code": sku, "is_storable": True, "taxes_id": False}}
    )
    env["stock.quant"]._update_available_quantity(product, stock, 1000)
backend = env["retail.backend"].create(
    {{"name": "Pipeline", "provider": "shopify", "state": "running"}}
)
backend.setting_ids.filtered(lambda s: s.name == "shop_domain").value = {DOMAIN!r}
secret = backend.credential_ids.filtered(lambda c: c.name == "client_secret")
secret.secret_input = {AppSettings.client_secret!r}
env["retail.flow"].search([]).interval = 0
env.cr.commit()
print("KEY", backend.key)
"""


@pytest.fixture(scope="module")
def odoo():
    """A running server on a database of its own, with a connected shop."""
    environment = ensure()
    with environment.database(f"rc_pipeline_{os.getpid()}") as database:
        key = configure(database)
        with environment.server(database, workers=4, channels="root:2") as server:
            path = f"/retail/v1/hooks/{key}"
            yield SimpleNamespace(server=server, path=path, database=database)


def configure(database: str) -> str:
    """Connect the shop as an administrator would; return the webhook's key."""
    shell = [ROOT / "setup" / "odoo", "shell", "-d", database, "--no-http"]
    done = subprocess.run(shell, input=SHELL, text=True, capture_output=True, check=True)
    keys = [line.split()[1] for line in done.stdout.splitlines() if "KEY " in line]
    assert keys, done.stderr[-2000:]
    return keys[-1]


def rows(database: str, query: str) -> list[tuple]:
    """Return what the database answers, on a connection of its own."""
    connection = psycopg2.connect(dbname=database)
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


def test_signed_webhooks_become_confirmed_and_reserved_orders(odoo):
    load = many_orders(ORDERS, skus=5)
    sender = WebhookSender(odoo.server.url + odoo.path, Manners(concurrency=8, timeout=30))
    report = sender.send([*load.deliveries, *load.deliveries])
    assert report.answers == {"202": ORDERS, "200": ORDERS}

    def quiet():
        return rows(
            odoo.database,
            "SELECT count(*) FILTER (WHERE state = 'done') = count(*) AND NOT EXISTS "
            "(SELECT FROM retail_reservation_request) FROM retail_inbox_message",
        )[0][0]

    wait_for(quiet)
    assert rows(odoo.database, "SELECT count(*) FROM retail_inbox_message") == [(ORDERS,)]
    orders = rows(
        odoo.database,
        "SELECT client_order_ref, state, amount_total::text FROM sale_order "
        "ORDER BY client_order_ref",
    )
    # As text: Odoo makes its driver return floats in this process, and only there.
    orders = [(name, state, Decimal(total)) for name, state, total in orders]
    wanted = sorted((one.name, "sale", one.total) for one in load.expected)
    assert orders == wanted
    moves = rows(odoo.database, "SELECT DISTINCT state FROM stock_move")
    assert moves == [("assigned",)]


def test_a_slow_body_is_given_up(odoo):
    started = time.monotonic()
    status = send(odoo, b'Content-Length: 1000\r\n\r\n{"slow":')
    assert status == 408
    assert time.monotonic() - started < 15


def test_an_unreachable_database_asks_the_sender_to_come_back(odoo):
    block, allow = "false", "true"
    try:
        connections(odoo.database, block)
        wait_for(lambda: send(odoo, b"Content-Length: 2\r\n\r\n{}") == 503, 20)
    finally:
        connections(odoo.database, allow)
    wait_for(lambda: send(odoo, b"Content-Length: 2\r\n\r\n{}") == 401, 20)


def connections(database: str, allowed: str) -> None:
    """Let nobody connect to a database any more, or everybody again."""
    connection = psycopg2.connect(dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS {allowed}')
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [database],
        )
    connection.close()


def send(odoo, rest: bytes) -> int:
    """Send a request by hand and return its status."""
    address = ("127.0.0.1", odoo.server.port)
    with socket.create_connection(address, timeout=15) as connection:
        start = f"POST {odoo.path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        connection.sendall(start.encode() + b"Content-Type: application/json\r\n" + rest)
        return int(connection.makefile("rb").readline().split()[1])
