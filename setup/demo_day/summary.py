"""The result of the day: as a table for people, as JSON for programs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

from .channel import Channel


@dataclass
class Summary:
    """What went in, what came out, how fast, what went wrong and whether all is as it must be."""

    seed: int
    seconds: float = 0
    sent: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    orders: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    inbox: dict[str, int] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    silent: int = 0
    latency: dict[str, float] = field(default_factory=dict)
    latency_outage: dict[str, float] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)
    effects: dict[str, int] = field(default_factory=dict)
    promotion: dict[str, int] = field(default_factory=dict)
    doors: dict[str, int] = field(default_factory=dict)
    money: dict[str, float] = field(default_factory=dict)
    stores: dict[str, float] = field(default_factory=dict)
    warehouse: dict[str, float] = field(default_factory=dict)
    exceptions: dict[str, dict[str, int]] = field(default_factory=dict)
    invariants: dict[str, list[str]] = field(default_factory=dict)
    mismatches: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.mismatches and not self.notes and not any(self.invariants.values())

    def as_json(self) -> dict[str, object]:
        """Return everything, with the verdict."""
        return {"ok": self.ok, **asdict(self)}

    def lines(self) -> list[str]:
        """Return the summary as a person reads it."""
        verdict = "ALL IS WELL" if self.ok else "SOMETHING IS WRONG"
        return [
            *_block("webhooks sent (attempts)", self.sent),
            *_block("answers", self.answers),
            *_block("orders placed, by kind", self.kinds),
            *_block("orders", self.orders),
            *_block("known from the poll alone", {"orders": self.silent}),
            *_block("inbox, by state", self.inbox),
            *_block("inbox, by source", self.sources),
            *_block("webhook to confirmed, seconds", self.latency),
            *_block("the same across the outage", self.latency_outage),
            *_block("told to the shops", self.told),
            *_block("effects in the shops", self.effects),
            *_block("promotion", self.promotion),
            *_block("stores", self.stores),
            *_block("open doors", self.doors),
            *_block("money", self.money),
            *_block("warehouse", self.warehouse),
            *_exceptions(self.exceptions),
            *_verdicts(self.invariants),
            *_verdict("orders equal the channel's truth", self.mismatches),
            *_verdict("the day went to its end", self.notes),
            "",
            f"{verdict}: {self.seconds:.0f} s, seed {self.seed}",
        ]


WIDTH = 32
SHOWN = 12


def _block(title: str, values: dict[str, int] | dict[str, float]) -> list[str]:
    cells = [f"{name} {_number(value)}" for name, value in values.items()]
    rows, row = [], ""
    for cell in cells:
        if row and len(row) + len(cell) > 66:
            rows.append(row)
            row = ""
        row += (", " if row else "") + cell
    rows.append(row or "none")
    return [f"{title if not index else '':<{WIDTH}}  {row}" for index, row in enumerate(rows)]


def _number(value: float) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _exceptions(exceptions: dict[str, dict[str, int]]) -> list[str]:
    rows = [
        f"{'exceptions' if not index else '':<{WIDTH}}  {name}: " + ", ".join(
            f"{count} {state}" for state, count in states.items()
        )
        for index, (name, states) in enumerate(exceptions.items())
    ]  # fmt: skip
    return rows or [f"{'exceptions':<{WIDTH}}  none"]


def _verdicts(invariants: dict[str, list[str]]) -> list[str]:
    return [line for name, found in invariants.items() for line in _verdict(name, found)]


def _verdict(title: str, found: Sequence[str]) -> list[str]:
    verdict = f"{len(found)} VIOLATIONS" if found else "ok"
    rest = [f"{'':<{WIDTH}}  ..."] if len(found) > SHOWN else []
    return [
        f"{title:<{WIDTH}}  {verdict}",
        *(f"{'':<{WIDTH}}    {words}" for words in found[:SHOWN]),
        *rest,
    ]


def count_sent(channels: Iterable[Channel]) -> tuple[dict[str, int], dict[str, int]]:
    """Return what was sent by intent, and what it was answered."""
    intents: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    for channel in channels:
        for report in channel.reports:
            answers.update(report.answers)
            for (intent, _answer), count in report.by_intent.items():
                intents[intent] += count
            intents["events accepted"] += len(report.accepted)
            intents["retries"] += report.retries
            intents["given up"] += sum(item.intent != "forged" for item in report.given_up)
    return dict(intents), dict(sorted(answers.items()))
