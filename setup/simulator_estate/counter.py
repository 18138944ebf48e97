"""A register on one business day: its tickets, its drawer, and its own report in the evening."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from .line import Line
from .money import ZERO
from .paying import Payment
from .report import Movement, Report, report_of
from .ticket import CASH, Person, Ticket
from .world import Store

FLOAT = 20_000  # smallest units


@dataclass
class Counter:
    """``skew`` is how far its clock is ahead of the truth; ``first`` its first number today."""

    store: Store
    register: str
    day: date
    first: int = 1
    skew: timedelta = timedelta()
    offline: bool = False
    tickets: list[Ticket] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    report: Report | None = None
    opening: Decimal = ZERO
    used: int = 0

    def __post_init__(self) -> None:
        self.opening = FLOAT * self.store.terms.unit

    def go_on_from(self, before: "Counter") -> None:
        """Go on where this register stopped the day before."""
        self.first = before.first + before.used
        if before.report:
            self.opening = before.report.left

    @property
    def place(self) -> str:
        """Its identity in the estate."""
        return f"{self.store.id}:{self.register}"

    @property
    def drawer(self) -> Decimal:
        """The cash that should be in the drawer."""
        taken = sum(
            (tender.amount for ticket in self.tickets if ticket.counts
             for tender in ticket.tenders if tender.method == CASH), ZERO,
        )  # fmt: skip
        return self.opening + taken + sum((move.amount for move in self.movements), ZERO)

    def ring_up(
        self, at: datetime, lines: Sequence[Line], payment: Payment, *, tip: Decimal = ZERO,
        cashier: str | None = None, customer: Person | None = None, voided: bool = False,
    ) -> Ticket:  # fmt: skip
        """Print a ticket."""
        ticket = Ticket(
            self.store.id, self.register, self.first + self.used, self.day, at, at + self.skew,
            tuple(lines), tuple(payment.tenders), tip, payment.rounding,
            payment.customer or customer, cashier, self.offline, voided,
        )  # fmt: skip
        self.used += 1
        self.tickets.append(ticket)
        return ticket

    def renew(self, ticket: Ticket, **values: object) -> Ticket:
        """Say something else of a ticket."""
        changed = replace(ticket, **values)
        self.tickets[self.tickets.index(ticket)] = changed
        return changed

    def move_cash(self, at: datetime, kind: str, amount: Decimal, reason: str) -> None:
        """Put cash in (positive) or take it out."""
        name = f"{self.place}-{self.day:%Y%m%d}-C{len(self.movements) + 1}"
        self.movements.append(Movement(name, kind, amount, at + self.skew, reason))

    def close(self, at: datetime, over: Decimal) -> Report:
        """Count the drawer, which holds ``over`` too much or too little.

        Where the float is not reported, the rest goes to the bank; else all stays in the drawer.
        """
        counted = self.drawer + over
        usual = FLOAT * self.store.terms.unit
        left = counted if self.store.counts_float else min(counted, usual)
        self.report = report_of(self, at + self.skew, counted, left)
        return self.report
