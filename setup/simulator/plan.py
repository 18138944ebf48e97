"""Turns events into what will be sent, misbehaviour included; the same seed, the same plan."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from .delivery import Delivery, Envelope, body_of, sign
from .faults import Dice, Faults
from .history import Event
from .identifiers import seeded_uuid
from .settings import ShopSettings


@dataclass
class Plan:
    """What will be sent, in this order, and the events that never will."""

    deliveries: list[Delivery] = field(default_factory=list)
    dropped: list[Event] = field(default_factory=list)


class Planner:
    """Decides by seed what becomes of each event on its way."""

    def __init__(
        self, settings: ShopSettings, envelope: Envelope, faults: Faults, dice: Dice
    ) -> None:
        self.settings, self.envelope, self.faults, self.dice = settings, envelope, faults, dice

    def plan(self, events: Iterable[Event]) -> Plan:
        """Return what is sent for some events."""
        plan, placed = Plan(), []
        for index, event in enumerate(events):
            subject = f"{event.topic}:{event.event_id}"
            if self.dice.hits("dropped", subject, self.faults.dropped):
                plan.dropped.append(event)
                continue
            placed += self._copies(index, event, subject)
        placed.sort(key=lambda item: item[0])
        plan.deliveries = [delivery for _, delivery in placed]
        return plan

    def _copies(self, index: int, event: Event, subject: str) -> list[tuple[float, Delivery]]:
        """Return all deliveries that one event leads to, each with its place in the queue."""
        body = body_of(event, self.settings)
        late = self.dice.hits("late", subject, self.faults.late)
        place = self._place(index, subject) + (10**9 if late else 0)
        first = self._seal(event, body, subject, "late" if late else "genuine")
        copies = [(place, first)]
        if self.dice.hits("duplicate", subject, self.faults.duplicate):
            rng = self.dice.rng("copies", subject)
            for number in range(rng.randint(1, 3)):
                after = place + rng.uniform(0, self.faults.disorder_window)
                copies.append((after, self._seal(event, body, f"{subject}:{number}", "duplicate")))
        return copies + [(place + 0.5, extra) for extra in self._corrupted(event, body, subject)]

    def _place(self, index: int, subject: str) -> float:
        if not self.dice.hits("disorder", subject, self.faults.disorder):
            return index
        return index + self.dice.rng("place", subject).uniform(0, self.faults.disorder_window)

    def _seal(self, event: Event, body: bytes, subject: str, intent: str) -> Delivery:
        triggered = None
        if intent == "late":
            now = self.envelope.now or datetime.now(timezone.utc)
            triggered = now - timedelta(seconds=self.faults.late_seconds)
        webhook_id = seeded_uuid(f"{self.dice.seed}:webhook:{subject}")
        return self.envelope.seal(event.topic, event.event_id, webhook_id, body, triggered, intent)

    def _corrupted(self, event: Event, body: bytes, subject: str) -> list[Delivery]:
        """Return extra deliveries with event ids of their own, so that the truth is unharmed."""
        contents = {
            "forged": body,
            "truncated": body[: len(body) // 2],
            "junk": b'{"id": NaN, \xff',
        }
        extras = []
        for intent, content in contents.items():
            if self.dice.hits(intent, subject, getattr(self.faults, intent)):
                identity = seeded_uuid(f"{self.dice.seed}:{intent}:{subject}")
                extras.append(
                    self.envelope.seal(event.topic, identity, identity, content, None, intent)
                )
        return [_forge(extra) if extra.intent == "forged" else extra for extra in extras]


def _forge(delivery: Delivery) -> Delivery:
    """Sign with a secret that is not the shop's."""
    headers = {**delivery.headers, "X-Shopify-Hmac-Sha256": sign(delivery.body, "not the secret")}
    return Delivery(delivery.topic, delivery.event_id, delivery.body, headers, delivery.intent)
