"""What the account at the shop's own gateway keeps: movements, payouts, disputes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class BalanceEntry:
    """One movement of the balance; ``kind`` and ``source`` are written as in the API's enums."""

    id: int
    kind: str
    amount: Decimal
    fee: Decimal
    at: datetime
    source: str = "ADJUSTMENT"
    source_id: int | None = None
    order_id: int | None = None
    payment_id: int | None = None
    payout_id: int | None = None
    reason: str | None = None

    @property
    def net(self) -> Decimal:
        """What it does to the balance."""
        return self.amount - self.fee


@dataclass(frozen=True)
class Payout:
    """Money on its way to the bank, or from it when ``net`` is negative."""

    id: int
    net: Decimal
    issued_at: datetime
    status: str = "scheduled"

    @property
    def trace(self) -> str | None:
        """What the bank calls it, once it has it."""
        return None if self.status == "scheduled" else f"TRACE{self.id % 10**8:08d}"


@dataclass(frozen=True)
class Dispute:
    """A dispute in one state; ``kind`` is chargeback or inquiry."""

    id: int
    order_id: int
    payment_id: int
    kind: str
    amount: Decimal
    initiated_at: datetime
    due_by: datetime
    changed_at: datetime
    status: str = "needs_response"
    reason: str = "fraudulent"
    network_code: str = "4837"
    sent_on: datetime | None = None
    finalized_on: datetime | None = None


def total(entries: Iterable[BalanceEntry]) -> Decimal:
    """Return what entries do to the balance together."""
    return sum((entry.net for entry in entries), Decimal(0))
