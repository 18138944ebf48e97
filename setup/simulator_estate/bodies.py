"""Tickets and reports as the canonical API takes them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from .counter import Counter
from .line import Line
from .report import Movement
from .ticket import CARD, KINDS, TWICE, Tender, Ticket
from .world import Store

Body = dict[str, Any]
LATER = timedelta(minutes=3)


def ticket_body(ticket: Ticket, store: Store, *, first: bool = False) -> Body:
    """Return a ticket; ``first``: as it was told first, where it is told twice."""
    late = bool(ticket.marks & TWICE) and not first
    return _without_none(
        {
            "external_id": ticket.id,
            "updated_at": _moment(ticket.told_at + (LATER if late else timedelta())),
            "store_external_id": ticket.store,
            "register_external_id": ticket.register,
            "number": ticket.number,
            "sequence": ticket.sequence,
            "business_date": ticket.business_date.isoformat(),
            "sold_at": _moment(ticket.told_at),
            "currency": store.terms.currency,
            "taxes_included": store.terms.taxes_included,
            "lines": [_line(line) for line in ticket.lines],
            "tenders": [_tender(tender, ticket, late) for tender in ticket.tenders],
            "tip": _number(ticket.tip),
            "rounding": _number(ticket.rounding),
            "total": _number(ticket.total),
            "total_tax": _number(ticket.tax),
            "customer": _customer(ticket),
            "cashier_external_id": ticket.cashier,
            "offline": ticket.offline,
            "voided": ticket.voided and not ("voided_later" in ticket.marks and first),
        }
    )


def closing_body(counter: Counter) -> Body:
    """Return a register's report of its day."""
    report, store = counter.report, counter.store
    assert report
    return _without_none(
        {
            "external_id": f"{counter.place}:{counter.day.isoformat()}",
            "updated_at": _moment(report.closed_at),
            "store_external_id": store.id,
            "register_external_id": counter.register,
            "business_date": counter.day.isoformat(),
            "closed_at": _moment(report.closed_at),
            "currency": store.terms.currency,
            "ticket_count": report.tickets,
            "first_sequence": report.first,
            "last_sequence": report.last,
            "total": _number(report.total),
            "total_tax": _number(report.tax),
            "tenders": [
                _without_none(
                    {
                        "method": total.method,
                        "kind": KINDS[total.method],
                        "expected": _number(total.expected),
                        "counted": None if total.counted is None else _number(total.counted),
                        "ticket_count": total.tickets,
                    }
                )
                for total in report.tenders
            ],
            "taxes": [
                {
                    "title": tax.title,
                    "rate": _number(tax.rate),
                    "base": _number(base),
                    "amount": _number(amount),
                }
                for tax, base, amount in report.taxes
            ],
            "cash_movements": [_movement(movement) for movement in counter.movements],
            "opening_float": _number(counter.opening),
            "closing_float": _number(report.left),
        }
    )


def _line(line: Line) -> Body:
    ticket, number = line.original or (None, None)
    return _without_none(
        {
            "external_id": line.id,
            "kind": "product" if line.good else "gift_card",
            "title": line.title,
            "sku": line.good.sku if line.good else None,
            "barcode": line.good.barcode if line.good else None,
            "quantity": _number(line.quantity),
            "unit_price": _number(line.unit_price),
            "discount": _number(line.discount),
            "taxes": [
                {"title": tax.title, "rate": _number(tax.rate), "amount": _number(amount)}
                for tax, amount in line.taxes
            ],
            "promotions": list(line.promotions),
            "original_ticket_external_id": ticket,
            "original_line_external_id": number,
            "gift_card_code": line.gift_card,
        }
    )


def _tender(tender: Tender, ticket: Ticket, late: bool) -> Body:
    state = "accepted"
    if "declined" in ticket.marks and tender.method == CARD:
        state = "declined" if late else "pending"
    return _without_none(
        {
            "external_id": tender.id,
            "method": tender.method,
            "kind": KINDS[tender.method],
            "amount": _number(tender.amount),
            "state": state,
            "gift_card_code": tender.gift_card,
        }
    )


def _customer(ticket: Ticket) -> Body | None:
    person = ticket.customer
    if person is None:
        return None
    first, _, last = person.name.partition(" ")
    return {
        "external_id": person.id, "email": person.email, "email_verified": True,
        "first_name": first, "last_name": last,
    }  # fmt: skip


def _movement(movement: Movement) -> Body:
    return {
        "external_id": movement.id,
        "kind": movement.kind,
        "amount": _number(movement.amount),
        "at": _moment(movement.at),
        "reason": movement.reason,
    }


def _number(amount: Decimal) -> str:
    return format(amount, "f")


def _moment(moment: datetime) -> str:
    return moment.isoformat()


def _without_none(values: Body) -> Body:
    return {name: value for name, value in values.items() if value is not None}
