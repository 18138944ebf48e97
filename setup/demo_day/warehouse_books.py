"""What an account's warehouse did, and what Odoo makes of it: compared by plain SQL."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator_shipbob import Account

from .reading import Database

# Words of the account for orders, and the state of a release that they mean.
STATES = {
    "Processing": "accepted", "Exception": "on_hold", "PartiallyFulfilled": "partly_shipped",
    "Fulfilled": "shipped", "Cancelled": "cancelled",
}  # fmt: skip
SETTLED = ("done", "superseded", "ignored", "unsupported")
RELEASED = """
    SELECT release.name, release.picking_id, release.state, bound.external_id
      FROM retail_release release
      LEFT JOIN retail_order_binding bound ON bound.odoo_id = release.order_id
     WHERE release.backend_id = %s
"""
UNRELEASED = """
    SELECT picking.name FROM stock_picking picking
      JOIN stock_picking_type type ON type.id = picking.picking_type_id
     WHERE type.warehouse_id = %s AND type.code = 'outgoing' AND picking.state = 'assigned'
       AND NOT EXISTS (SELECT FROM retail_release release WHERE release.picking_id = picking.id)
"""
# Of each shipment and product: units told, units moved, whether all is done.
BOUND = """
    SELECT shipment.external_id, product.default_code, sum(binding.quantity), sum(move.quantity),
           bool_and(move.state = 'done')
      FROM retail_move_binding binding
      JOIN retail_warehouse_shipment shipment ON shipment.id = binding.shipment_id
      JOIN stock_move move ON move.id = binding.odoo_id
      JOIN product_product product ON product.id = move.product_id
     WHERE binding.backend_id = %s GROUP BY 1, 2
"""
BOUND_TWICE = """
    SELECT odoo_id FROM retail_move_binding WHERE backend_id = %s GROUP BY 1 HAVING count(*) > 1
"""
# Whatever left the warehouse without a shipment that tells of it.
UNBOUND = """
    SELECT picking.name FROM stock_move move
      JOIN stock_picking picking ON picking.id = move.picking_id
      JOIN stock_picking_type type ON type.id = picking.picking_type_id
     WHERE type.warehouse_id = %s AND type.code = 'outgoing' AND move.state = 'done'
       AND NOT EXISTS (SELECT FROM retail_move_binding bound WHERE bound.odoo_id = move.id)
"""
ON_SHELF = """
    SELECT product.default_code, sum(quant.quantity) FROM stock_quant quant
      JOIN stock_location place ON place.id = quant.location_id AND place.usage = 'internal'
      JOIN product_product product ON product.id = quant.product_id
     WHERE place.warehouse_id = %s GROUP BY 1
"""
ORDERED = """
    SELECT bound.external_id, product.default_code, orders.state, line.qty_delivered
      FROM retail_order_binding bound
      JOIN sale_order orders ON orders.id = bound.odoo_id
      JOIN sale_order_line line ON line.order_id = orders.id
      JOIN product_product product ON product.id = line.product_id
     WHERE bound.backend_id = %s
"""
# What is not over, with whether somebody is shown why.
UNFINISHED = """
    SELECT 'message ' || message.entity_key, message.state, exception.id IS NOT NULL
      FROM retail_inbox_message message
      LEFT JOIN retail_exception exception
             ON exception.id = message.exception_id AND exception.state = 'open'
     WHERE message.backend_id = ANY(%(backends)s) AND message.state <> ALL(%(settled)s)
     UNION ALL
    SELECT 'goods of ' || task.res_model || ' ' || task.res_id, task.state,
           exception.id IS NOT NULL
      FROM retail_goods_task task
      LEFT JOIN retail_exception exception
             ON exception.id = task.exception_id AND exception.state = 'open'
     WHERE task.backend_id = ANY(%(backends)s) AND task.state IN ('waiting', 'blocked')
     UNION ALL
    SELECT 'command ' || command.idempotency_key, command.state, exception.id IS NOT NULL
      FROM retail_outbox_command command
      LEFT JOIN retail_exception exception
             ON exception.id = command.exception_id AND exception.state = 'open'
     WHERE command.backend_id = ANY(%(backends)s) AND command.state NOT IN ('done', 'cancelled')
"""
# Nothing is lost there, so that no count may find anything.
DIFFERENT = """
    SELECT external_id, state, variance_count FROM retail_snapshot
     WHERE backend_id = %s AND (state NOT IN ('compared', 'superseded') OR variance_count > 0)
"""
SHOWN = """
    SELECT code, title, cause FROM retail_exception
     WHERE backend_id = ANY(%s) AND state = 'open' ORDER BY id
