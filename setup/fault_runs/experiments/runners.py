"""The job runner goes, stands still, or was never there."""

import signal
import time

from ..processes import send, wait_for_runner
from ..run import PATIENCE, Run
from ..shopfront import MANY, Shopfront, moved
from .events import foreign

ORDERS = 8
STANDSTILL = 3.0
TAKEOVER = 30.0
# Orders, and events that are stored and shown only: together a burst of 2,000 events. With 10,000
# one run would take more than half a minute on two cores.
BURST, FOREIGN, OTHERS = 120, 1880, 10
UNFINISHED = """
    SELECT count(*) FROM retail_inbox_message
     WHERE backend_id = %s AND state IN ('received', 'retry', 'waiting')
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
        run.notes.append("second server")
        run.finish()
    run.stage.server.start()


def burst(run: Run) -> None:
    """Much came from one shop, and then a little from another, while the runner was off."""
    big, small, pid = run.shop(name="big"), run.shop(name="small"), _runner(run)
    big.trade(BURST, ["plain"])
    small.trade(OTHERS, ["plain"])
    send(run.stage.server, pid, signal.SIGSTOP)
    try:
        mixed = [*big.deliveries(), *foreign(big, FOREIGN)]
        run.rng.shuffle(mixed)
        run.send(big, mixed, MANY)
        run.send(small, small.deliveries(), MANY)
    finally:
        send(run.stage.server, pid, signal.SIGCONT)
    run.clock.is_busy = True
    run.clock.fault_is_over()
    begin = time.monotonic()
    _wait_until_done(run, small)
    few = time.monotonic() - begin
    _wait_until_done(run, big)
    many = time.monotonic() - begin
    run.notes.append(f"{BURST / many:.0f} orders/s, {(BURST + FOREIGN) / many:.0f} events/s")
    run.notes.append(f"the small shop after {few:.1f} s, the big one after {many:.1f} s")
    run.finish()


def _wait_until_done(run: Run, front: Shopfront) -> None:
    """Wait until nothing of a shop is left in the inbox; what is then, settling complains of."""
    deadline = time.monotonic() + PATIENCE
    while run.database.value(UNFINISHED, front.backend.id) and time.monotonic() < deadline:
        time.sleep(0.1)
