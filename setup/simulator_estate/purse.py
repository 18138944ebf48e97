"""Gift cards in circulation, and what of earlier tickets can still be given back."""

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from .line import Line
from .ticket import Ticket


@dataclass
class Purse:
    """Cards with what is left on them, by code; and the registers that sold them."""

    left: dict[str, Decimal] = field(default_factory=dict)
    sold_at: dict[str, str] = field(default_factory=dict)

    def issue(self, code: str, value: Decimal, place: str) -> None:
        """Take note of a card that was sold."""
        self.left[code], self.sold_at[code] = value, place

    def pick(self, rng: Random, place: str, travel: bool) -> str | None:
        """Return a card that a customer of a register may have; of any register if they travel."""
        codes = [
            code for code, value in self.left.items()
            if value > 0 and (travel or self.sold_at[code] == place)
        ]  # fmt: skip
        return rng.choice(codes) if codes else None

    def use(self, code: str, wanted: Decimal) -> Decimal:
        """Take up to an amount from a card; return what it gave."""
        given = min(wanted, self.left[code])
        self.left[code] -= given
        return given


@dataclass
class Sold:
    """A line of an earlier ticket and how much of it the customer still has."""

    ticket: Ticket
    line: Line
    left: Decimal
    discount_left: Decimal


@dataclass
class Memory:
    """Lines that may come back."""

    rows: list[Sold] = field(default_factory=list)

    def note(self, ticket: Ticket) -> None:
        """Remember what a customer took home."""
        self.rows += [
            Sold(ticket, line, line.quantity, line.discount)
            for line in ticket.lines
            if line.good and line.quantity > 0
        ]

    def pick(self, rng: Random, store: str) -> Sold | None:
        """Return a line that a customer of a store may bring back."""
        rows = [row for row in self.rows if row.left > 0 and row.ticket.store == store]
        return rng.choice(rows) if rows else None
