"""How long it takes from a stock move in Odoo until the channel holds the new quantity."""

import time

from demo_day.goods import Good, stock_up
from demo_day.quiet import wait_for
from demo_day.rpc import Odoo
from environment import Failure, say
from simulator.catalogue import Variant

from .options import Options
from .probe import probe
from .result import Row, quantile, spread
from .stage import Stage

SAMPLES, QUICK_SAMPLES, WARM_UP = 40, 10, 3
# Samples begin at all parts of a second: job times are whole seconds.
PAUSE, PATIENCE = 1.53, 30.0
BEGINNING = 50.0


def run(stage: Stage, options: Options) -> list[Row]:
    """Count one item anew every second and a half; see when the shop was told.

    The clock starts with the request that makes the move, before Odoo worked on it.
    """
    samples = QUICK_SAMPLES if options.quick else SAMPLES
    with stage.copy("stock_latency") as database:
        products = _publish(stage, database)
        with stage.server(database) as (server, _hook):
            odoo = Odoo(server.url).log_in(database)
            odoo.context["allowed_company_ids"] = [stage.company.id]
            _tell_all(stage, odoo)
            seconds = _measure(stage, odoo, products, WARM_UP + samples)[WARM_UP:]
    say(spread("stock_latency", seconds, "s"))
    return [
        Row("stock_latency", quantile(seconds, 0.95), "seconds"),
        Row("stock_latency_p50", quantile(seconds, 0.5), "seconds"),
    ]


def _goods(stage: Stage) -> list[Variant]:
    return stage.simulator.shop.goods


def _publish(stage: Stage, database: str) -> dict[str, int]:
    """Create the shop's goods in Odoo, bound and with stock; return the products by SKU."""
    with stage.server(database, jobs=False) as (server, _hook):
        odoo = Odoo(server.url).log_in(database)
        odoo.context["allowed_company_ids"] = [stage.company.id]
        goods = [Good(one.sku, one.title, float(one.price), stock=BEGINNING)
                 for one in _goods(stage)]  # fmt: skip
        products = stock_up(odoo, stage.company, goods)
    bound = [(str(one.id), str(one.inventory_item_id), products[one.sku]) for one in _goods(stage)]
    location = str(stage.simulator.shop.places[0].id)
    probe(
        stage, "bindings", database,
        backend_id=stage.backend.id, location=location, goods=bound,
    )  # fmt: skip
    return products


def _tell_all(stage: Stage, odoo: Odoo) -> None:
    """Start the first comparison and wait until it has told the shop everything."""
    domain = [("backend_id", "=", stage.backend.id)]
    domain += [("kind", "=", "stock_level"), ("direction", "=", "out")]
    odoo.call("retail.flow", "action_compare_all", odoo.search("retail.flow", domain))

    def told() -> bool:
        return all(_available(stage, one) == BEGINNING for one in _goods(stage))

    if not wait_for(told, 150, "the first publication"):
        raise Failure("the shop was not told its first quantities; see .dev/log/server-*.log")


def _available(stage: Stage, variant: Variant) -> int:
    return stage.simulator.stock.available(variant.inventory_item_id)


def _measure(stage: Stage, odoo: Odoo, products: dict[str, int], count: int) -> list[float]:
    begun, seconds = [], []
    for number in range(count):
        variant = _goods(stage)[number % len(_goods(stage))]
        wanted = BEGINNING + 1 + number
        begun.append((variant, wanted, time.time()))
        _count(stage, odoo, products[variant.sku], wanted)
        time.sleep(max(0.0, begun[-1][2] + PAUSE - time.time()))
    for variant, wanted, begin in begun:
        seconds.append(_told_at(stage, variant, wanted) - begin)
    return seconds


def _count(stage: Stage, odoo: Odoo, product: int, quantity: float) -> None:
    """Apply an inventory count: one move."""
    values = {"product_id": product, "location_id": stage.company.stock_location,
              "inventory_quantity": quantity}  # fmt: skip
    context = {"inventory_mode": True}
    quant = odoo.call("stock.quant", "create", [values], context=context)
    odoo.call("stock.quant", "action_apply_inventory", quant, context=context)


def _told_at(stage: Stage, variant: Variant, wanted: float) -> float:
    """Return when the shop's quantity became ``wanted`` (epoch seconds); waits for it."""

    def found() -> list[float]:
        changes = stage.simulator.stock.changes(variant.inventory_item_id)
        return [change.at.timestamp() for change in changes if change.after == wanted]

    if not wait_for(lambda: bool(found()), PATIENCE, "the shop", pause=0.05):
        raise Failure(f"the shop never heard of {wanted:g} units of {variant.sku}")
    return found()[0]
