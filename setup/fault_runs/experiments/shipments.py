"""A third party's warehouse: workers die, its events come in any order, its answers get lost."""

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from typing import Any

from simulator_common import Trouble

from .. import places
from ..api_proxy import ApiProxy
from ..hub import Hub
from ..processes import standing_still, terminate
from ..run import PATIENCE, Run

ORDERS, RACED, SOLD_MORE = 8, 2, 2
SHUFFLED = Trouble(duplicate=0.5, dropped=0.25, disorder=0.6)
ROUNDS = 3
# As with tickets: so long a worker stands still, and after so long its session ends.
ASLEEP = 1.5
LOST, AMONG = 3, 40
# Seconds within which somebody cancels an order and somebody else picks it.
RACE = 0.8
# Answers to a release, and to the question whether it is there ("empty": not yet, though it is).
MISHAPS = ("500", "409", "cut", None)
POSTS, QUESTIONS = b"POST /2026-01/order ", b"ReferenceIds="
PLANNED = 6


def killed(run: Run) -> None:
    """Workers die where deliveries are released, and where the goods that left are moved."""
    hub = run.hub()
    releasing = places.one_of(places.RELEASING, run.seed)
    run.charges.arm(releasing, "kill")
    _sell(run, hub, ORDERS)
    run.require(run.charges.wait(1, 30), f"{releasing} was not reached")
    run.settle()
    _require_accepted(run, hub)
    moving = places.one_of(places.MOVING, run.seed)
    run.charges.arm(moving, "kill")
    hub.ship(run.rng)
    _tell(run, hub)
    run.require(run.charges.wait(2, 30), f"{moving} was not reached")
    run.notes.append(f"{releasing} and {moving}")
    run.finish()


def cut(run: Run) -> None:
    """Sessions end while deliveries are released or goods move; answers to COMMIT are lost."""
    hub = run.hub()
    # What a lost session breaks off is shown, and goes on by itself.
    hub.expected.add("job_failed")
    point = places.one_of(places.SHIPMENTS_MIDDLE, run.seed)
    run.charges.arm(point, "sleep", seconds=ASLEEP)
    lost = run.stage.proxy.lost
    with ThreadPoolExecutor(1) as pool:
        cutting = pool.submit(_end_sessions, run, point)
        _sell(run, hub, ORDERS)
        run.settle()
        _require_accepted(run, hub)
        lost.arm(*run.rng.sample(range(1, AMONG), LOST))
        hub.ship(run.rng)
        _deliver(run, hub)
        run.settle()
        hits = lost.hits
        lost.arm()
        _tell(run, hub)
        cutting.result()
    run.notes.append(f"{point}, {hits} answers lost")
    run.finish()


def shuffled(run: Run) -> None:
    """Events come twice, in any order or never; orders are cancelled while they are picked."""
    hub = run.hub()
    _sell(run, hub, ORDERS)
    run.settle()
    _require_accepted(run, hub)
    _race(run, hub, run.rng.sample(sorted(hub.sold), RACED))
    _work(run, hub)
    # The list first, as often as not: what was sent before it is old news then.
    if run.rng.random() < 0.5:
        hub.poll("shipment", "warehouse_order")
    _sell(run, hub, SOLD_MORE)
    run.settle()
    # A count of shelves from which goods are gone that Odoo may not know of.
    hub.poll("stock_snapshot")
    run.settle()
    _deliver(run, hub, SHUFFLED)
    _ship_all(run, hub)
    _count_again(run, hub)
    run.finish()


def unclear(run: Run) -> None:
    """The warehouse takes an order and does not say so, or says that it has it already."""
    hub = run.hub()
    run.clock.opens_gates = True
    behind = run.lend(ApiProxy(hub.simulator.server.server_address[1]))
    proxy = run.lend(ApiProxy(behind.port))
    hub.ask_through(proxy.port)
    behind.plan([run.rng.choice(MISHAPS) for _ in range(PLANNED)] + ["cut"], POSTS)
    proxy.plan([run.rng.choice(("empty", None)) for _ in range(PLANNED)], QUESTIONS)
    _sell(run, hub, ORDERS)
    run.settle()
    answers = Counter(
        status for call, status, _body in hub.simulator.server.exchanges
        if (call.method, call.path) == ("POST", "/2026-01/order")
    )  # fmt: skip
    happened = Counter([*behind.happened, *proxy.happened])
    run.notes.append(f"{dict(happened)}, orders answered {dict(answers)}")
    run.require(behind.happened, "nothing went wrong")
    run.require(answers[200] == ORDERS, f"{answers[200]} orders were made of {ORDERS}")
    _require_accepted(run, hub)
    behind.plan([])
    proxy.plan([])
    hub.ship(run.rng)
    _tell(run, hub)
    run.finish()


