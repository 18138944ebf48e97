"""Tickets of stores: workers and connections die, batches come twice and in any order."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from .. import places
from ..estate import HABITS, Estate
from ..processes import standing_still, terminate
from ..run import Run

TICKETS, BATCH = 24, 2
SHUFFLED = replace(HABITS, duplicate=0.5, lost_answer=0.3, disorder=0.6, voided_later=0.1)
ASLEEP = 1.5
LOST, AMONG = 3, 40


def killed(run: Run) -> None:
    """Workers die where tickets are imported, and where their goods move."""
    estate = run.estate()
    points = places.two_of(places.TICKETS, run.seed)
    for point in points:
        # A lane that comes late finds all tickets in one chunk: it may pass but once.
        run.charges.arm(point, "kill", hit=1)
    _send(run, estate, estate.trade(TICKETS, BATCH))
    run.require(run.charges.wait(2, 30), f"not all of {points} were reached")
    run.notes.append(" and ".join(points))
    _close(run, estate)
    run.finish()


def cut(run: Run) -> None:
    """Sessions end while tickets are imported and goods move; answers to COMMIT are lost."""
    estate = run.estate()
    parcels = estate.trade(TICKETS, BATCH)
    run.stage.proxy.lost.arm(*run.rng.sample(range(1, AMONG), LOST))
    point = places.one_of(places.TICKETS_MIDDLE, run.seed)
    run.charges.arm(point, "sleep", hit=1, seconds=ASLEEP)
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(_send, run, estate, parcels)
        if run.charges.wait(1, 30):
            terminate(run.database, standing_still(run.database))
        else:
            run.require(False, f"{point} was not reached")
        sent.result()
    run.notes.append(f"{point}, {run.stage.proxy.lost.hits} answers lost")
    _close(run, estate)
    run.finish()


def shuffled(run: Run) -> None:
    """Every batch may come twice, in any order, and before what it depends on."""
    estate = run.estate(SHUFFLED)
    parcels = estate.trade(2 * TICKETS, run.rng.choice((1, 3, 8)))
    again = run.rng.sample(parcels, len(parcels) // 3)
    mixed = [*parcels, *(replace(one, key=f"{one.key}/again") for one in again)]
    run.rng.shuffle(mixed)
    _send(run, estate, mixed)
    _close(run, estate)
    run.finish()


def closing_killed(run: Run) -> None:
    """The worker that closes a day dies in its middle: the day is closed once, and ties."""
    estate = run.estate()
    _send(run, estate, estate.trade(TICKETS, BATCH))
    run.settle()
    point = places.one_of(places.CLOSING, run.seed)
    if point == places.REFUSED:
        run.charges.arm(places.CLOSING[0], "raise")
    run.charges.arm(point, "kill", hit=1)
    _send(run, estate, estate.report())
    times = 2 if point == places.REFUSED else 1
    run.require(run.charges.wait(times, 30), f"{point} was not reached")
    run.notes.append(point)
    run.finish()


def _close(run: Run, estate: Estate) -> None:
    """Let the registers report once all tickets are there."""
    run.charges.disarm()
    run.stage.proxy.lost.arm()
    run.settle()
    _send(run, estate, estate.report())


def _send(run: Run, estate: Estate, parcels: list) -> None:
    refused = estate.send(parcels)
    run.require(not refused, f"not taken: {refused[:3]}")
