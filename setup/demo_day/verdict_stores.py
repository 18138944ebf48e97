"""At the end of the day, about the stores: tickets, money, stock and days, read by plain SQL."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from simulator_estate import truth_of

from .invariants_out import Outward, sold_after_zero
from .reading import Database
from .stores import SHARED, Estate
from .stores_books import days_of, tickets_of, wrong
from .summary import Summary

POOL = """
    SELECT coalesce((SELECT sum(quant.quantity) FROM stock_quant quant
                       JOIN stock_location place ON place.id = quant.location_id
                      WHERE quant.product_id = %s AND place.usage = 'internal'), 0)
         - coalesce((SELECT sum(move.product_uom_qty) FROM stock_move move
                       JOIN stock_location goal ON goal.id = move.location_dest_id
                      WHERE move.product_id = %s AND goal.usage = 'customer'
                        AND move.state IN ('confirmed', 'partially_available', 'assigned')), 0)
"""


def judge_stores(summary: Summary, estate: Estate, database: Database) -> None:
    """Check what the stores sent, and write what was found into the summary."""
    backend, life = estate.backend, estate.life
    checks = {
        "every ticket is taken": estate.sender.sent.refused,
        **wrong(database, backend, life, estate.shelves.morning),
        "nothing sold in the webshop after 0": _after_zero(estate),
        "shared stock is known to the unit": list(_pooled(estate, database)),
    }
    summary.invariants |= {f"stores: {name}": found for name, found in checks.items()}
    summary.stores = _figures(estate, database)


def _after_zero(estate: Estate) -> list[str]:
    channel = estate.channel
    outward = Outward(channel.brand.name, channel.simulator, [], [], promoted=SHARED)
    return sold_after_zero(outward)


def _pooled(estate: Estate, database: Database) -> Iterable[str]:
    """What was sold anywhere is missing in Odoo to the unit, be it more than there was."""
    for sku, product in estate.shared.items():
        units = sum(n for (_store, key), n in estate.shelves.morning.items() if key == sku)
        left = units + estate.own[sku] - estate.sold.get(sku, 0) - estate.bought.get(sku, 0)
        free = Decimal(str(database.value(POOL, product, product)))
        if free != left:
            yield f"{sku}: {free} are free in Odoo, {left} are left"


def _figures(estate: Estate, database: Database) -> dict[str, float]:
    sent, truth = estate.sender.sent, truth_of([estate.life])
    tickets = tickets_of(database, estate.backend)
    states = Counter(state for _register, _day, state in days_of(database, estate.backend))
    units = sum(estate.sold.values()) + sum(estate.bought.values())
    morning = estate.shelves.morning.items()
    there = sum(n for (_s, sku), n in morning if sku in SHARED) + sum(estate.own.values())
    return {
        "stores": len(estate.shelves.locations),
        "tickets": len(truth.tickets),
        "of them voided": len(truth.tickets) - len(truth.valid),
        "requests": sum(sent.answers.values()),
        "items twice": sent.words["duplicate"],
        "offline burst": estate.burst,
        "posted on a later day": sum(bool(row[8]) for row in tickets),
        "days closed": states["closed"],
        "days signed": len(estate.signed),
        "shared units sold in stores": sum(estate.sold.values()),
        "in the webshop": sum(estate.bought.values()),
        "beyond stock before anyone could know": max(0, int(units - there)),
        "seconds": round(estate.seconds, 1),
    }
