"""The invariants after a run, from outside: plain SQL against the shop's own truth."""

from collections.abc import Collection

from demo_day.invariants import INVARIANTS, Evidence
from demo_day.reading import Database
from demo_day.truth import mismatches

from .shopfront import Shopfront

SHOWN = 5


def evidence_of(
    front: Shopfront, database: Database, longest_rest: float, deleted: Collection[str] = ()
) -> Evidence:
    """Gather what is known of a shop; what the shop deleted is judged by the experiment."""
    expected = front.simulator.expected()
    stored = database.orders(front.backend.id)
    orders = [order for order in stored if order.external_id not in deleted]
    return Evidence(
        backend=front.backend.id,
        accepted=front.accepted,
        histories=front.simulator.shop.orders,
        expected=expected,
        orders=orders,
        messages=database.messages(front.backend.id),
        database=database,
        longest_rest=longest_rest,
        mismatches=mismatches(expected.values(), orders),
    )


def violations(evidence: Evidence) -> list[str]:
    """Return what breaks an invariant, and every order that differs from the shop's."""
    found = []
    for name, check in INVARIANTS.items():
        words = check(evidence)
        found += [f"{name}: {word}" for word in words[:SHOWN]]
        found += [f"{name}: and {len(words) - SHOWN} more"] if len(words) > SHOWN else []
    other = [str(one) for one in evidence.mismatches if one.aspect != "money"]
    return found + [f"truth: {word}" for word in other[:SHOWN]]


def lives(evidence: Evidence) -> list[str]:
    """Return what became of the messages of the orders that differ."""
    names = {truth.name: key for key, truth in evidence.expected.items()}
    wrong = {names.get(one.order.partition(" ")[0], one.order) for one in evidence.mismatches}
    return [
        f"\n      {message.source} {message.topic} {message.entity_key} version"
        f" {message.version}: {message.state} {message.error or ''}"
        for message in evidence.messages
        if message.entity_key.partition(":")[2] in sorted(wrong)[:SHOWN]
    ]
