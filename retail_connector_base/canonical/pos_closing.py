"""A register's own report of its day."""

from datetime import date
from enum import Enum
from typing import ClassVar

from pydantic import AwareDatetime

from .base import CanonicalMessage, CanonicalModel, Count
from .money import CurrencyCode, ExactDecimal
from .pos_ticket import TenderKind


class CashMovementKind(str, Enum):
    """Why cash went in or out without a sale."""

    PAID_IN = "paid_in"
    PAID_OUT = "paid_out"
    BANK_DROP = "bank_drop"
    FLOAT = "float"


class TenderTotal(CanonicalModel):
    """What a register says of one payment method; ``counted`` is ``None`` where nobody counts."""

    method: str
    kind: TenderKind = TenderKind.OTHER
    expected: ExactDecimal
    counted: ExactDecimal | None = None
    ticket_count: Count | None = None


class TaxTotal(CanonicalModel):
    """Net base and tax of one rate. ``rate`` is a fraction."""

    title: str
    rate: ExactDecimal
    base: ExactDecimal
    amount: ExactDecimal


class CashMovement(CanonicalModel):
    """Cash put in (positive) or taken out (negative) of a drawer."""

    external_id: str
    kind: CashMovementKind
    amount: ExactDecimal
    at: AwareDatetime | None = None
    reason: str | None = None


class PosClosing(CanonicalMessage):
    """The report of one register and business day, in one currency.

    ``total`` includes tax; ``opening_float`` and ``closing_float`` are the cash left in the drawer.
    ``first_sequence`` and ``last_sequence`` bound the day's tickets.
    """

    kind: ClassVar[str] = "pos_closing"

    store_external_id: str
    register_external_id: str
    business_date: date
    opened_at: AwareDatetime | None = None
    closed_at: AwareDatetime
    currency: CurrencyCode
    ticket_count: Count
    first_sequence: Count | None = None
    last_sequence: Count | None = None
    total: ExactDecimal
    total_tax: ExactDecimal
    tenders: tuple[TenderTotal, ...] = ()
    taxes: tuple[TaxTotal, ...] = ()
    cash_movements: tuple[CashMovement, ...] = ()
    opening_float: ExactDecimal | None = None
    closing_float: ExactDecimal | None = None

    @property
    def entity_key(self) -> str:
        """The register's day: a corrected report follows the first."""
        where = f"{self.store_external_id}:{self.register_external_id}"
        return f"pos_day:{where}:{self.business_date.isoformat()}"
