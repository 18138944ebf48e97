"""At the end of the day, about the warehouse: the account itself against Odoo, by plain SQL."""

from collections.abc import Iterable

from .reading import Database
from .summary import Summary
from .verdict_warehouse_in import found_in
from .warehouse import Warehouse
from .warehouse_in import EXPECTED, LOST
from .warehouse_orders import (
    CANCELLED,
    ORDERS,
    PICKED,
    RELEASES,
    SPLIT,
    cancellations,
    releases,
)
from .warehouse_setup import Hub
from .warehouse_truth import disposed, gone, kept, left, meant, stowed, unlike

# What somebody has to look at, because it was done on purpose.
ON_PURPOSE = {"shipment_short", "receipt_short", "return_damaged", "release_cancel_refused"}
OVER = ("done", "superseded", "ignored", "unsupported")
# Of each shipment and product: units bound, bindings, moves, units moved, whether all is done.
MOVED = """
    SELECT shipment.external_id, product.default_code, sum(binding.quantity),
           count(*), count(DISTINCT binding.odoo_id), sum(move.quantity),
           bool_and(move.state = 'done')
      FROM retail_warehouse_shipment shipment
      JOIN retail_move_binding binding ON binding.shipment_id = shipment.id
      JOIN stock_move move ON move.id = binding.odoo_id
      JOIN product_product product ON product.id = move.product_id
     WHERE shipment.backend_id = %s GROUP BY 1, 2
"""
# Whatever came or left and does not belong to exactly one line of a document.
UNBOUND = """
    SELECT move.id, move.reference, count(binding.id) FROM stock_move move
      JOIN stock_picking_type kind ON kind.id = move.picking_type_id
      LEFT JOIN retail_move_binding binding ON binding.odoo_id = move.id
     WHERE kind.warehouse_id = %s AND move.state = 'done' GROUP BY move.id
    HAVING count(binding.id) <> 1
"""
NUMBERS = """
    SELECT DISTINCT shipment.external_id, picking.carrier_tracking_ref, package.retail_tracking_ref
      FROM retail_warehouse_shipment shipment
      JOIN retail_move_binding binding ON binding.shipment_id = shipment.id
      JOIN stock_move move ON move.id = binding.odoo_id
      JOIN stock_picking picking ON picking.id = move.picking_id
      LEFT JOIN stock_package package ON package.retail_shipment_id = shipment.id
     WHERE shipment.backend_id = %s
"""
DELIVERED = """
    SELECT binding.external_id, orders.state, product.default_code, line.qty_delivered
      FROM retail_order_binding binding
      JOIN sale_order orders ON orders.id = binding.odoo_id
      JOIN sale_order_line line ON line.order_id = orders.id
      JOIN product_product product ON product.id = line.product_id
     WHERE binding.backend_id = %s
"""
TASKS = """
    SELECT res_model, res_id, state, error FROM retail_goods_task
     WHERE warehouse_id = %s AND state IN ('waiting', 'blocked')
"""
OPEN = """
    SELECT code, count(*) FROM retail_exception
     WHERE backend_id = ANY(%s) AND state = 'open' GROUP BY 1
"""


def judge_warehouse(summary: Summary, chapter: Warehouse, database: Database) -> None:
    """Check what the warehouse did, and write what was found into the summary."""
    hub = chapter.hub
    checks = {
        "every step had its effect": hub.broken,
        "releases are as the account shows": list(_states(hub, database)),
        "every move is bound once": list(_moved(hub, database)),
        "parcels have their numbers": list(_numbers(hub, database)),
        "orders got what left": list(_delivered(hub, database)),
        **found_in(chapter, database),
        "no goods wait": list(_waiting(chapter, database)),
        "people see what was on purpose": list(_open(chapter, database)),
    }
    summary.invariants |= {f"warehouse: {name}": found for name, found in checks.items()}
    summary.warehouse = _figures(chapter, database)


def _states(hub: Hub, database: Database) -> Iterable[str]:
    found = {name: state for _number, name, state in database.rows(RELEASES, hub.backend)}
    yield from unlike(found, meant(hub.account), "release")
    yield from unlike(
        cancellations(database, hub.backend), {CANCELLED: "accepted", PICKED: "refused"}, "wish"
    )


def _moved(hub: Hub, database: Database) -> Iterable[str]:
    found = {}
    for shipment, sku, bound, bindings, moves, moved, done in database.rows(MOVED, hub.backend):
        is_once = bindings == moves == 1 and done and bound == moved
        found[shipment, sku] = moved if is_once else f"{bindings} bindings of {moves} moves"
    yield from unlike(found, gone(hub.account), "shipment")
    for move, name, count in database.rows(UNBOUND, hub.own.warehouse):
        yield f"move {move} of {name} is bound {count} times"


def _numbers(hub: Hub, database: Database) -> Iterable[str]:
    found: dict[str, list[str]] = {}
    for shipment, *numbers in database.rows(NUMBERS, hub.backend):
        found.setdefault(shipment, []).extend(numbers)
    wanted = {str(one["id"]): [one["tracking"]["tracking_number"]] * 2 for one in left(hub.account)}
    yield from unlike(found, wanted, "shipment")
    name, _state = releases(database, hub.backend)[SPLIT][0]
    parts = {one["tracking"]["tracking_number"] for one in hub.account.shipments(name)}
    if len(parts) != 2:
        yield f"{SPLIT} left in {len(parts)} parts"


def _delivered(hub: Hub, database: Database) -> Iterable[str]:
    rows = database.rows(DELIVERED, hub.shop.backend)
    found = {(number, sku): (state, float(units)) for number, state, sku, units in rows}
    yield from unlike(found, kept(), "order")


def _waiting(chapter: Warehouse, database: Database) -> Iterable[str]:
    for model, number, state, error in database.rows(TASKS, chapter.hub.own.warehouse):
        yield f"goods of {model} {number} are {state}: {error}"
    for state, count in database.states(chapter.backends).items():
        if state not in OVER:
            yield f"{count} messages are {state}"


def _open(chapter: Warehouse, database: Database) -> Iterable[str]:
    found = dict(database.rows(OPEN, chapter.backends))
    yield from (f"{code} is open {n} times" for code, n in found.items() if code not in ON_PURPOSE)
    yield from (f"nobody is told of {code}" for code in sorted(ON_PURPOSE - found.keys()))


def _figures(chapter: Warehouse, database: Database) -> dict[str, float]:
    hub, account = chapter.hub, chapter.hub.account
    answers = list(cancellations(database, hub.backend).values())
    return {
        "orders": len(ORDERS),
        "releases": len(account.orders),
        "shipments": len({shipment for shipment, _sku in gone(account)}),
        "units sent": sum(gone(account).values()),
        "cancelled": answers.count("accepted"),
        "too late to cancel": answers.count("refused"),
        "units announced": sum(EXPECTED.values()),
        "of them came": sum(stowed(account).values()),
        "units scrapped": sum(disposed(account).values()),
        "given back": float(chapter.back.cards.given_back()),
        "lost, found by the count": sum(LOST.values()),
        "seconds": round(chapter.seconds, 1),
    }
