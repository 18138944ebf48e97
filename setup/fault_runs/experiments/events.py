"""Events that come twice, in any order, or that nobody survives; and a checker that is checked."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone

from demo_day.rpc import Odoo
from simulator import Delivery, Envelope
from simulator.history import History
from simulator.identifiers import seeded_uuid

from ..run import Run
from ..shopfront import MANY, Shopfront

COPIES, EVENTS, TWICE = 50, 2000, 200
# Orders among those events; what else comes is of a topic that no importer is installed for.
ORDERS, TOPIC = 40, "fulfillment_events/create"
# How an order's life may go; each state is announced by one event or two.
LIVES = (
    "plain", "pending_then_paid", "annotated", "address_changed", "unit_removed", "line_added",
    "edited_twice", "refunded_before_fulfilment", "cancelled", "pending_then_cancelled",
)  # fmt: skip
DELETED = 2
POISONS = ("raise", "memory", "kill", "loop")
POISONED, OTHERS = 2, 10


def duplicates(run: Run) -> None:
    """Many copies of one event at once; then many events, every tenth of them twice."""
    front = run.shop()
    first, *others = front.trade(1 + ORDERS, ["plain"])
    same = front.deliveries([first])[:1]
    run.send(front, same * COPIES, replace(MANY, concurrency=COPIES))
    known = front.deliveries(others)
    rest = list(foreign(front, EVENTS - len(known)))
    events = [*known, *rest]
    again = run.rng.sample(events, TWICE)
    mixed = [*events, *again]
    run.rng.shuffle(mixed)
    run.clock.is_busy = True  # nobody's wake-up is lost, but web and jobs share the machine
    report = run.send(front, mixed, MANY)
    run.require(len(report.accepted) == EVENTS, f"{len(report.accepted)} events were accepted")
    run.finish()


def foreign(front: Shopfront, count: int) -> Iterator[Delivery]:
    """Return webhooks that are stored and shown, and no more."""
    shop = front.simulator.shop
    envelope = Envelope(shop.domain, front.simulator.app.client_secret)
    for number in range(count):
        identity = seeded_uuid(f"{shop.seed}:foreign:{number}")
        body = json.dumps({"id": number + 1, "order_id": 9_000_000 + number}).encode()
        yield envelope.seal(TOPIC, identity, identity, body)


def permutations(run: Run) -> None:
    """Every event of an order comes in an order of its own, some twice; some orders are deleted."""
    front = run.shop()
    histories = front.trade(len(LIVES) + 4, run.rng.sample(LIVES, len(LIVES)))
    gone = run.rng.sample(histories, DELETED)
    events = front.deliveries(histories)
    events += [_deletion(front, history) for history in gone]
    events += run.rng.sample(events, len(events) // 4)
    run.rng.shuffle(events)
    for history in gone:
        front.simulator.shop.histories.pop(history.id)
    run.send(front, events, replace(MANY, concurrency=run.rng.choice((1, 4, 16))))
    run.settle()
    deleted = {str(history.id) for history in gone}
    left = [o for o in run.database.orders(front.backend.id) if o.external_id in deleted]
    alive = [order.external_id for order in left if order.state != "cancel"]
    run.require(not alive, f"deleted orders live on: {alive}")
    run.finish(deleted)


def _deletion(front: Shopfront, history: History) -> Delivery:
    shop = front.simulator.shop
    envelope = Envelope(shop.domain, front.simulator.app.client_secret)
    identity = seeded_uuid(f"{shop.seed}:deleted:{history.id}")
    body = json.dumps({"id": history.id}).encode()
    return envelope.seal("orders/delete", identity, identity, body, datetime.now(timezone.utc))


def poison(run: Run) -> None:
    """Some orders break their worker each time; the others go on, and a person learns of it."""
    front = run.shop()
    histories = front.trade(OTHERS + POISONED, ["plain", "several_lines"])
    bad = run.rng.sample(histories, POISONED)
    poisons = run.rng.sample(POISONS, POISONED)
    for history, kind in zip(bad, poisons, strict=True):
        run.charges.arm("inbox.importing", kind, only=f"order:{history.id}", keep=True)
    run.notes.append(" and ".join(poisons))
    run.clock.is_busy = True  # who shares a lane with poison waits for its worker's time limit
    run.send(front, front.deliveries())
    run.settle()
    keys = {f"order:{history.id}" for history in bad}
    messages = run.database.messages(front.backend.id)
    unfinished = [m.entity_key for m in messages if m.entity_key not in keys and m.state != "done"]
    run.require(not unfinished, f"sound orders did not go on: {unfinished}")
    blocked = [m.entity_key for m in messages if m.state == "blocked"]
    run.require(set(blocked) == keys, f"blocked are {blocked}, poisoned {sorted(keys)}")
    run.check_dead_are_shown(front)
    run.charges.disarm()
    replay(run.stage.odoo, front)
    run.finish()


def replay(odoo: Odoo, front: Shopfront) -> None:
    """Press the button that leads everything dead back to the start."""
    dead = ("blocked", "quarantined", "conflict")
    domain = [("backend_id", "=", front.backend.id), ("state", "in", dead)]
    found = odoo.search("retail.inbox.message", domain)
    odoo.call("retail.inbox.message", "action_replay", found)


def checker(run: Run) -> None:
    """With the index of the inbox's identity dropped, the run has to fail, or nothing is proved."""
    front = run.shop()
    first = front.trade(1, ["plain"])
    same = front.deliveries(first)[:1]
    run.send(front, same * COPIES, replace(MANY, concurrency=COPIES))
    run.finish()
    found, run.violations = run.violations, []
    noticed = any(words.startswith("I2: event") for words in found)
    run.require(noticed, f"events were stored twice and nobody noticed: {found}")
    run.notes.append(f"noticed: {found[0]}" if found else "")