"""


@dataclass(frozen=True)
class House:
    """An account's backend, the backend of the shop that sells from there, the warehouse in Odoo.

    ``stock`` are the units of each SKU in the beginning, ``sold`` those that the shop took orders
    for, by order and SKU.
    """

    account: Account
    centre: str
    backend: int
    shop: int
    warehouse: int
    stock: Mapping[str, int]
    sold: Mapping[str, Mapping[str, int]]


def wrong(database: Database, house: House, expected: Collection[str] = ()) -> dict[str, list[str]]:
    """Return what is not as the account shows, by what it is about.

    ``expected`` are the codes of problems that somebody may be shown in the end.
    """
    found = {
        "released once": _released(database, house),
        "shipments move once": _moved(database, house),
        "stock": _stock(database, house),
        "orders": _orders(database, house),
        "counts": _counts(database, house),
        "unfinished": _unfinished(database, house),
        "shown": _shown(database, house, expected),
    }
    return {name: list(words) for name, words in found.items()}


def unlike(found: Mapping[Any, Any], wanted: Mapping[Any, Any], what: str) -> Iterable[str]:
    """Yield where two tables differ."""
    for key in sorted(found.keys() | wanted.keys(), key=str):
        if found.get(key) != wanted.get(key):
            yield f"{what} {key} is {found.get(key)}, not {wanted.get(key)}"


def left(account: Account) -> dict[tuple[str, str], int]:
    """Return the units that left, by shipment and SKU."""
    return {
        (str(shipment["id"]), sku): units
        for shipment in account.all_shipments() if shipment["status"] == "Completed"
        for sku, units in _held(shipment).items()
    }  # fmt: skip


def _held(shipment: Mapping[str, Any]) -> Counter[str]:
    found = Counter[str]()
    for product in shipment["products"]:
        found[product["reference_id"]] += sum(one["quantity"] for one in product["inventory_items"])
    return found


def _released(database: Database, house: House) -> Iterable[str]:
    """A delivery is released once at most there, and is here as it is there."""
    rows = database.rows(RELEASED, house.backend)
    there = Counter(row["reference_id"] for row in house.account.orders.values())
    yield from (f"{name} is there {n} times" for name, n in there.items() if n > 1)
    deliveries = Counter(picking for name, picking, *_ in rows if name in there)
    yield from (f"delivery {one} was released {n} times" for one, n in deliveries.items() if n > 1)
    wanted = {row["reference_id"]: STATES[row["status"]] for row in house.account.orders.values()}
    here = {name: state for name, _picking, state, _order in rows}
    # What was given up before it went out is not there.
    kept = {name: state for name, state in here.items() if name in there or state != "cancelled"}
    yield from unlike(kept, wanted, "release")
    yield from (f"{name} is not released" for (name,) in database.rows(UNRELEASED, house.warehouse))


def _moved(database: Database, house: House) -> Iterable[str]:
    """What left is bound to moves, each unit once."""
    rows = database.rows(BOUND, house.backend)
    found = {
        (shipment, sku): told if done and told == moved else f"{told} of {moved} units, {done=}"
        for shipment, sku, told, moved, done in rows
    }
    yield from unlike(found, left(house.account), "shipment")
    twice = database.rows(BOUND_TWICE, house.backend)
    yield from (f"move {move} is bound several times" for (move,) in twice)
    unbound = database.rows(UNBOUND, house.warehouse)
    yield from (f"of {name} goods left that nobody told of" for (name,) in unbound)


def _stock(database: Database, house: House) -> Iterable[str]:
    """Odoo's stock is the warehouse's, SKU by SKU, and that is what did not leave."""
    there = {sku: house.account.on_hand(sku, house.centre) for sku in house.stock}
    gone = Counter[str]()
    for (_shipment, sku), units in left(house.account).items():
        gone[sku] += units
    yield from unlike(there, {sku: n - gone[sku] for sku, n in house.stock.items()}, "shelf of")
    rows = database.rows(ON_SHELF, house.warehouse)
    yield from unlike({sku: float(units) for sku, units in rows}, there, "stock of")


def _orders(database: Database, house: House) -> Iterable[str]:
    """Each order is there once, delivered as far as goods left, cancelled where the account is."""
    names = {name: order for name, *_, order in database.rows(RELEASED, house.backend)}
    delivered, cancelled = Counter[tuple[str, str]](), set[str]()
    for row in house.account.orders.values():
        order = names.get(row["reference_id"], "?")
        cancelled |= {order} if row["status"] == "Cancelled" else set()
        for shipment in row["shipments"]:
            if shipment["status"] == "Completed":
                delivered.update({(order, sku): n for sku, n in _held(shipment).items()})
    wanted = {
        (order, sku): ("cancel" if order in cancelled else "sale", float(delivered[order, sku]))
        for order, line in house.sold.items() for sku in line
    }  # fmt: skip
    rows = database.rows(ORDERED, house.shop)
    found = {(order, sku): (state, units) for order, sku, state, units in rows}
    if len(rows) != len(found):
        yield f"{len(rows)} lines stand for {len(found)}"
    yield from unlike(found, wanted, "order")


def _counts(database: Database, house: House) -> Iterable[str]:
    for name, state, differences in database.rows(DIFFERENT, house.backend):
        yield f"{name} is {state}, {differences} differences are unexplained"


def _unfinished(database: Database, house: House) -> Iterable[str]:
    names = {"backends": [house.backend, house.shop], "settled": list(SETTLED)}
    for what, state, is_shown in database.asked(UNFINISHED, names):
        if not is_shown:
            yield f"{what} is {state}, and nobody is shown why"


def _shown(database: Database, house: House, expected: Collection[str]) -> Iterable[str]:
    for code, title, cause in database.rows(SHOWN, [house.backend, house.shop]):
        if code not in expected:
            yield f"{code}: {title}: {cause}"
