"""What is sent when: bursts after hours without a line, twice, out of order, or much too late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from .bodies import Body, closing_body, ticket_body
from .counter import Counter
from .habits import Habits
from .life import Life
from .ticket import TWICE, Ticket
from .world import Store

TICKETS, CLOSINGS = "pos-tickets", "pos-closings"
BURST = 25


@dataclass(frozen=True)
class Parcel:
    """One request: items of one route under one Idempotency-Key. ``unheard``: its first answer is
    lost, so that the sender sends the same once more.
    """

    route: str
    items: tuple[Body, ...]
    key: str
    unheard: bool = False


@dataclass(frozen=True)
class Post:
    """What is sent of a day: ``before`` the reports, the ``reports``, and ``after`` them."""

    before: tuple[Parcel, ...]
    reports: tuple[Parcel, ...]
    after: tuple[Parcel, ...]

    @property
    def all(self) -> tuple[Parcel, ...]:
        """All of it in order."""
        return self.before + self.reports + self.after


def plan(life: Life, batch: int = 1) -> Post:
    """Plan how a day that is over gets to its ERP; ``batch`` tickets of a register go together."""
    return Planner(life.habits, Random(f"{life.seed}:post:{life.day}"), life).post(batch)


class Planner:
    """Draws mishaps by the habits of a day."""

    def __init__(self, habits: Habits, rng: Random, life: Life) -> None:
        self.habits, self.rng, self.life = habits, rng, life
        self._count = 0

    def post(self, batch: int = 1) -> Post:
        """Plan a whole day."""
        late = {"lost", "after_report"}
        before = [ticket for ticket in self.life.tickets if not ticket.marks & late]
        after = [ticket for ticket in self.life.tickets if ticket.marks & late]
        return Post(
            tuple(self.parcels(before, batch)),
            tuple(self.reports(self.life.counters.values())),
            tuple(self.parcels(after, 1)),
        )

    def parcels(self, tickets: Sequence[Ticket], batch: int = 1) -> list[Parcel]:
        """Plan tickets in their order. What was printed offline comes when the line is back."""
        online = [ticket for ticket in tickets if not ticket.offline]
        offline = [ticket for ticket in tickets if ticket.offline]
        made = [self._parcel(group) for group in _grouped(online, batch)]
        for burst in _grouped(offline, BURST):
            last = burst[-1].sold_at
            place = sum(ticket.sold_at < last for ticket in online) // max(1, batch)
            made.insert(place, self._parcel(burst))
        made = self._disordered(made)
        made += [self._parcel([t], "again") for t in tickets if self._hits(self.habits.duplicate)]
        made += [self._last_word(ticket) for ticket in tickets if ticket.marks & TWICE]
        return made

    def reports(self, counters: Iterable[Counter]) -> list[Parcel]:
        """Plan the reports of registers."""
        return [
            Parcel(CLOSINGS, (closing_body(one),), self._key("closing"), self._unheard())
            for one in counters
        ]

    def _parcel(self, tickets: Sequence[Ticket], word: str = "tickets") -> Parcel:
        items = tuple(self._body(ticket) for ticket in tickets)
        return Parcel(TICKETS, items, self._key(word), self._unheard())

    def _last_word(self, ticket: Ticket) -> Parcel:
        body = ticket_body(ticket, self._store(ticket))
        return Parcel(TICKETS, (body,), self._key("last"), self._unheard())

    def _body(self, ticket: Ticket) -> Body:
        return ticket_body(ticket, self._store(ticket), first=bool(ticket.marks & TWICE))

    def _store(self, ticket: Ticket) -> Store:
        return self.life.counters[f"{ticket.store}:{ticket.register}"].store

    def _disordered(self, parcels: list[Parcel]) -> list[Parcel]:
        """Move some parcels back within a window."""
        window = self.habits.window
        places = [
            number + (self.rng.uniform(1, window) if self._hits(self.habits.disorder) else 0)
            for number, _parcel in enumerate(parcels)
        ]
        order = sorted(range(len(parcels)), key=lambda number: (places[number], number))
        return [parcels[number] for number in order]

    def _key(self, word: str) -> str:
        self._count += 1
        return f"{self.life.seed}/{self.life.day}/{word}/{self._count}"

    def _unheard(self) -> bool:
        return self._hits(self.habits.lost_answer)

    def _hits(self, probability: float) -> bool:
        return probability > 0 and self.rng.random() < probability


def _grouped(tickets: Sequence[Ticket], size: int) -> list[list[Ticket]]:
    """Put tickets of a register together, in the order of each group's last."""
    rows: dict[str, list[list[Ticket]]] = {}
    for ticket in tickets:
        groups = rows.setdefault(f"{ticket.store}:{ticket.register}", [[]])
        if len(groups[-1]) == size:
            groups.append([])
        groups[-1].append(ticket)
    found = [group for groups in rows.values() for group in groups]
    return sorted(found, key=lambda group: (group[-1].sold_at, group[-1].id))
