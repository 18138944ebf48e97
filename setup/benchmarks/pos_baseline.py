"""The same sales through Odoo's own ``sync_from_ui``, one by one, with stock in real time."""

from pathlib import Path

from . import baseline
from .pos_tickets import Sale
from .probe import probe
from .result import Speed
from .stage import JOB_WORKERS, Stage

WORKER = Path(__file__).with_name("pos_baseline_worker.py")


def run(stage: Stage, sales: list[Sale], stores: int, registers: int) -> Speed:
    """Return how fast it was, in as many processes as there are job workers."""
    with stage.copy("pos_baseline") as database:
        world = probe(
            stage, "pos_world", database, product_ids=sorted(stage.products.values()),
            stores=stores, registers=registers, baseline=True,
        )  # fmt: skip
        places = {(place["store"], place["register"]): place for place in world["registers"]}
        orders = [
            {
                **places[sale.store, sale.register],
                "number": sale.number,
                "tax": world["tax"][0],
                "card": world["card"][0] if sale.by_card else None,
                "total": float(sale.total),
                "total_tax": float(sale.tax),
                "lines": [
                    [stage.products[sku], units, float(price)] for sku, units, price in sale.lines
                ],
            }
            for sale in sales
        ]
        # A register is in one place: its sales come one after another.
        shares = [_share(orders, list(places), index) for index in range(JOB_WORKERS)]
        return baseline.race(stage, database, WORKER, shares)


def _share(orders, places, index):
    own = set(places[index::JOB_WORKERS])
    return [order for order in orders if (order["store"], order["register"]) in own]
