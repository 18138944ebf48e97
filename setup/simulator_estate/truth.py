"""What an ERP should hold after the days of an estate: counted from the tickets themselves."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .life import Life
from .ticket import Ticket

Place = tuple[str, date]


@dataclass
class Truth:
    """``tickets`` by id; ``tenders`` sums by (register, day) and method; ``moved`` units that left
    each store by SKU (negative: came in); ``cards`` what is left on gift cards by code.
    """

    tickets: dict[str, Ticket] = field(default_factory=dict)
    tenders: dict[Place, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    moved: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    cards: dict[str, Decimal] = field(default_factory=dict)

    @property
    def valid(self) -> dict[str, Ticket]:
        """The tickets that have an effect."""
        return {key: ticket for key, ticket in self.tickets.items() if ticket.counts}


def truth_of(lives: Iterable[Life]) -> Truth:
    """Count what happened in some days."""
    truth = Truth()
    for life in lives:
        for ticket in life.tickets:
            truth.tickets[ticket.id] = ticket
            if ticket.counts:
                _count(truth, ticket)
        truth.cards |= life.purse.left
    return truth


def _count(truth: Truth, ticket: Ticket) -> None:
    place = (f"{ticket.store}:{ticket.register}", ticket.business_date)
    for tender in ticket.tenders:
        truth.tenders[place][tender.method] += tender.amount
    for line in ticket.lines:
        if line.good:
            truth.moved[ticket.store][line.good.sku] += line.quantity
