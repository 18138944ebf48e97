"""How long a single order takes on an idle system, from its webhook to its confirmation."""

import time

from demo_day.reading import Database
from demo_day.watch import Watch
from environment import Failure, say

from .load_generator import fire, request_bytes
from .options import Options
from .order_import import orders
from .result import Row, quantile, spread
from .stage import Stage

SAMPLES, QUICK_SAMPLES, WARM_UP = 40, 10, 5
PAUSE, PATIENCE = 1.0, 20.0


def run(stage: Stage, options: Options) -> list[Row]:
    """Send an order each second; see when it is confirmed."""
    samples = QUICK_SAMPLES if options.quick else SAMPLES
    with stage.copy("latency") as database, stage.server(database) as (_server, hook):
        seconds = _measure(stage, database, hook, WARM_UP + samples)[WARM_UP:]
    say(spread("order_latency", seconds, "s"))
    return [
        Row("order_latency", quantile(seconds, 0.95), "seconds"),
        Row("order_latency_p50", quantile(seconds, 0.5), "seconds"),
    ]


def _measure(stage: Stage, database: str, hook: str, count: int) -> list[float]:
    load = orders(stage, count, 0.0, 7)
    sent: dict[tuple[int, str], float] = {}
    with Watch(database, pause=0.02) as watch:
        for delivery, truth in zip(load.deliveries, load.expected, strict=True):
            sent[stage.backend.id, truth.external_id] = time.time()
            fire(hook, [request_bytes(hook, delivery.body, delivery.headers)], 1)
            time.sleep(PAUSE)
        deadline = time.monotonic() + PATIENCE
        while len(watch.confirmed) < count and time.monotonic() < deadline:
            time.sleep(0.1)
    missing = sent.keys() - watch.confirmed.keys()
    if missing:
        raise Failure(f"{len(missing)} orders were not confirmed: {_why(database)}")
    return [watch.confirmed[key] - moment for key, moment in sent.items()]


def _why(database: str) -> object:
    watcher = Database(database)
    try:
        return watcher.outcome()
    finally:
        watcher.close()
