"""What a payout is compared with, and what is said of it. Amounts are signed as by the gateway."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from odoo.addons.retail_connector_base.canonical import BalanceCategory

from .ledger import AT_ONCE, FEES, WITH_PAYOUT, Role

# What an accountant may map to an account of its own, whether the gateway has one or not.
MAPPABLE = frozenset({BalanceCategory.ADJUSTMENT, BalanceCategory.LABEL, BalanceCategory.DUTY})
DISPUTED = frozenset({BalanceCategory.DISPUTE, BalanceCategory.DISPUTE_REVERSAL})


class Cause(str, Enum):
    """Why a payout does not tie."""

    SUM = "sum"
    ARITHMETIC = "arithmetic"
    FEE_TAX = "fee_tax"
    PRECISION = "precision"
    CURRENCY = "currency"
    SIGN = "sign"
    UNMAPPED = "unmapped"
    NO_ACCOUNT = "no_account"
    NO_KEY = "no_key"
    MISSING = "missing"
    NOT_POSTED = "not_posted"
    SETTLED_BEFORE = "settled_before"
    AMOUNT = "amount"
    TWICE = "twice"


# What goes away once an entry is posted.
AWAITED = frozenset({Cause.MISSING, Cause.NOT_POSTED})


@dataclass(frozen=True, slots=True)
class Line:
    """One transaction of a payout. ``key`` is what the gateway says it settles."""

    number: int
    external_id: str
    category: BalanceCategory
    gross: Decimal
    net: Decimal
    currency: str
    fee: Decimal = Decimal(0)
    fee_tax: Decimal = Decimal(0)
    word: str | None = None
    key: str | None = None
    original: Decimal | None = None
    original_currency: str | None = None

    @property
    def settles(self) -> bool:
        """Whether an entry that was posted before must be closed by it."""
        return self.category in AT_ONCE and self.gross != 0

    @property
    def fee_role(self) -> Role:
        """What the account of its fee is for."""
        return FEES.get(self.category, Role.FEE)


@dataclass(frozen=True, slots=True)
class Entry:
    """What was posted when it happened: ``balance`` is the clearing line's, in company currency.

    ``worth`` is the amount in the payout's currency at our own rate, where that is another one.
    """

    number: int
    category: BalanceCategory
    key: str
    amount: Decimal
    currency: str
    balance: Decimal
    state: str = "posted"
    worth: Decimal | None = None


@dataclass(frozen=True)
class Books:
    """What the gateway's books offer: accounts by role, and by the gateway's own words."""

    roles: frozenset[Role]
    mapped: Mapping[str, int] = field(default_factory=dict)

    def target(self, line: Line) -> Role | int | None:
        """Return where the gross of a transaction is booked, ``None`` where nobody knows."""
        if line.category in AT_ONCE:
            return Role.CLEARING
        role = WITH_PAYOUT.get(line.category)
        if role is None or line.category in MAPPABLE:
            mapped = self.mapped.get(line.word or line.category.value)
            if mapped:
                return mapped
        return self.role(role) if role else None

    def role(self, role: Role) -> Role | None:
        """Return the role if it has an account. The tax of a fee may stand with the fee."""
        if role is Role.FEE_TAX and role not in self.roles:
            role = Role.FEE
        return role if role in self.roles else None

    def fee_tax_role(self, line: Line) -> Role:
        """Return where the tax within a fee is booked: with the fee where it has no account."""
        return Role.FEE_TAX if Role.FEE_TAX in self.roles else line.fee_role


@dataclass(frozen=True)
class Misfit:
    """Something that does not tie. ``line`` is empty where it is about the payout as a whole."""

    cause: Cause
    line: Line | None = None
    expected: str = ""
    found: str = ""


@dataclass(frozen=True)
class Tie:
    """The result: which entry each transaction settles, by number, and what does not tie."""

    misfits: tuple[Misfit, ...]
    settled: Mapping[int, Entry]
