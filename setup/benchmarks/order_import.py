"""The whole pipeline, from the first POST to all orders confirmed and reserved, per second."""

import time
from statistics import median

from demo_day.quiet import wait_for
from demo_day.reading import Database
from environment import Failure, say
from simulator import Load, many_orders

from . import baseline
from .load_generator import fire, request_bytes
from .options import Options
from .processor import ProcessorTime
from .result import Row, Speed, spread
from .stage import SKUS, Stage

ORDERS, QUICK_ORDERS = 400, 60
CONNECTIONS = 8
LONGEST = 240.0
HOT_SHARE = 0.8
# Orders that go through before the clock starts, so that caches are as warm as in a running shop.
WARM_UP = 20
# Confirmed, and every move of theirs holds its stock.
FINISHED = """
    SELECT (SELECT count(*) FROM retail_order_binding binding
              JOIN sale_order orders ON orders.id = binding.odoo_id AND orders.state = 'sale') = %s
       AND NOT EXISTS (SELECT FROM stock_move
                        WHERE sale_line_id IS NOT NULL AND state <> 'assigned')
"""


def uniform(stage: Stage, options: Options) -> list[Row]:
    """Lines spread evenly over all SKUs."""
    return _run(stage, options, "order_import_uniform", 0.0)


def hot(stage: Stage, options: Options) -> list[Row]:
    """Most lines on the same five SKUs."""
    return _run(stage, options, "order_import_hot", HOT_SHARE)


def _run(stage: Stage, options: Options, name: str, hot_share: float) -> list[Row]:
    count = QUICK_ORDERS if options.quick else ORDERS
    ours, theirs = [], []
    for number in range(1, options.repetitions + 1):
        load = orders(stage, count, hot_share, number)
        ours.append(_pipeline(stage, load))
        theirs.append(baseline.run(stage, load))
        say(f"   {name} {number}: {ours[-1].rate:.1f} orders/s, one by one {theirs[-1].rate:.1f}")
    return _rows(name, ours, theirs)


def _rows(name: str, ours: list[Speed], theirs: list[Speed]) -> list[Row]:
    """Return the row of the target, and one of processor time, which neighbours do not change."""
    pairs = list(zip(ours, theirs, strict=True))
    say(spread(name, [speed.rate for speed in ours], "orders/s"))
    say(spread("one by one", [speed.rate for speed in theirs], "orders/s"))
    say(spread("ratio", [own.rate / base.rate for own, base in pairs], ""))
    rate, base = median(speed.rate for speed in ours), median(speed.rate for speed in theirs)
    used = median(speed.milliseconds for speed in ours)
    base_used = median(speed.milliseconds for speed in theirs)
    return [
        Row(name, rate, "per second", base, rate / base),
        Row(f"{name}_cpu", used, "ms/order", base_used, base_used / used),
    ]


def orders(
    stage: Stage, count: int, hot_share: float, repetition: int, first: int = 1_000_001
) -> Load:
    """Return signed orders of three lines for the stage's shop."""
    return many_orders(
        count,
        SKUS,
        hot_share,
        seed=repetition,
        domain=stage.simulator.shop.domain,
        secret=stage.simulator.app.client_secret,
        currency=stage.simulator.shop.currency,
        first_number=first,
    )


def _pipeline(stage: Stage, load: Load) -> Speed:
    """Return how fast the pipeline was."""
    warm = orders(stage, WARM_UP, 0.0, 99, first=9_000_001)
    with stage.copy("import") as database, stage.server(database) as (server, hook):
        watcher = Database(database)
        _send(hook, warm)
        _wait(watcher, WARM_UP)
        used, begin = ProcessorTime(database, server.pid), time.perf_counter()
        _send(hook, load)
        _wait(watcher, WARM_UP + len(load.deliveries))
        seconds = time.perf_counter() - begin
        speed = Speed(len(load.deliveries), seconds, used.seconds())
        watcher.close()
    return speed


def _send(hook: str, load: Load) -> None:
    requests = [request_bytes(hook, item.body, item.headers) for item in load.deliveries]
    fired = fire(hook, requests, CONNECTIONS)
    if fired.accepted != len(requests):
        raise Failure(f"webhooks were refused: {dict(fired.answers)}")


def _wait(watcher: Database, count: int) -> None:
    if not wait_for(lambda: watcher.value(FINISHED, count), LONGEST, "the import", pause=0.1):
        states = watcher.outcome()
        raise Failure(f"not all orders were confirmed and reserved: {states}")
