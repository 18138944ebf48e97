"""Odoo's own work with our overrides and without them, in turn."""

import gc
import random
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

from odoo import api
from odoo.modules.registry import Registry

from . import bindings
from .hooks import Hook, hooks, switched_off
from .register import open_register, ring_up
from .timing import environment

LINES = 3
WARM_UP = 5
# What the job runner does in the meantime: jobs are taken when their moment has come.
SERVE = (
    "DELETE FROM queue_job WHERE eta IS NULL OR eta <= now() AT TIME ZONE 'UTC'",
    "DELETE FROM retail_change",
)

Work = Callable[[api.Environment, random.Random, list[int]], object]


def measure(
    registry: Registry, backend_id: int, product_ids: list[int], rounds: int
) -> dict[str, list[float]]:
    """Return seconds of deliveries, sales and tickets with our hooks on and off, and processor
    time."""
    goods = [(f"v{number}", f"i{number}", number) for number in product_ids]
    bindings.measure(registry, backend_id, "1", goods)
    found, result = hooks(registry), {}
    works: dict[str, Work] = {"moves": deliver, "sales": sell, "tickets": ring_up}
    with environment(registry) as env:
        open_register(env)
    for number in range(-WARM_UP, rounds):
        for name, work in works.items():
            timings = _round(registry, found, partial(_run, work, number, product_ids), number)
            if number >= 0:
                for part, value in timings.items():
                    result.setdefault(f"{name}_{part}", []).append(value)
        _serve(registry)
    return result | {"hooks": [len(found)]}


def _round(
    registry: Registry, found: list[Hook], work: Callable[[Registry], None], number: int
) -> dict[str, float]:
    """Do the same work with and without hooks; which comes first alternates."""
    timings = {}
    for part in ("on", "off") if number % 2 else ("off", "on"):
        gc.collect()
        with switched_off(found) if part == "off" else nullcontext():
            begin, used = time.perf_counter(), time.process_time()
            work(registry)
            timings[part] = time.perf_counter() - begin
            timings[f"{part}_cpu"] = time.process_time() - used
    return timings


def _run(work: Work, number: int, product_ids: list[int], registry: Registry) -> None:
    with environment(registry) as env:
        work(env, random.Random(number), product_ids)


def _serve(registry: Registry) -> None:
    with registry.cursor() as cr:
        for statement in SERVE:
            cr.execute(statement)


def deliver(env: api.Environment, rng: random.Random, product_ids: list[int]) -> None:
    """Create a delivery, confirm it, reserve its goods and let it leave."""
    warehouse = env["stock.warehouse"].search([], limit=1)
    places = {
        "location_id": warehouse.lot_stock_id.id,
        "location_dest_id": env.ref("stock.stock_location_customers").id,
    }
    moves = [
        (0, 0, {**places, "product_id": product, "product_uom_qty": rng.randint(1, 3)})
        for product in rng.sample(product_ids, LINES)
    ]
    values = {**places, "picking_type_id": warehouse.out_type_id.id, "move_ids": moves}
    picking = env["stock.picking"].create(values)
    picking.action_confirm()
    picking.action_assign()
    picking.move_ids.picked = True
    picking.button_validate()
    if picking.state != "done":
        raise RuntimeError(f"the delivery is {picking.state}")


def sell(env: api.Environment, rng: random.Random, product_ids: list[int]) -> None:
    """Create and confirm an order by hand, which reserves its goods."""
    lines = [
        (0, 0, {"product_id": product, "product_uom_qty": rng.randint(1, 3), "price_unit": 9.5})
        for product in rng.sample(product_ids, LINES)
    ]
    customer = env["res.partner"].search([("is_company", "=", False)], limit=1)
    order = env["sale.order"].create({"partner_id": customer.id, "order_line": lines})
    order.action_confirm()
    if order.state != "sale":
        raise RuntimeError(f"the order is {order.state}")
