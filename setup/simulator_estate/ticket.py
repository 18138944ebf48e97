"""A finished receipt."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from .line import Line
from .money import ZERO

CASH, CARD, GIFT_CARD, ON_ACCOUNT = "Cash", "Card", "Gift Card", "On Account"
# What becomes of a ticket after it was told: it is told once more.
TWICE = frozenset({"voided_later", "declined"})
KINDS = {CASH: "cash", CARD: "card", GIFT_CARD: "gift_card", ON_ACCOUNT: "on_account"}


@dataclass(frozen=True)
class Tender:
    """A payment; what is given back is negative."""

    id: str
    method: str
    amount: Decimal
    gift_card: str | None = None


@dataclass(frozen=True)
class Person:
    """A customer whom the register knows."""

    id: str
    name: str
    email: str


@dataclass(frozen=True)
class Ticket:
    """One ticket of a register. ``sold_at`` is the true moment, ``told_at`` the register's own.

    ``marks`` say what becomes of it on its way; see ``delivery``.
    """

    store: str
    register: str
    sequence: int
    business_date: date
    sold_at: datetime
    told_at: datetime
    lines: tuple[Line, ...]
    tenders: tuple[Tender, ...]
    tip: Decimal = ZERO
    rounding: Decimal = ZERO
    customer: Person | None = None
    cashier: str | None = None
    offline: bool = False
    voided: bool = False
    marks: frozenset[str] = field(default_factory=frozenset)

    @property
    def id(self) -> str:
        """The register's own id of the ticket, unique in the estate."""
        return f"{self.store}-{self.register}-{self.business_date:%Y%m%d}-{self.sequence:06d}"

    @property
    def number(self) -> str:
        """What is printed on it."""
        return f"{self.register}/{self.sequence:06d}"

    @property
    def total(self) -> Decimal:
        """What was paid: lines with tax, tip and rounding."""
        return sum((line.total for line in self.lines), ZERO) + self.tip + self.rounding

    @property
    def tax(self) -> Decimal:
        """The taxes of all lines."""
        return sum((line.tax for line in self.lines), ZERO)

    @property
    def counts(self) -> bool:
        """Whether it has any effect."""
        return not self.voided
