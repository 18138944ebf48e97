"""An order in one state. Everything that can be computed is computed, nothing is stored twice."""

from dataclasses import dataclass
from datetime import datetime

from .fulfilment import Fulfilment, FulfilmentOrder
from .line import Discount, Line, Shipping
from .money import NOTHING, Amounts, Terms, total_of
from .people import Address, Customer
from .tax import ChargedTax


@dataclass(frozen=True)
class Payment:
    """One movement of money; ``status`` is success, pending or failure.

    ``parent_id`` is the movement that this one captures, voids or gives back.
    """

    id: int
    gateway: str
    kind: str
    amount: Amounts
    at: datetime
    status: str = "success"
    parent_id: int | None = None
    error_code: str | None = None
    expires_at: datetime | None = None
    multi_capturable: bool = False

    @property
    def received(self) -> Amounts:
        """What the movement brought in, negative for a refund."""
        if self.status != "success" or self.kind not in ("sale", "capture", "refund"):
            return NOTHING
        return NOTHING - self.amount if self.kind == "refund" else self.amount


@dataclass(frozen=True)
class RefundLine:
    """Units taken out of a line and what they were worth."""

    id: int
    line_id: int
    quantity: int
    subtotal: Amounts
    tax: Amounts
    restock_type: str


@dataclass(frozen=True)
class Refund:
    """Units taken out of an order; ``payment`` is absent where no money flows back.

    One without lines gives money back for nothing in particular: ``adjustment_id`` names it.
    """

    id: int
    at: datetime
    lines: tuple[RefundLine, ...]
    note: str | None = None
    payment: Payment | None = None
    restock: bool = True
    adjustment_id: int | None = None


@dataclass(frozen=True)
class Totals:
    """The sums of an order. ``shipping`` and ``subtotal`` are after their discounts."""

    goods: Amounts
    discounts: Amounts
    subtotal: Amounts
    shipping: Amounts
    tax: Amounts
    tip: Amounts
    duties: Amounts
    total: Amounts


@dataclass(frozen=True, eq=False)
class Order:
    """An order as the shop holds it from ``updated_at`` until its next state."""

    id: int
    number: int
    kind: str
    terms: Terms
    created_at: datetime
    updated_at: datetime
    lines: tuple[Line, ...]
    shipping: tuple[Shipping, ...] = ()
    discounts: tuple[Discount, ...] = ()
    tip: Amounts = NOTHING
    customer: Customer | None = None
    email: str | None = None
    billing: Address | None = None
    delivery: Address | None = None
    financial: str = "paid"
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()
    test: bool = False
    source: str = "web"
    created_total: Amounts = NOTHING
    fulfilment_orders: tuple[FulfilmentOrder, ...] = ()
    fulfilments: tuple[Fulfilment, ...] = ()

    @property
    def name(self) -> str:
        """The number that people see."""
        return f"#{self.number}"

    @property
    def gateways(self) -> tuple[str, ...]:
        """The means of payment in the order of their use."""
        return tuple(dict.fromkeys(payment.gateway for payment in self.payments))

    @property
    def received(self) -> Amounts:
        """The money that came in, less what was paid back."""
        return total_of(payment.received for payment in self.payments)

    def payment(self, number: int) -> Payment:
        """Return a movement of this order's money."""
        return next(payment for payment in self.payments if payment.id == number)

    def moved(self, number: int, *kinds: str) -> Amounts:
        """Return what movements of some kinds did with that of another, failed ones left out."""
        return total_of(
            payment.amount
            for payment in self.payments
            if payment.parent_id == number
            and payment.kind in kinds
            and payment.status in ("success", "pending")
        )

    def fulfilment_order(self, number: int) -> FulfilmentOrder:
        """Return a fulfilment order of this order."""
        return next(item for item in self.fulfilment_orders if item.id == number)

    def fulfilment(self, number: int) -> Fulfilment:
        """Return a fulfilment of this order."""
        return next(item for item in self.fulfilments if item.id == number)

    def shipped(self, line_id: int) -> int:
        """Return the units of a line that left and were not called back."""
        parcels = (parcel for parcel in self.fulfilments if parcel.status == "success")
        lines = (line for parcel in parcels for line in parcel.lines)
        return sum(line.quantity for line in lines if line.line_id == line_id)

    def unshipped(self, line: Line) -> int:
        """Return the units of a line that are still to be sent."""
        return max(line.current_quantity - self.shipped(line.id), 0)

    @property
    def fulfilment_status(self) -> str:
        """What the merchant reads: UNFULFILLED, PARTIALLY_FULFILLED, FULFILLED or ON_HOLD, …"""
        lines = [line for line in self.lines if line.shippable]
        if any(self.shipped(line.id) for line in lines):
            waiting = any(self.unshipped(line) for line in lines)
            return "PARTIALLY_FULFILLED" if waiting else "FULFILLED"
        states = {item.status for item in self.fulfilment_orders if item.active}
        (only,) = states if len(states) == 1 else ("UNFULFILLED",)
        return only if only in ("ON_HOLD", "SCHEDULED", "IN_PROGRESS") else "UNFULFILLED"

    def units(self, line: Line, current: bool) -> int:
        """Return the units of a line: as ordered, or as still wanted."""
        return line.current_quantity if current else line.quantity

    def taxes(self, current: bool) -> list[ChargedTax]:
        """Return every tax of every line, duty and shipping charge."""
        taxes: list[ChargedTax] = []
        for line in self.lines:
            units = self.units(line, current)
            taxes += line.taxes(units, self.terms)
            taxes += line.duty_taxes(units, self.terms)
        if not (current and self.cancelled_at):
            for charge in self.shipping:
                taxes += charge.taxes(self.terms)
        return taxes

    def totals(self, current: bool = False) -> Totals:
        """Return the sums of what was ordered, or of what is still wanted."""
        terms, gone = self.terms, current and self.cancelled_at
        sold = [line for line in self.lines if line.kind != "tip"]
        goods = total_of(line.gross(self.units(line, current)) for line in sold)
        off = total_of(line.discount(self.units(line, current), terms) for line in sold)
        duties = total_of(line.duty(self.units(line, current), terms) for line in sold)
        charges = () if gone else self.shipping
        shipping = total_of(charge.net for charge in charges)
        tax = total_of(tax.amount for tax in self.taxes(current))
        tip = self.tips(current)
        subtotal = goods - off
        total = subtotal + shipping + tip + duties + (NOTHING if terms.taxes_included else tax)
        off += total_of(charge.discount for charge in charges)
        return Totals(goods, off, subtotal, shipping, tax, tip, duties, total)

    def tips(self, current: bool) -> Amounts:
        """Return the tip, whether it came as a line or beside the lines."""
        lines = [line for line in self.lines if line.kind == "tip"]
        own = total_of(line.gross(self.units(line, current)) for line in lines)
        return own if current and self.cancelled_at else own + self.tip
