"""About what came into the warehouse: suppliers' goods, a return and its money, the count."""

from collections.abc import Iterable

from .books import differences
from .reading import Database
from .telesales import CURRENCY
from .warehouse import Warehouse
from .warehouse_in import LOST, PURCHASE
from .warehouse_return import BACK, RETURN
from .warehouse_setup import CENTRE, LAMP, PRICES, Hub
from .warehouse_truth import disposed, stowed, unlike

CAME = """
    SELECT product.default_code,
           coalesce(sum(move.quantity) FILTER (WHERE move.state = 'done'), 0),
           count(*) FILTER (WHERE move.state NOT IN ('done', 'cancel'))
      FROM stock_move move JOIN stock_picking picking ON picking.id = move.picking_id
      JOIN product_product product ON product.id = move.product_id
     WHERE picking.origin = %s GROUP BY 1
"""
SCRAPPED = """
    SELECT product.default_code, sum(scrap.scrap_qty) FROM stock_scrap scrap
      JOIN product_product product ON product.id = scrap.product_id
     WHERE scrap.state = 'done' AND product.id = ANY(%s) GROUP BY 1
"""
REFUND = """
    SELECT state, requested_by_id <> decided_by_id, amount FROM retail_refund WHERE return_id = %s
"""
CREDITED = """
    SELECT count(*), sum(amount_total) FROM account_move
     WHERE retail_return_id = %s AND state = 'posted'
"""
COUNT = "SELECT state, decided_by_id FROM retail_snapshot WHERE id = %s"
VARIANCE = """
    SELECT product.default_code, line.difference FROM retail_snapshot_line line
      JOIN product_product product ON product.id = line.product_id
     WHERE line.snapshot_id = %s AND line.kind = 'variance' AND line.difference <> 0
"""
STOCK = """
    SELECT product.default_code, sum(quant.quantity) FROM stock_quant quant
      JOIN stock_location place ON place.id = quant.location_id AND place.usage = 'internal'
      JOIN product_product product ON product.id = quant.product_id
     WHERE place.warehouse_id = %s AND product.id = ANY(%s) GROUP BY 1
"""


def found_in(chapter: Warehouse, database: Database) -> dict[str, list[str]]:
    """Return by rule what is wrong with what came in and what lies there."""
    return {
        "what came is in stock": list(_came(chapter.hub, database)),
        "what came back is scrapped": list(_came_back(chapter, database)),
        "two people give its money back": list(_money(chapter, database)),
        "a count finds what was lost": list(_counted(chapter, database)),
        "Odoo's stock is the warehouse's": list(_stock(chapter.hub, database)),
    }


def _came(hub: Hub, database: Database) -> Iterable[str]:
    rows = database.rows(CAME, PURCHASE)
    found = {sku: (float(units), left) for sku, units, left in rows}
    yield from unlike(found, {sku: (n, 0) for sku, n in stowed(hub.account).items()}, "received")


def _came_back(chapter: Warehouse, database: Database) -> Iterable[str]:
    rows = database.rows(SCRAPPED, list(chapter.hub.products.values()))
    yield from unlike(dict(rows), disposed(chapter.hub.account), "scrapped")
    found = database.rows(RETURN, chapter.back.number)
    if found != [("completed", "refunded")]:
        yield f"the return is {found}"


def _money(chapter: Warehouse, database: Database) -> Iterable[str]:
    """What two people decided on went back once, is credited, and the books show it."""
    cards, amount = chapter.back.cards, PRICES[LAMP] * BACK
    found = {
        "the refund": database.rows(REFUND, chapter.back.number),
        "the credit note": database.rows(CREDITED, chapter.back.number),
        "the gateway": cards.given_back(),
    }
    wanted = {
        "the refund": [("confirmed", True, amount)],
        "the credit note": [(1, amount)],
        "the gateway": amount,
    }
    yield from unlike(found, wanted, "of the return")
    yield from differences(database, cards.backend.id, cards.simulator.truth(), CURRENCY)


def _counted(chapter: Warehouse, database: Database) -> Iterable[str]:
    rows = database.rows(VARIANCE, chapter.count.number)
    yield from unlike(dict(rows), {sku: -units for sku, units in LOST.items()}, "unexplained")
    wanted = [("applied", chapter.controller.context["uid"])]
    found = database.rows(COUNT, chapter.count.number)
    if found != wanted:
        yield f"the count is {found}, {wanted} is right"


def _stock(hub: Hub, database: Database) -> Iterable[str]:
    rows = database.rows(STOCK, hub.own.warehouse, list(hub.products.values()))
    wanted = {sku: hub.account.on_hand(sku, CENTRE) for sku in PRICES}
    yield from unlike({sku: float(units) for sku, units in rows}, wanted, "stock of")
