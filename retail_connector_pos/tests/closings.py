"""Day reports as tests need them: what is not given follows from the day's tickets, and ties."""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from uuid import uuid4

from odoo.addons.retail_connector_base.canonical import PosClosing
from odoo.addons.retail_connector_base.canonical.pos_closing import (
    CashMovement,
    CashMovementKind,
    TaxTotal,
    TenderTotal,
)

from .tickets import SOLD_AT

numbers = count(1)


def closing(*tickets, store="S1", register="R1", **values):
    """Return the report of a register that sold these tickets; nobody counted its drawer."""
    sold = [ticket for ticket in tickets if not ticket.voided]
    at = max((ticket.sold_at for ticket in tickets), default=SOLD_AT) + timedelta(hours=8)
    sequences = [ticket.sequence for ticket in tickets if ticket.sequence is not None]
    defaults = {
        "external_id": f"Z{next(numbers)}-{uuid4().hex[:8]}",
        "store_external_id": store,
        "register_external_id": register,
        "business_date": tickets[0].business_date if tickets else SOLD_AT.date(),
        "closed_at": at,
        "updated_at": at,
        "currency": tickets[0].currency if tickets else "EUR",
        "ticket_count": len(sold),
        "first_sequence": sequences[0] if sequences else None,
        "last_sequence": sequences[-1] if sequences else None,
        "total": sum((ticket.total for ticket in sold), Decimal(0)),
        "total_tax": sum((ticket.total_tax for ticket in sold), Decimal(0)),
        "tenders": tender_totals(sold),
        "taxes": tax_totals(sold),
    }
    return PosClosing(**{**defaults, **values})


def tender_totals(tickets, **counted):
    """Return what tickets took, by word; ``counted`` by word where somebody counted."""
    found = {}
    for ticket in tickets:
        for tender in ticket.tenders:
            kind, amount, number = found.get(tender.method, (tender.kind, Decimal(0), 0))
            found[tender.method] = kind, amount + tender.amount, number + 1
    return tuple(
        TenderTotal(
            method=word,
            kind=kind,
            expected=amount,
            counted=Decimal(str(counted[word])) if word in counted else None,
            ticket_count=number,
        )
        for word, (kind, amount, number) in found.items()
    )


def tax_totals(tickets):
    """Return net base and tax by rate."""
    found = {}
    for ticket in tickets:
        for line in ticket.lines:
            amount = line.quantity * line.unit_price - line.discount
            taxes = sum((tax.amount for tax in line.taxes), Decimal(0))
            for tax in line.taxes:
                base, paid = found.get(tax.rate, (Decimal(0), Decimal(0)))
                net = amount - taxes if ticket.taxes_included else amount
                found[tax.rate] = base + net, paid + tax.amount
    return tuple(
        TaxTotal(title="VAT", rate=rate, base=base, amount=paid)
        for rate, (base, paid) in found.items()
    )


def movement(kind, amount, **values):
    """Return cash that was put in, or taken out when negative."""
    defaults = {"external_id": f"M{next(numbers)}", "reason": None}
    return CashMovement(
        kind=CashMovementKind(kind), amount=Decimal(str(amount)), **{**defaults, **values}
    )


def counted(report, **amounts):
    """Return a report in which tenders were counted, by word."""
    tenders = tuple(
        each.model_copy(update={"counted": Decimal(str(amounts[each.method]))})
        if each.method in amounts
        else each
        for each in report.tenders
    )
    return report.model_copy(update={"tenders": tenders})
