"""A count of a large catalogue, compared by us, and read and compared by Odoo and Python."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial

from odoo import api
from odoo.modules.registry import Registry

from odoo.addons.retail_connector_base.canonical import SnapshotLine, StockSnapshot
from odoo.addons.retail_connector_base.decisions.outcome import InboundItem

from .catalogue import Catalogue, fill
from .multiply import multiply
from .timing import environment, maintain, timed

CHANGED = 100
PART = 5_000
TABLES = ("stock_move", "stock_move_line", "retail_warehouse_shipment", "retail_move_binding")
ON_HAND = """
    SELECT product.default_code, sum(quant.quantity)
      FROM stock_quant quant JOIN product_product product ON product.id = quant.product_id
     WHERE quant.location_id = %s AND product.default_code IS NOT NULL
     GROUP BY product.id ORDER BY product.id
"""
# All but what is in transit came a month ago.
LONG_AGO = "UPDATE stock_move SET date = date - interval '30 days' WHERE state = 'done'"


def measure(
    registry: Registry,
    backend_id: int,
    product_id: int,
    skus: int,
    shipments: int,
    repetitions: int,
) -> dict[str, list[float]]:
    """Return seconds of comparisons, of telling the parts, and of the baseline.

    ``found`` is how many items the last comparison found to differ, and to be explained.
    """
    goods = fill(registry, backend_id, product_id, skus)
    instant = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(hours=1)
    house_id = _transit(registry, goods, shipments, instant)
    shelf = _shelf(registry, goods)
    result: dict[str, list[float]] = {"compare": [], "told": [], "free_qty": [], "found": []}
    for number in range(repetitions):
        messages = list(_messages(number, instant, shelf))
        result["told"].append(timed(registry, partial(_tell, house_id, messages)))
        maintain(registry, "retail_snapshot_part")
        result["compare"].append(timed(registry, lambda env: _compare(env, house_id)))
        result["found"] = _found(registry, house_id)
        result["free_qty"].append(timed(registry, lambda env: _baseline(env, goods, shelf)))
    return result


def _transit(registry: Registry, goods: Catalogue, count: int, instant: datetime) -> int:
    """Let shipments have left before the instant and be moved in Odoo afterwards."""
    with environment(registry) as env:
        env.cr.execute(LONG_AGO)
        house = _house(env, env["retail.backend"].browse(goods.backend_id).warehouse_id)
        backend = house.backend_id
        move = _moved(env, goods)
        shipment = env["retail.warehouse.shipment"].create(
            {
                "backend_id": backend.id,
                "external_id": "S",
                "state": "shipped",
                "shipped_at": (instant - timedelta(hours=1)).replace(tzinfo=None),
            }
        )
        bound = env["retail.move.binding"].create(
            {
                "backend_id": backend.id,
                "external_id": "M",
                "odoo_id": move.id,
                "shipment_id": shipment.id,
                "quantity": 2,
            }
        )
        env.flush_all()
        product = {"product_id": f"{goods.before} + n"}
        first = multiply(env.cr, "stock_move", move.id, count, product)
        move_line = {**product, "move_id": f"{first} + n"}
        multiply(env.cr, "stock_move_line", move.move_line_ids.id, count, move_line)
        told = {"external_id": "'S' || n", "name": "'S' || n"}
        own = multiply(env.cr, "retail_warehouse_shipment", shipment.id, count, told)
        multiply(
            env.cr, "retail_move_binding", bound.id, count,
            {"external_id": "'M' || n", "odoo_id": f"{first} + n", "shipment_id": f"{own} + n"},
        )  # fmt: skip
        house_id = house.id
    maintain(registry, *TABLES)
    return house_id


def _house(env: api.Environment, stock):
    """Return the third party's warehouse, of an account of its own, that a warehouse is."""
    backend = env["retail.backend"].create(
        {
            "name": "Third Party",
            "provider": "canonical",
            "state": "running",
            "company_id": stock.company_id.id,
        }
    )
    return env["retail.warehouse"].create(
        {
            "backend_id": backend.id,
            "external_id": "W1",
            "name": "Counted",
            "odoo_id": stock.id,
        }
    )


def _moved(env: api.Environment, goods: Catalogue):
    """Return a delivery of two units of the first product, done now."""
    move = env["stock.move"].create(
        {
            "product_id": goods.before + 1,
            "product_uom_qty": 2,
            "location_id": goods.location_id,
            "location_dest_id": env.ref("stock.stock_location_customers").id,
        }
    )
    move._action_confirm()
    move._action_assign()
    move.picked = True
    move._action_done()
    return move


def _shelf(registry: Registry, goods: Catalogue) -> list[tuple[str, Decimal]]:
    """Return what the warehouse counts: what Odoo has, but of one SKU in a hundred."""
    with registry.cursor() as cr:
        cr.execute(ON_HAND, [goods.location_id])
        return [
            (sku, Decimal(units) + (1 if number % CHANGED == 0 else 0))
            for number, (sku, units) in enumerate(cr.fetchall())
        ]


def _messages(
    number: int, instant: datetime, shelf: list[tuple[str, Decimal]]
) -> Iterator[StockSnapshot]:
    lines = [SnapshotLine(sku=sku, on_hand=units) for sku, units in shelf]
    chunks = [lines[start : start + PART] for start in range(0, len(lines), PART)]
    for part, chunk in enumerate(chunks, 1):
        yield StockSnapshot(
            external_id=f"count-{number}-{part}",
            snapshot_external_id=f"count-{number}",
            location_external_id="W1",
            taken_at=instant,
            part=part,
            parts=len(chunks),
            lines=tuple(chunk),
        )


def _tell(house_id: int, messages: list[StockSnapshot], env: api.Environment) -> None:
    house = env["retail.warehouse"].browse(house_id)
    importer = env["retail.importer.stock_snapshot"]
    for message in messages:
        item = InboundItem(0, message, "probe", 0, message.content_hash(), message.external_id)
        importer._take(house, item, env["retail.snapshot.part"])


def _compare(env: api.Environment, house_id: int) -> None:
    _newest(env, house_id)._move_goods()


def _newest(env: api.Environment, house_id: int):
    snapshots = env["retail.snapshot"].search([("warehouse_id", "=", house_id)])
    return snapshots.sorted("id")[-1:]


def _found(registry: Registry, house_id: int) -> list[float]:
    with environment(registry) as env:
        newest = _newest(env, house_id)
        return [newest.variance_count, newest.explained_count]


def _baseline(env: api.Environment, goods: Catalogue, shelf: list[tuple[str, Decimal]]) -> int:
    """Return how many SKUs differ, found as one would without anything of ours."""
    counted = dict(shelf)
    products = env["product.product"].search([("default_code", "in", list(counted))])
    there = products.with_context(location=goods.location_id)
    return sum(float(counted[product.default_code]) != product.free_qty for product in there)
