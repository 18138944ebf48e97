"""One process of the baseline: create, confirm and commit its orders one by one.

Run by ``baseline.py`` with a configuration, a database and a file of orders. The context is the
default one. What fails for a concurrent update is tried again, as Odoo's own RPC layer does.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY

TRIES = 50


def main(
    configuration: str,
    database: str,
    path: str,
    prepare: Callable[[Registry, list[dict[str, Any]]], list[Any]] | None = None,
    make: Callable[[api.Environment, dict[str, Any], Any], None] | None = None,
) -> None:
    """Prepare, say that all is ready, wait for the word, make the orders one by one.

    ``prepare`` returns what ``make`` needs beside each order: by default its customer.
    """
    odoo.tools.config.parse_config(["-c", configuration, "-d", database, "--no-http"])
    orders = json.loads(Path(path).read_text())
    registry = Registry(database)
    prepared = (prepare or _customers)(registry, orders)
    print("ready", flush=True)
    sys.stdin.readline()
    begin, used, retries = time.time(), _processor(registry), 0
    for order, extra in zip(orders, prepared, strict=True):
        retries += _make(registry, make or _create, order, extra)
    result = {"begin": begin, "end": time.time(), "retries": retries}
    result["processor"] = _processor(registry) - used
    print(json.dumps(result))


def _processor(registry: Registry) -> float:
    """Return the processor seconds of this process and of its PostgreSQL backend so far."""
    with registry.cursor() as cr:
        cr.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cr.fetchone()[0]}/stat").read_text().rpartition(") ")[2].split()
    return time.process_time() + (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def _customers(registry: Registry, orders: list[dict[str, Any]]) -> list[int]:
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        values = [{"name": order["customer"], "email": order["customer"]} for order in orders]
        return env["res.partner"].create(values).ids


def _make(registry: Registry, make: Callable[..., None], order: dict[str, Any], extra: Any) -> int:
    """Make one order; return how often it had to be tried again."""
    for attempt in range(TRIES):
        try:
            with registry.cursor() as cr:
                make(api.Environment(cr, SUPERUSER_ID, {}), order, extra)
        except psycopg2.OperationalError as error:
            if error.pgcode not in PG_CONCURRENCY_ERRORS_TO_RETRY:
                raise
            time.sleep(random.uniform(0, 0.05 * min(attempt + 1, 4)))
        else:
            return attempt
    raise SystemExit("an order met too much traffic")


def _create(env: api.Environment, order: dict[str, Any], customer: int) -> None:
    env["sale.order"].create(
        {
            "partner_id": customer,
            "client_order_ref": order["name"],
            "order_line": [
                (0, 0, {"product_id": product, "product_uom_qty": units, "price_unit": price})
                for product, units, price in order["lines"]
            ],
        }
    ).action_confirm()


if __name__ == "__main__":
    main(*sys.argv[1:])
