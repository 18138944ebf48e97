"""How much longer a quiet shop's orders take while another shop floods the same Odoo."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from statistics import median
from threading import Event, Thread

from demo_day.connect import Backend, connect
from demo_day.reading import Database
from demo_day.rpc import Odoo
from demo_day.world import BRANDS
from environment import Failure, say
from simulator import Load, ShopifySimulator, many_orders

from .load_generator import fire, request_bytes
from .options import Options
from .result import Row, quantile, spread
from .stage import SKUS, Stage, without_polls

SAMPLES, QUICK_SAMPLES, WARM_UP = 25, 12, 4
PAUSE, PATIENCE = 1.0, 60.0
# The flood keeps at least so many orders waiting, and adds so many at a time.
BACKLOG, WAVE, CONNECTIONS = 300, 150, 8
# Waves made before the clock starts, as making them takes time; more are made if need be.
READY = 10
CONFIRMED = """
    SELECT count(*) FROM retail_order_binding binding
      JOIN sale_order orders ON orders.id = binding.odoo_id AND orders.state = 'sale'
     WHERE binding.backend_id = %s AND binding.external_id = %s
"""
WAITING = """
    SELECT count(*) FROM retail_inbox_message WHERE backend_id = %s AND state = 'received'
"""


def run(stage: Stage, options: Options) -> list[Row]:
    """Send the quiet shop's orders one each second, alone and during a flood, in turn."""
    samples = QUICK_SAMPLES if options.quick else SAMPLES
    alone: list[list[float]] = []
    flooded: list[list[float]] = []
    brand = replace(BRANDS[0], name="Quiet", domain="quiet-goods.myshopify.com")
    simulator = ShopifySimulator(2, app=brand.app, **brand.shop_options())
    with stage.copy("fairness") as database, simulator:
        with stage.server(database, jobs=False) as (server, _hook):
            odoo = Odoo(server.url).log_in(database)
            quiet = connect(odoo, stage.company, brand, simulator)
            without_polls(odoo, quiet)
        with stage.server(database) as (server, hook):
            shop = QuietShop(database, simulator, quiet, server.url)
            loud = LoudShop(database, stage, hook)
            shop.measure(WARM_UP)
            loud.warm_up()
            for _repetition in range(options.repetitions):
                loud.wait_until_drained()
                alone.append(shop.measure(samples))
                with loud.flooding():
                    flooded.append(shop.measure(samples))
            shop.database.close()
    return _rows(alone, flooded)


def _rows(alone: list[list[float]], flooded: list[list[float]]) -> list[Row]:
    rows = []
    for name, share in (("fairness", 0.95), ("fairness_p50", 0.5)):
        ours = [quantile(run, share) for run in flooded]
        base = [quantile(run, share) for run in alone]
        say(spread(f"{name}, alone", base, "s"))
        say(spread(f"{name}, flooded", ours, "s"))
        value, baseline = median(ours), median(base)
        rows.append(Row(name, value, "seconds", baseline, value / baseline))
    return rows


class QuietShop:
    """A shop with an order now and then."""

    def __init__(
        self, database: str, simulator: ShopifySimulator, backend: Backend, url: str
    ) -> None:
        self.database, self._simulator, self._backend = Database(database), simulator, backend
        self._hook = url + backend.hook[backend.hook.index("/retail/") :]
        self._numbers = count(1)

    def measure(self, samples: int) -> list[float]:
        """Return the seconds from each webhook to its confirmed order."""
        number = next(self._numbers)
        load = _orders(self._simulator, samples, 10_000_000 * number)
        seconds = []
        for delivery, truth in zip(load.deliveries, load.expected, strict=True):
            begin = time.perf_counter()
            fire(self._hook, [request_bytes(self._hook, delivery.body, delivery.headers)], 1)
            self._wait_for(truth.external_id, begin)
            seconds.append(time.perf_counter() - begin)
            time.sleep(max(0.0, PAUSE - seconds[-1]))
        return seconds

    def _wait_for(self, order: str, begin: float) -> None:
        while not self.database.value(CONFIRMED, self._backend.id, order):
            if time.perf_counter() - begin > PATIENCE:
                raise Failure(f"the quiet shop's order {order} was not confirmed")
            time.sleep(0.02)


class LoudShop:
    """A shop that sends more than can be imported."""

    def __init__(self, database: str, stage: Stage, hook: str) -> None:
        self._name, self._stage, self._hook = database, stage, hook
        self._firsts = count(2_000_000, WAVE)
        self._stop = Event()
        self._ready: list[list[bytes]] = []

    def warm_up(self) -> None:
        """Send some orders, so that caches are as warm as in a running shop."""
        self._send()

    @contextmanager
    def flooding(self) -> Iterator[None]:
        """Keep a backlog while the block lasts; it is there when the block begins."""
        self._stop.clear()
        self._ready += [self._wave() for _number in range(READY)]
        self._send(2)
        thread = Thread(target=self._keep_up, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def wait_until_drained(self) -> None:
        """Wait until the flood was imported."""
        database, deadline = Database(self._name), time.monotonic() + 4 * PATIENCE
        while self._waiting(database) and time.monotonic() < deadline:
            time.sleep(0.5)
        time.sleep(2)
        database.close()

    def _keep_up(self) -> None:
        database, least = Database(self._name), BACKLOG
        while not self._stop.wait(0.1):
            waiting = self._waiting(database)
            least = min(least, waiting)
            if waiting < BACKLOG:
                self._send()
        database.close()
        say(f"   the flood's backlog was never below {least}")

    def _waiting(self, database: Database) -> int:
        return database.value(WAITING, self._stage.backend.id)

    def _send(self, waves: int = 1) -> None:
        for _number in range(waves):
            fire(self._hook, self._ready.pop() if self._ready else self._wave(), CONNECTIONS)

    def _wave(self) -> list[bytes]:
        load = _orders(self._stage.simulator, WAVE, next(self._firsts))
        return [request_bytes(self._hook, one.body, one.headers) for one in load.deliveries]


def _orders(simulator: ShopifySimulator, number: int, first: int) -> Load:
    return many_orders(
        number,
        SKUS,
        seed=first,
        domain=simulator.shop.domain,
        secret=simulator.app.client_secret,
        currency=simulator.shop.currency,
        first_number=first,
    )
