"""What happened to the webhooks that were sent."""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

from .delivery import Delivery


@dataclass
class Report:
    """Counts and samples of a run.

    ``answers`` counts statuses, and ``timeout`` or ``unreachable`` where there was none, per
    attempt. ``latencies`` are seconds to each answer. ``accepted`` holds (topic, event id) of all
    that was answered 2xx: by invariant I1 each of them must be in the inbox. ``given_up`` holds
    what was refused to the last.
    """

    answers: Counter[str] = field(default_factory=Counter)
    by_intent: Counter[tuple[str, str]] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    accepted: Counter[tuple[str, str]] = field(default_factory=Counter)
    given_up: list[Delivery] = field(default_factory=list)
    retries: int = 0
    seconds: float = 0
    unsent: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def note(self, delivery: Delivery, answer: str, latency: float | None) -> None:
        """Record one attempt."""
        with self._lock:
            self.answers[answer] += 1
            self.by_intent[delivery.intent, answer] += 1
            if latency is not None:
                self.latencies.append(latency)
            if answer.startswith("2"):
                self.accepted[delivery.topic, delivery.event_id] += 1

    def give_up(self, delivery: Delivery) -> None:
        """Record that a delivery will not be tried again."""
        with self._lock:
            self.given_up.append(delivery)

    def count_retry(self) -> None:
        """Record that a delivery will be tried again."""
        with self._lock:
            self.retries += 1

    @property
    def accepted_event_ids(self) -> set[str]:
        """The event ids of all that was answered 2xx."""
        return {event_id for _, event_id in self.accepted}

    def quantile(self, share: float) -> float:
        """Return the latency below which a share of the answers lies; 0 without any."""
        ordered = sorted(self.latencies)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0

    def summary(self) -> dict[str, object]:
        """Return the figures that people look at."""
        return {
            "attempts": sum(self.answers.values()),
            "answers": dict(self.answers),
            "accepted_events": len(self.accepted),
            "retries": self.retries,
            "given_up": len(self.given_up),
            "unsent": self.unsent,
            "seconds": round(self.seconds, 3),
            "p50_ms": round(self.quantile(0.5) * 1000, 1),
            "p99_ms": round(self.quantile(0.99) * 1000, 1),
        }
