"""What a bank tells of an account."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum


class StatementError(ValueError):
    """A file is none that can be read. The text tells a person why."""


class FileKind(str, Enum):
    """What a file is to the books. Only statements are booked: the others repeat their entries."""

    STATEMENT = "statement"
    REPORT = "report"
    NOTIFICATION = "notification"


@dataclass(frozen=True)
class StatementLine:
    """One booked movement. ``amount`` is signed: money that came to us is positive.

    ``uid`` is the bank's own identity of the movement within its account, or one that is made of
    its content where the bank gives none: reading a file again gives the same.
    """

    uid: str
    on: date
    amount: Decimal
    currency: str
    text: str = ""
    references: tuple[str, ...] = ()
    counterparty: str | None = None
    counterparty_account: str | None = None
    value_date: date | None = None


@dataclass(frozen=True)
class AccountStatement:
    """What happened on one account. Balances are signed, in ``currency`` where they are known."""

    kind: FileKind
    account: str
    identity: str
    currency: str | None = None
    opening: Decimal | None = None
    closing: Decimal | None = None
    lines: tuple[StatementLine, ...] = ()
    pending: int = 0

    @property
    def ties(self) -> bool | None:
        """Whether the lines lead from the opening to the closing balance; None if unknown."""
        if self.opening is None or self.closing is None:
            return None
        return self.opening + sum((line.amount for line in self.lines), Decimal(0)) == self.closing
