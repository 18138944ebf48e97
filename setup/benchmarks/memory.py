"""By how much Odoo's workers grow while they receive and drain many messages."""

import time
from dataclasses import dataclass
from itertools import islice

import psutil

from demo_day.reading import Database
from environment import Failure, Server, say

from .cheap import ignored_orders
from .load_generator import fire, request_bytes
from .options import Options
from .result import Row, spread
from .stage import Stage

MESSAGES, QUICK_MESSAGES = 20_000, 1_500
# Messages before the first look, after which caches are filled.
WARM_UP, QUICK_WARM_UP = 2_000, 300
CONNECTIONS = 8
# So many may wait to be drained before more are sent, as in a shop that is not behind.
BACKLOG, WAVE = 1000, 500
LONGEST = 900.0
MIB = 1024 * 1024
OPEN = "SELECT count(*) FROM retail_inbox_message WHERE state NOT IN ('ignored', 'done')"
ALL = "SELECT count(*) FROM retail_inbox_message"


@dataclass(frozen=True)
class Worker:
    """A process of the server; the time tells it from a later one of the same id."""

    pid: int
    created: float


def run(stage: Stage, options: Options) -> list[Row]:
    """Send messages as fast as they are drained; compare the workers' resident memory."""
    count = QUICK_MESSAGES if options.quick else MESSAGES
    warm_up = QUICK_WARM_UP if options.quick else WARM_UP
    with stage.copy("memory") as database, stage.server(database) as (server, hook):
        begin = time.monotonic()
        deliveries = ignored_orders(stage, warm_up + count, 5_000_000_000)
        requests = (request_bytes(hook, one.body, one.headers) for one in deliveries)
        watcher = Database(database)
        _send(watcher, hook, islice(requests, warm_up))
        before = resident(server)
        _send(watcher, hook, requests)
        after = resident(server)
        stored = watcher.value(ALL)
        watcher.close()
    if stored != warm_up + count:
        raise Failure(f"{stored} of {warm_up + count} messages were stored")
    seconds = time.monotonic() - begin
    say(
        f"   {count} messages after {warm_up}, received and drained {stored / seconds:.0f} a second"
    )
    return _rows(before, after)


def _rows(before: dict[Worker, float], after: dict[Worker, float]) -> list[Row]:
    """Return the growth of the worker that grew most, and of all together."""
    lasting = before.keys() & after.keys()
    if lasting != before.keys():
        say(f"   {len(before.keys() - lasting)} workers ended meanwhile and were not measured")
    growth = [after[worker] - before[worker] for worker in lasting]
    say(spread("workers before", [before[worker] for worker in lasting], "MiB"))
    say(spread("workers grew by", growth, "MiB"))
    return [
        Row("memory", max(growth), "MiB", max(before[one] for one in lasting)),
        Row("memory_all", sum(growth), "MiB", sum(before[one] for one in lasting)),
    ]


def resident(server: Server) -> dict[Worker, float]:
    """Return the resident memory of the server's workers in MiB."""
    children = psutil.Process(server.pid).children(recursive=True)
    return {
        Worker(child.pid, child.create_time()): child.memory_info().rss / MIB for child in children
    }


def _send(watcher: Database, hook: str, requests) -> None:
    """Send everything in waves and wait until it was drained."""
    while wave := list(islice(requests, WAVE)):
        fired = fire(hook, wave, CONNECTIONS)
        if fired.accepted != len(wave):
            raise Failure(f"webhooks were refused: {dict(fired.answers)}")
        _wait(watcher, BACKLOG)
    _wait(watcher, 0)


def _wait(watcher: Database, at_most: int) -> None:
    deadline = time.monotonic() + LONGEST
    while (waiting := watcher.value(OPEN)) > at_most:
        if time.monotonic() > deadline:
            raise Failure(f"{waiting} messages were not drained: {watcher.outcome()}")
        time.sleep(0.2)
