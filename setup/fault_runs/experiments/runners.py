"""The job runner goes, stands still, or was never there."""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ..arrivals import products, repeated
from ..processes import TAKEOVER, send, wait_for_runner
from ..run import PATIENCE, Run
from ..shopfront import Shopfront, moved

ORDERS = 8
STANDSTILL = 3.0
# Shops with a burst, the orders of each and the events that tell of them, and the versions of
# products, whose flow is archived: together 9,900 events. And a shop with little. Each fourth seed
# has so many; the others a quarter of them, since only their number makes it take long.
BIG_SHOPS, BIG_ORDERS, BIG_EVENTS = 3, 30, 300
PRODUCTS, VERSIONS = 300, 10
LARGE_EVERY, LESS = 4, 4
SMALL_ORDERS, SMALL_EVENTS = 10, 100
BURST_KINDS = ("plain", "annotated", "pending_then_paid")
# Whoever has little, and came last, is done within this part of the time. What is over sooner says
# nothing: seconds pass until the lanes are awake.
FAIR, TELLING = 0.8, 10.0
UNFINISHED = """
    SELECT count(*) FROM retail_inbox_message
     WHERE backend_id = ANY(%s) AND state IN ('received', 'retry', 'waiting')
"""


def runner_gone(run: Run) -> None:
    """The runner is killed, or stands still for a while, or goes with its whole server."""
    (_killed, _still, _with_its_server)[run.seed % 3](run)


def _runner(run: Run) -> int:
    pid = wait_for_runner(run.database, TAKEOVER)
    run.require(pid, "no job runner is in charge")
    return pid


def _killed(run: Run) -> None:
    front, pid = run.shop(), _runner(run)
    front.trade(2 * ORDERS)
    deliveries = front.deliveries()
    cut = run.rng.randint(1, len(deliveries))
    run.send(front, deliveries[:cut])
    send(run.stage.server, pid, signal.SIGKILL)
    run.send(front, deliveries[cut:])
    run.require(wait_for_runner(run.database, TAKEOVER, pid), "no other runner took over")
    run.clock.fault_is_over()
    run.notes.append("killed")
    run.finish()


def _still(run: Run) -> None:
    front, pid = run.shop(), _runner(run)
    front.trade(2 * ORDERS)
    deliveries = front.deliveries()
    cut = run.rng.randint(1, len(deliveries))
    run.send(front, deliveries[:cut])
    send(run.stage.server, pid, signal.SIGSTOP)
    try:
        run.send(front, deliveries[cut:])
        time.sleep(STANDSTILL)
    finally:
        send(run.stage.server, pid, signal.SIGCONT)
    run.clock.fault_is_over()
    run.notes.append("stopped")
    run.finish()


def _with_its_server(run: Run) -> None:
    front, pid = run.shop(), _runner(run)
    front.trade(2 * ORDERS)
    deliveries = front.deliveries()
    cut = run.rng.randint(1, len(deliveries))
    with run.stage.second() as second:
        run.send(front, deliveries[:cut])
        run.stage.server.kill()
        run.send(moved(front, second.url), deliveries[cut:])
        taken = wait_for_runner(run.database, TAKEOVER, pid)
        run.require(taken, "the second runner did not take over")
        run.clock.fault_is_over()
        run.notes.append("second server")
        run.finish()
    run.stage.server.start()


def burst(run: Run) -> None:
    """Much came from some shops, and in the end a little from another, while the runner was off.

    Each fourth seed has 10,000 events.
    """
    bigs = [run.shop(name=f"big-{number}") for number in range(BIG_SHOPS)]
    small, pid = run.shop(name="small"), _runner(run)
    for front in bigs:
        front.trade(BIG_ORDERS, BURST_KINDS)
        _archive_products(run, front)
    small.trade(SMALL_ORDERS, ["plain"])
    part = 1 if run.seed % LARGE_EVERY == 0 else LESS
    much = [
        (big, one) for big in bigs
        for one in (
            *repeated(big, BIG_EVENTS // part, run.rng), *products(big, PRODUCTS // part, VERSIONS)
        )
    ]  # fmt: skip
    run.rng.shuffle(much)
    little = [(small, one) for one in repeated(small, SMALL_EVENTS, run.rng)]
    with _no_runner(run, pid):
        run.arrive([*much, *little])
    run.clock.is_busy = True
    run.clock.fault_is_over()
    begin = time.monotonic()
    _wait_until_done(run, [small])
    few = time.monotonic() - begin
    _wait_until_done(run, bigs)
    many = time.monotonic() - begin
    count = len(much) + len(little)
    run.notes.append(f"{count} events, {count / many:.0f} a second")
    run.notes.append(f"the small shop after {few:.1f} s, the big ones after {many:.1f} s")
    run.require(few < many * FAIR or many < TELLING, f"the small shop waited {few:.1f} s")
    run.finish()


def _archive_products(run: Run, front: Shopfront) -> None:
    """Import no products, as a company does that keeps them in Odoo."""
    domain = [
        ("backend_id", "=", front.backend.id), ("kind", "=", "product"), ("direction", "=", "in")
    ]  # fmt: skip
    flows = run.stage.odoo.search("retail.flow", domain)
    run.stage.odoo.write("retail.flow", flows, {"active": False})


@contextmanager
def _no_runner(run: Run, pid: int) -> Iterator[None]:
    """Let the job runner stand still."""
    send(run.stage.server, pid, signal.SIGSTOP)
    try:
        yield
    finally:
        send(run.stage.server, pid, signal.SIGCONT)


def _wait_until_done(run: Run, fronts: Sequence[Shopfront]) -> None:
    """Wait until nothing of some shops is left in the inbox; what is then, settling complains."""
    deadline, backends = time.monotonic() + PATIENCE, [front.backend.id for front in fronts]
    while run.database.value(UNFINISHED, backends) and time.monotonic() < deadline:
        time.sleep(0.1)
