"""At the end of the day: read everything, compare it, and fill the summary."""

from collections import Counter
from collections.abc import Iterable, Sequence

from .channel import Channel
from .day import Diary
from .invariants import INVARIANTS, Evidence
from .reading import Database
from .summary import Summary, count_sent
from .truth import mismatches
from .watch import Watch

# Orders of these kinds wait for a payment, or for the shop's correction.
OTHERS_WAIT = ("pending_then_paid", "wrong_tax")


def judge(
    summary: Summary,
    channels: Sequence[Channel],
    database: Database,
    watch: Watch,
    diary: Diary,
) -> None:
    """Check every shop and write what was found into the summary."""
    evidences = [_evidence(channel, database, watch) for channel in channels]
    summary.sent, summary.answers = count_sent(channels)
    summary.mismatches = [str(found) for evidence in evidences for found in evidence.mismatches]
    summary.kinds = _count(
        truth.kind for evidence in evidences for truth in evidence.expected.values()
    )
    summary.orders = _outcomes(evidences)
    summary.inbox = _count(m.state for evidence in evidences for m in evidence.messages)
    summary.sources = _count(m.source for evidence in evidences for m in evidence.messages)
    stretches = waits(evidences, watch)
    calm = [end - begin for begin, end in stretches if not diary.is_disturbed(begin, end)]
    stormy = [end - begin for begin, end in stretches if diary.is_disturbed(begin, end)]
    summary.latency = quantiles(calm)
    summary.latency_outage = quantiles(stormy)
    summary.silent = len(diary.silent)
    summary.exceptions = _exceptions(channels, database)
    for name, check in INVARIANTS.items():
        summary.invariants[name] = [words for evidence in evidences for words in check(evidence)]


def _evidence(channel: Channel, database: Database, watch: Watch) -> Evidence:
    expected = channel.simulator.expected()
    orders = database.orders(channel.backend.id)
    return Evidence(
        backend=channel.backend.id,
        accepted=channel.accepted,
        histories=channel.simulator.shop.orders,
        expected=expected,
        orders=orders,
        messages=database.messages(channel.backend.id),
        database=database,
        longest_rest=watch.longest_rest,
        mismatches=mismatches(expected.values(), orders),
    )


def _outcomes(evidences: Iterable[Evidence]) -> dict[str, int]:
    placed = sum(len(evidence.expected) for evidence in evidences)
    states = Counter(order.state for evidence in evidences for order in evidence.orders)
    names = {"sale": "confirmed", "draft": "held", "cancel": "cancelled"}
    return {"placed": placed, **{names.get(state, state): n for state, n in states.items()}}


def _count(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))


def _exceptions(channels: Iterable[Channel], database: Database) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for channel in channels:
        for row in database.exceptions(channel.backend.id):
            name = f"{row['error_class']} ({row['code']})"
            found.setdefault(name, Counter())[row["state"]] += 1
    return {name: dict(states) for name, states in sorted(found.items())}


def waits(evidences: Iterable[Evidence], watch: Watch) -> list[tuple[float, float]]:
    """Return from when to when (epoch seconds) orders waited: first webhook to confirmation.

    Orders that waited for money, for a person or for the poll tell nothing about speed.
    """
    return [
        (first, moment)
        for evidence in evidences
        for key, first in _first_webhooks(evidence).items()
        if (moment := watch.confirmed.get((evidence.backend, key)))
        and evidence.expected[key].error is None
        and evidence.expected[key].kind not in OTHERS_WAIT
    ]


def quantiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return how long it took in half of the cases, in most, and at worst."""
    ordered = sorted(seconds)
    if not ordered:
        return {}
    shares = {"p50": 0.5, "p95": 0.95}
    found = {name: _quantile(ordered, share) for name, share in shares.items()}
    return {"orders": len(ordered), **found, "max": ordered[-1]}


def _first_webhooks(evidence: Evidence) -> dict[str, float]:
    """Return when the first webhook of each order was received (epoch seconds)."""
    found: dict[str, float] = {}
    for message in evidence.messages:
        kind, _, key = message.entity_key.partition(":")
        if kind == "order" and message.source == "webhook" and key in evidence.expected:
            found.setdefault(key, message.received_at.timestamp())
    return found


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
