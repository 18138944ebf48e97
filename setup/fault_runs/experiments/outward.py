"""What goes out: deliveries become fulfilments and stock is published, while all goes wrong."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from simulator import Faults

from .. import outcome, places
from ..outlet import Outlet, ready, ship
from ..run import Run
from ..shopfront import Shopfront

ORDERS, UNITS = 6, 60
KINDS = ("plain", "several_lines")
FAULTS = Faults(
    accepted_then_failed=0.2, error_after_effect=0.2, stale_quantities=0.2, conflict=0.1,
    server_error=0.05, hang_seconds=1,
)  # fmt: skip
COUNTED = 4
FEW, RACED = 12, 3
RACE_SECONDS = 4.0
# Seconds between two sales in each direction.
CUSTOMER_PAUSE, COUNTER_PAUSE = 0.15, 0.1
APP = ("set", "adjusted", "activated")


def unclear(run: Run) -> None:
    """The channel does what it is asked and does not say so; a worker dies on top of it."""
    front, outlet = run.outlet(UNITS)
    run.clock.opens_gates = True
    run.settle()
    front.trade(ORDERS, KINDS)
    run.send(front, front.deliveries())
    run.settle()
    leaving = ready(run.database, front.backend.id)
    point = places.one_of(places.SEND, run.seed)
    run.charges.arm(point, "kill", hit=run.hit_of(point))
    front.simulator.faults = FAULTS
    cut = run.rng.randint(1, ORDERS - 1)
    ship(run.stage.odoo, outlet.company, leaving[:cut])
    # Once, and not by chance: whose renewed token is refused again needs a person, rightly.
    front.simulator.tokens.expire_all()
    ship(run.stage.odoo, outlet.company, leaving[cut:])
    skus = run.rng.sample(sorted(outlet.products), COUNTED)
    outlet.stock(run.stage.odoo, {sku: run.rng.randint(5, UNITS) for sku in skus})
    run.require(run.charges.wait(1, 30), f"{point} was not reached")
    run.settle()
    front.simulator.faults = Faults()
    _require_none_blocked(run, front)
    run.settle()
    _calm_down(run, front)
    run.require(len(leaving) == ORDERS, f"{len(leaving)} of {ORDERS} orders could be shipped")
    answers = front.simulator.server.answers
    run.notes.append(f"{point} killed, {answers['accepted_then_failed']} answers lost,")
    run.notes.append(f"{answers['error_after_effect']} times 500 after the effect")
    check(run, front)
    run.violations += outcome.all_is_shipped(front.simulator, len(leaving))


def race(run: Run) -> None:
    """Customers and the counter sell the same few units at once."""
    front, outlet = run.outlet(FEW)
    run.clock.opens_gates = True
    run.settle()
    raced = run.rng.sample(sorted(outlet.products), RACED)
    before = len(front.simulator.stock.history)
    stop = Event()
    jobs: list[Callable[[], None]] = [
        lambda: _customers(run, front, raced, stop), lambda: _counter(run, outlet, raced, stop)
    ]  # fmt: skip
    with ThreadPoolExecutor(len(jobs)) as pool:
        going = [pool.submit(job) for job in jobs]
        time.sleep(RACE_SECONDS)
        stop.set()
        for one in going:
            one.result()
    run.settle()
    _calm_down(run, front)
    sold = sum(1 for one in front.simulator.stock.history[before:] if one.cause == "sold")
    run.notes.append(f"{sold} changes by sales")
    run.require(sold, "nobody bought anything")
    raised = [
        one for one in front.simulator.stock.history[before:]
        if one.cause in APP and one.name == "available" and one.delta > 0
    ]  # fmt: skip
    # Nothing came in meanwhile: what is offered again was gone, and the channel knew.
    run.violations += [
        f"item {one.item_id}: {one.delta} units were offered again after they were gone"
        for one in raised
    ]
    check(run, front)


def _customers(run: Run, front: Shopfront, skus: list[str], stop: Event) -> None:
    """Buy at the channel, which tells of each order at once."""
    while not stop.is_set():
        history = front.simulator.sell(run.rng.choice(skus))
        if history:
            run.send(front, front.deliveries([history]))
        stop.wait(CUSTOMER_PAUSE)


def _counter(run: Run, outlet: Outlet, skus: list[str], stop: Event) -> None:
    """Take units out of the same stock in Odoo."""
    turn = 0
    while not stop.is_set():
        outlet.take(run.stage.odoo, skus[turn % len(skus)])
        turn += 1
        stop.wait(COUNTER_PAUSE)


def _require_none_blocked(run: Run, front: Shopfront) -> None:
    """Every command comes through by itself: no person is needed for what passes."""
    mine = [("backend_id", "=", front.backend.id), ("state", "=", "blocked")]
    blocked = run.stage.odoo.search("retail.outbox.command", mine)
    run.require(not blocked, f"commands {blocked} are blocked")


def _calm_down(run: Run, front: Shopfront) -> None:
    """Let the faults end, tell of the sales that nobody was told of, and wait until all is told."""
    front.simulator.faults = Faults()
    run.clock.fault_is_over()
    run.send(front, front.deliveries())
    run.finish()


def check(run: Run, front: Shopfront) -> None:
    """Check what the channel holds in the end."""
    shop, database, backend = front.simulator, run.database, front.backend.id
    run.violations += outcome.one_effect_each(shop, database, backend)
    run.violations += outcome.same_stock(shop, database, backend)
    run.violations += outcome.not_oversold(shop)
