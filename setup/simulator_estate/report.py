"""A register's own report of its day, from what it printed and from what was counted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from .money import ZERO
from .terms import Tax
from .ticket import CASH, Ticket

if TYPE_CHECKING:
    from .counter import Counter


@dataclass(frozen=True)
class Movement:
    """Cash put into a drawer (positive) or taken out of it without a sale."""

    id: str
    kind: str
    amount: Decimal
    at: datetime
    reason: str


@dataclass(frozen=True)
class TenderTotal:
    """What a method took; ``counted`` only where somebody counts."""

    method: str
    expected: Decimal
    counted: Decimal | None
    tickets: int


@dataclass(frozen=True)
class Report:
    """The register's totals.

    ``drawer`` is what the drawer should hold, ``counted`` what it did, ``left`` what stays in it.
    """

    closed_at: datetime
    tickets: int
    first: int | None
    last: int | None
    total: Decimal
    tax: Decimal
    tenders: tuple[TenderTotal, ...]
    taxes: tuple[tuple[Tax, Decimal, Decimal], ...]
    drawer: Decimal
    counted: Decimal
    left: Decimal

    @property
    def over(self) -> Decimal:
        """What was too much in the drawer; negative where it was short."""
        return self.counted - self.drawer


def report_of(counter: Counter, at: datetime, counted: Decimal, left: Decimal) -> Report:
    """Add up a register's day."""
    valid = [ticket for ticket in counter.tickets if ticket.counts]
    numbers = [ticket.sequence for ticket in counter.tickets]
    return Report(
        at, len(valid), min(numbers, default=None), max(numbers, default=None),
        sum((ticket.total for ticket in valid), ZERO), sum((ticket.tax for ticket in valid), ZERO),
        _tenders(valid, _base(counter), counted - counter.drawer), _taxes(valid),
        counter.drawer, counted, left,
    )  # fmt: skip


def _base(counter: Counter) -> Decimal:
    """Return what a report's cash holds beside the takings."""
    if not counter.store.counts_float:
        return ZERO
    return counter.opening + sum((move.amount for move in counter.movements), ZERO)


def _tenders(tickets: list[Ticket], base: Decimal, over: Decimal) -> tuple[TenderTotal, ...]:
    """Return each method's takings; of cash what is counted, too, both with ``base``."""
    sums: dict[str, Decimal] = defaultdict(Decimal, {CASH: ZERO})
    sums[CASH] += base
    users: dict[str, set[str]] = defaultdict(set)
    for ticket in tickets:
        for tender in ticket.tenders:
            sums[tender.method] += tender.amount
            users[tender.method].add(ticket.id)
    return tuple(
        TenderTotal(method, amount, amount + over if method == CASH else None, len(users[method]))
        for method, amount in sorted(sums.items())
    )


def _taxes(tickets: list[Ticket]) -> tuple[tuple[Tax, Decimal, Decimal], ...]:
    found: dict[Tax, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for ticket in tickets:
        for line in ticket.lines:
            for tax, amount in line.taxes:
                found[tax][0] += line.base
                found[tax][1] += amount
    rows = sorted(found.items(), key=lambda row: (row[0].title, row[0].rate))
    return tuple((tax, base, amount) for tax, (base, amount) in rows)
