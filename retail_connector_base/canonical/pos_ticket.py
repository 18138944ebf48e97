"""A till's receipt: what was sold, given back and paid at a register."""

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import ClassVar

from pydantic import AwareDatetime

from .base import CanonicalMessage, CanonicalModel, Count
from .customer import Customer
from .money import CurrencyCode, ExactDecimal, is_whole
from .order import LineKind


class TenderKind(str, Enum):
    """What a customer pays with."""

    CASH = "cash"
    CARD = "card"
    GIFT_CARD = "gift_card"
    STORE_CREDIT = "store_credit"
    VOUCHER = "voucher"
    ON_ACCOUNT = "on_account"
    OTHER = "other"


class TenderState(str, Enum):
    """Whether the money is ours. A card that was taken offline is ``pending`` until it is known."""

    ACCEPTED = "accepted"
    PENDING = "pending"
    DECLINED = "declined"


class TicketTax(CanonicalModel):
    """One tax of a line. ``rate`` is a fraction (0.19), ``amount`` is signed like its line."""

    title: str
    rate: ExactDecimal
    amount: ExactDecimal


class LoyaltyChange(CanonicalModel):
    """Points that a ticket gave (positive) or took (negative) on a card of a loyalty program."""

    program: str
    card_code: str
    points: ExactDecimal


class TicketLine(CanonicalModel):
    """One position in the ticket's currency; a return has a negative ``quantity``.

    ``unit_price`` is before ``discount`` (an amount of the whole line, signed like it) and includes
    tax when the ticket's ``taxes_included`` says so. A return names the ticket and line it gives
    back where the register knows them. ``variant_external_id`` is the register's own id of what was
    sold. A sold or charged gift card has its ``gift_card_code``.
    """

    external_id: str
    kind: LineKind = LineKind.PRODUCT
    title: str
    sku: str | None = None
    barcode: str | None = None
    variant_external_id: str | None = None
    quantity: ExactDecimal
    unit_price: ExactDecimal
    discount: ExactDecimal = Decimal(0)
    taxes: tuple[TicketTax, ...] = ()
    promotions: tuple[str, ...] = ()
    original_ticket_external_id: str | None = None
    original_line_external_id: str | None = None
    gift_card_code: str | None = None
    salesperson_external_id: str | None = None
    note: str | None = None


class Tender(CanonicalModel):
    """One payment; change and money given back are negative. ``method`` is the register's name."""

    external_id: str
    method: str
    kind: TenderKind = TenderKind.OTHER
    amount: ExactDecimal
    state: TenderState = TenderState.ACCEPTED
    reference: str | None = None
    gift_card_code: str | None = None


class PosTicket(CanonicalMessage):
    """A finished receipt of one register, in one currency.

    ``external_id`` is the register's own ticket id: whatever is sent again with it is the same
    ticket. ``business_date`` is the store's day it counts for; ``sold_at`` is UTC. ``sequence``
    numbers the register's tickets without gaps. ``total`` = lines less discounts, with tax, plus
    ``tip`` and ``rounding`` = sum of the accepted tenders. A ``voided`` ticket has no effect.
    """

    kind: ClassVar[str] = "pos_ticket"
    schema_version: ClassVar[str] = "1.1"

    store_external_id: str
    register_external_id: str
    number: str
    sequence: Count | None = None
    business_date: date
    sold_at: AwareDatetime
    currency: CurrencyCode
    taxes_included: bool
    lines: tuple[TicketLine, ...] = ()
    tenders: tuple[Tender, ...] = ()
    tip: ExactDecimal = Decimal(0)
    rounding: ExactDecimal = Decimal(0)
    total: ExactDecimal
    total_tax: ExactDecimal
    customer: Customer | None = None
    cashier_external_id: str | None = None
    offline: bool = False
    voided: bool = False
    invoice_wanted: bool = False
    order_external_id: str | None = None
    loyalty: tuple[LoyaltyChange, ...] = ()
    note: str | None = None

    @property
    def is_payable(self) -> bool:
        """Whether the total is whole in the currency's minor unit."""
        return is_whole(self.total, self.currency)
