"""Connections to PostgreSQL that end, hang, or lose an answer; and PostgreSQL itself."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psutil

from .. import places
from ..processes import TAKEOVER, send, standing_still, terminate, wait_for_runner
from ..proxy import Link
from ..run import Run
from ..shopfront import PATIENT

ORDERS = 12
ASLEEP = 1.5
LOST, AMONG = 4, 60
# Nothing else may be answered while PostgreSQL is away: 404 or 500 would end a sender's trying.
HONEST = {"200", "202", "503", "timeout", "unreachable"}
HALF_OPEN_SECONDS = 2.0


def backend_terminated(run: Run) -> None:
    """A job loses one of its sessions, or all of them, while it imports."""
    front = run.shop()
    front.trade(ORDERS)
    point = places.one_of(places.MIDDLE, run.seed)
    which = run.rng.choice((None, 0, 1, 2))
    run.charges.arm(point, "sleep", hit=run.rng.randint(1, 3), seconds=ASLEEP)
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(run.send, front, front.deliveries())
        if run.charges.wait(1, 30):
            found = standing_still(run.database)
            chosen = found if which is None else found[which : which + 1]
            run.notes.append(f"{len(chosen)} of {len(found)} sessions ended")
            run.require(chosen, "the job had no session")
            terminate(run.database, chosen)
        else:
            run.require(False, f"{point} was not reached")
        sent.result()
    run.finish()


def commit_answer_lost(run: Run) -> None:
    """PostgreSQL commits, and whoever asked for it never learns."""
    front = run.shop()
    front.trade(ORDERS)
    run.stage.proxy.lost.arm(*run.rng.sample(range(1, AMONG), LOST))
    run.send(front, front.deliveries())
    run.settle()
    run.require(run.stage.proxy.lost.hits, "no COMMIT lost its answer")
    run.notes.append(f"{run.stage.proxy.lost.hits} answers lost")
    run.finish()


def postgres_restarted(run: Run) -> None:
    """PostgreSQL goes down at once, as by a crash, while webhooks and jobs are under way."""
    front = run.shop()
    front.trade(3 * ORDERS)
    manners = replace(PATIENT, rate=20)
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(run.send, front, front.deliveries(), manners)
        time.sleep(run.rng.uniform(0.3, 1.5))
        run.stage.cluster.stop("immediate")
        time.sleep(run.rng.uniform(0.2, 1.0))
        run.stage.cluster.start()
        with run.stage.supervised() as supervisor:
            run.reconnect()
            run.require(wait_for_runner(run.database, TAKEOVER), "no job runner came back")
            run.clock.fault_is_over()
            report = sent.result()
            run.finish()
    if supervisor.restarts:
        run.notes.append("Odoo's parent process ended, and was started again")
    strange = set(report.answers) - HONEST
    run.require(not strange, f"answered while PostgreSQL was away: {dict(report.answers)}")
    run.notes.append(f"{report.answers['503']} times 503")


def worker_stopped(run: Run) -> None:
    """A job worker hangs until its time limit; or its host is gone, and PostgreSQL is not told."""
    front = run.shop()
    front.trade(ORDERS)
    point, half_open = places.one_of(places.MIDDLE, run.seed), run.seed % 2 == 0
    run.charges.arm(point, "stop", hit=run.rng.randint(1, 2))
    run.send(front, front.deliveries())
    if run.charges.wait(1, 30):
        pid = run.charges.happened()[0][2]
        links = _links_of(run, pid) if half_open else []
        for link in links:
            link.frozen.set()
        run.require(links or not half_open, "the worker had no connection")
        gone = _wait_until_gone(pid, 25)
        run.require(gone, "a worker that hangs was not given up")
        if half_open:
            time.sleep(HALF_OPEN_SECONDS)
        for link in links:
            link.cut()
        run.notes.append("half open" if half_open else "stopped")
        if not gone:
            send(run.stage.server, pid, signal.SIGKILL)
    else:
        run.require(False, f"{point} was not reached")
    run.clock.fault_is_over()
    run.finish()


def _links_of(run: Run, pid: int) -> list[Link]:
    """Return the connections of a process through the proxy."""
    ports = {one.laddr.port for one in psutil.Process(pid).net_connections("tcp") if one.laddr}
    return [link for link in run.stage.proxy.links if link.client_port in ports]


def _wait_until_gone(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while psutil.pid_exists(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
