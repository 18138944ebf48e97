"""What a ticket does to cards."""

from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical.pos_ticket import (
    PosTicket,
    Tender,
    TenderKind,
    TenderState,
    TicketLine,
)

# What a card of a payment program can stand for; without its code it is an ordinary tender.
BY_CARD = (TenderKind.GIFT_CARD, TenderKind.STORE_CREDIT)


@dataclass(frozen=True)
class CardChange:
    """Points (in money: currency units) that come to a card or, negative, go.

    ``reference`` is unique in the ticket. ``program`` is the register's word for a program of
    points, ``None`` for money.
    """

    reference: str
    code: str
    amount: Decimal
    program: str | None = None


def is_by_card(tender: Tender) -> bool:
    """Tell whether a tender is taken off (or given back to) a card that is known by its code."""
    return (
        tender.kind in BY_CARD
        and bool(tender.gift_card_code)
        and tender.state is not TenderState.DECLINED
        and bool(tender.amount)
    )


def face_value(line: TicketLine, taxes_included: bool) -> Decimal:
    """Return what a line puts on its gift card: a discount does not make the card smaller."""
    tax = sum((tax.amount for tax in line.taxes), Decimal(0))
    return line.quantity * line.unit_price + (Decimal(0) if taxes_included else tax)


def money_changes(ticket: PosTicket) -> list[CardChange]:
    """Return what a ticket's gift card lines and tenders do to cards."""
    faces = [(line, face_value(line, ticket.taxes_included)) for line in ticket.lines]
    lines = [
        CardChange(f"line:{line.external_id}", line.gift_card_code, face)
        for line, face in faces
        if line.gift_card_code and face
    ]
    tenders = [
        CardChange(f"tender:{tender.external_id}", tender.gift_card_code, -tender.amount)
        for tender in ticket.tenders
        if is_by_card(tender)
    ]
    return lines + tenders


def point_changes(ticket: PosTicket) -> list[CardChange]:
    """Return the points that a ticket gave and took."""
    return [
        CardChange(f"points:{number}", change.card_code, change.points, change.program)
        for number, change in enumerate(ticket.loyalty, start=1)
        if change.points and change.card_code
    ]


def masked_code(code: str | None) -> str:
    """Return a card's number as people may see it: who knows all of it can spend it."""
    return f"…{code[-4:]}" if code and len(code) > 4 else "…"