def _sell(run: Run, hub: Hub, orders: int) -> None:
    refused = hub.sell(run.rng, orders)
    run.require(not refused, f"not taken: {refused}")


def _require_accepted(run: Run, hub: Hub) -> None:
    there = len(hub.account.orders)
    run.require(there == len(hub.sold), f"{there} of {len(hub.sold)} orders are there")


def _end_sessions(run: Run, point: str) -> None:
    """Wait until somebody stands still at a point, and end his session."""
    reached = run.charges.wait(1, PATIENCE)
    run.require(reached, f"{point} was not reached")
    if reached:
        database = run.stage.database()
        terminate(database, standing_still(database))
        database.close()


def _race(run: Run, hub: Hub, orders: list[str]) -> None:
    """Cancel orders in Odoo while somebody picks them."""
    shipments = {order: hub.shipment_of(run.database, order) for order in orders}
    hub.expected.add("release_cancel_refused")
    clock = Event()
    with ThreadPoolExecutor(1) as pool:
        for order, shipment in shipments.items():
            cancelled = pool.submit(hub.cancel, run.stage.database(), order)
            clock.wait(run.rng.random() * RACE)
            with suppress(ValueError):
                hub.account.pick(shipment)
            cancelled.result()
    run.settle()


def _work(run: Run, hub: Hub) -> None:
    """Send some in parts, some short, some after a while on hold; the last one comes later."""
    hub.expected.add("shipment_short")
    account, going = hub.account, hub.open_shipments()
    for number in run.rng.sample(going, len(going) - 1):
        sku, units = _first(account.shipment(number))
        otherwise = run.rng.choice(("short", "split") if units > 1 else ("hold", "as it is"))
        if otherwise == "short":
            account.short(number, sku, 1)
        elif otherwise == "split":
            account.split(number, [{sku: 1}])
        elif otherwise == "hold":
            account.hold(number)
            account.resume(number)
        account.ship(number)


def _ship_all(run: Run, hub: Hub) -> None:
    """Let all leave that is there, and what is released because of that; tell all once more."""
    run.settle()
    for _round in range(ROUNDS):
        if hub.open_shipments():
            hub.ship(run.rng)
            _tell(run, hub, SHUFFLED)
    # The sender's own memory is lost: all that was, in its old words.
    hub.simulator.webhooks.sender.forget()
    _tell(run, hub)
    run.require(not hub.open_shipments(), "the warehouse has still to send something")


def _count_again(run: Run, hub: Hub) -> None:
    """Look at the former count in the light of what is known since, and count anew."""
    before = hub.counts(run.database)
    run.require(before, "nothing was counted")
    unexplained = [f"{n} differences" for _name, _state, n in before if n]
    run.notes.append(", ".join(unexplained) or "no differences")
    hub.compare_again()
    hub.poll("stock_snapshot")
    run.settle()
    run.require(len(hub.counts(run.database)) > len(before), "nothing was counted anew")


def _first(shipment: Mapping[str, Any]) -> tuple[str, int]:
    """Return the first product of a shipment and its units."""
    product = shipment["products"][0]
    return product["reference_id"], sum(one["quantity"] for one in product["inventory_items"])


def _tell(run: Run, hub: Hub, trouble: Trouble | None = None) -> None:
    """Send events, and let Odoo read the lists for what none told."""
    _deliver(run, hub, trouble)
    hub.poll("shipment", "warehouse_order")
    run.settle()


def _deliver(run: Run, hub: Hub, trouble: Trouble | None = None) -> None:
    bad = hub.deliver(trouble)
    run.require(not bad, f"events are answered {bad}")
