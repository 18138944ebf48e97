"""The whole pipeline, from the first POST to all tickets paid and their goods moved, per second."""

import time
from collections.abc import Iterator
from datetime import datetime, timezone
from itertools import islice
from statistics import median

from demo_day.quiet import wait_for
from demo_day.reading import Database
from environment import Failure, say

from . import pos_baseline
from .load_generator import fire, request_bytes
from .options import Options
from .pos_tickets import Sale, body_of, draw
from .probe import probe
from .processor import ProcessorTime
from .result import Row, Speed, spread
from .stage import Stage

TICKETS, QUICK_TICKETS = 20_000, 300
# One by one is slow: its speed does not depend on how many there are.
THEIRS, QUICK_THEIRS = 600, 60
STORES, REGISTERS = 4, 4
CONNECTIONS, PER_REQUEST = 4, 50
WARM_UP = 60
LONGEST = 1200.0
FINISHED = """
    SELECT (SELECT count(*) FROM retail_pos_ticket ticket
              JOIN pos_order orders ON orders.id = ticket.odoo_id AND orders.state = 'paid'
             WHERE ticket.stock_state = 'done') = %s
"""


def run(stage: Stage, options: Options) -> list[Row]:
    """Sell in ``STORES`` stores with ``REGISTERS`` registers each, lines even over all SKUs."""
    ours, theirs = [], []
    for number in range(1, options.repetitions + 1):
        ours.append(_pipeline(stage, options, number))
        count = QUICK_THEIRS if options.quick else THEIRS
        sales = draw(count, sorted(stage.products), STORES, REGISTERS, number)
        theirs.append(pos_baseline.run(stage, sales, STORES, REGISTERS))
        say(f"   {number}: {ours[-1].rate:.1f} tickets/s, one by one {theirs[-1].rate:.1f}")
    return _rows(ours, theirs)


def _rows(ours: list[Speed], theirs: list[Speed]) -> list[Row]:
    pairs = list(zip(ours, theirs, strict=True))
    say(spread("pos_import", [speed.rate for speed in ours], "tickets/s"))
    say(spread("one by one", [speed.rate for speed in theirs], "tickets/s"))
    say(spread("ratio", [own.rate / base.rate for own, base in pairs], ""))
    rate, base = median(speed.rate for speed in ours), median(speed.rate for speed in theirs)
    used = median(speed.milliseconds for speed in ours)
    base_used = median(speed.milliseconds for speed in theirs)
    return [
        Row("pos_import", rate, "per second", base, rate / base),
        Row("pos_import_cpu", used, "ms/ticket", base_used, base_used / used),
    ]


def _pipeline(stage: Stage, options: Options, number: int) -> Speed:
    """Return how fast the pipeline was."""
    count = QUICK_TICKETS if options.quick else TICKETS
    skus = sorted(stage.products)
    with stage.copy("pos_import") as database:
        found = probe(
            stage, "pos_world", database,
            product_ids=sorted(stage.products.values()), stores=STORES, registers=REGISTERS,
        )  # fmt: skip
        with stage.server(database) as (server, _hook):
            watcher, url = Database(database), f"{server.url}/retail/v1/pos-tickets"
            token, currency = found["token"][0], found["currency"][0]
            _send(url, token, currency, draw(WARM_UP, skus, STORES, REGISTERS, 99))
            _wait(watcher, WARM_UP)
            sales = draw(count, skus, STORES, REGISTERS, number)
            used, begin = ProcessorTime(database, server.pid), time.perf_counter()
            _send(url, token, currency, sales)
            _wait(watcher, WARM_UP + count)
            seconds = time.perf_counter() - begin
            speed = Speed(count, seconds, used.seconds())
            watcher.close()
    return speed


def _send(url: str, token: str, currency: str, sales: list[Sale]) -> None:
    today = datetime.now(timezone.utc).date()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    requests = [
        request_bytes(url, body_of(part, today, currency), headers)
        for part in _parts(sales, PER_REQUEST)
    ]
    fired = fire(url, requests, CONNECTIONS)
    if fired.accepted != len(requests):
        raise Failure(f"tickets were refused: {dict(fired.answers)}")


def _parts(sales: list[Sale], size: int) -> Iterator[list[Sale]]:
    rest = iter(sales)
    while part := list(islice(rest, size)):
        yield part


def _wait(watcher: Database, count: int) -> None:
    if not wait_for(lambda: watcher.value(FINISHED, count), LONGEST, "the import", pause=0.2):
        raise Failure(f"not all tickets were imported and moved: {watcher.outcome()}")
