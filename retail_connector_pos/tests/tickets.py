"""Canonical tickets as tests need them: what is not given follows from the lines, and ties."""

from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from itertools import count
from uuid import uuid4

from odoo.addons.retail_connector_base.canonical import LineKind, PosTicket, minor_unit
from odoo.addons.retail_connector_base.canonical.pos_ticket import (
    Tender,
    TenderKind,
    TicketLine,
    TicketTax,
)
from odoo.addons.retail_connector_base.decisions.outcome import InboundItem

SOLD_AT = datetime(2026, 5, 4, 9, 30, tzinfo=timezone.utc)
VAT = "0.19"
numbers = count(1)


def rounded(amount, currency="EUR"):
    """Return an amount in whole minor units, halves away from zero."""
    return Decimal(amount).quantize(minor_unit(currency), ROUND_HALF_UP)


def line(
    sku="A", quantity=1, price="11.90", discount=0, rates=(VAT,), included=True, currency="EUR",
    **values,
):  # fmt: skip
    """Return a line; the tax of each of ``rates`` (fractions) follows from price and discount.

    ``price`` is per unit and before ``discount``, an amount of the whole line; ``included`` says
    whether it holds the taxes, as the ticket's ``taxes_included`` has to.
    """
    quantity, price, discount = (Decimal(str(given)) for given in (quantity, price, discount))
    amount = rounded(quantity * price - discount, currency)
    rates = [Decimal(str(rate)) for rate in rates]
    base = amount / (1 + sum(rates)) if included else amount
    taxes = tuple(
        TicketTax(title="VAT", rate=rate, amount=rounded(base * rate, currency)) for rate in rates
    )
    defaults = {
        "external_id": f"L{next(numbers)}",
        "title": f"Thing {sku}",
        "sku": sku,
        "quantity": quantity,
        "unit_price": price,
        "discount": discount,
        "taxes": taxes,
    }
    return TicketLine(**{**defaults, **values})


def custom(kind, price, **values):
    """Return a line of another kind than goods, without taxes unless ``rates`` are given."""
    given = {"sku": None, "rates": (), "title": f"A {kind}", **values}
    return line(price=price, kind=LineKind(kind), **given)


def cash(amount, method="cash", **values):
    """Return cash that was taken, or given back when negative."""
    return tender(amount, method, TenderKind.CASH, **values)


def card(amount, method="card", **values):
    """Return a card payment."""
    return tender(amount, method, TenderKind.CARD, **values)


def tender(amount, method, kind=TenderKind.OTHER, **values):
    """Return a payment by any method."""
    defaults = {"external_id": f"P{next(numbers)}", "kind": TenderKind(kind)}
    return Tender(**{**defaults, **values}, method=method, amount=Decimal(str(amount)))


def amounts_of(lines, included, currency="EUR"):
    """Return (total with tax, tax) of lines, as the register adds them up."""
    tax = sum((tax.amount for each in lines for tax in each.taxes), Decimal(0))
    net = sum(
        (rounded(each.quantity * each.unit_price - each.discount, currency) for each in lines),
        Decimal(0),
    )
    return net if included else net + tax, tax


def ticket(
    *lines, tenders=None, included=True, currency="EUR", tip=0, rounding=0, minutes=0,
    store="S1", register="R1", **values,
):  # fmt: skip
    """Return a ticket of ``minutes`` after the first; without ``tenders`` it is paid in cash."""
    number = next(numbers)
    lines = lines or (line(included=included, currency=currency),)
    tip, rounding = Decimal(str(tip)), Decimal(str(rounding))
    total, tax = amounts_of(lines, included, currency)
    total += tip + rounding
    at = values.pop("sold_at", SOLD_AT + timedelta(minutes=minutes))
    defaults = {
        "external_id": f"T{number}-{uuid4().hex[:8]}",
        "store_external_id": store,
        "register_external_id": register,
        "number": f"{store}-{register}-{number:05d}",
        "business_date": at.date(),
        "sold_at": at,
        "updated_at": at,
        "taxes_included": included,
        "tip": tip,
        "rounding": rounding,
        "total": total,
        "total_tax": tax,
        "currency": currency,
        "lines": tuple(lines),
        "tenders": tuple([cash(total)] if tenders is None else tenders),
    }
    return PosTicket(**{**defaults, **values})


def changed(message, minutes=1, **values):
    """Return a later state of a message."""
    at = message.updated_at + timedelta(minutes=minutes)
    return message.model_copy(update={"updated_at": at, **values})


def item(message, message_id=None):
    """Return a message on its way into Odoo."""
    return InboundItem(
        message_id=message_id or next(numbers),
        canonical=message,
        topic=f"api/{message.kind}",
        observed_at=message.version,
        content_hash=message.content_hash(),
        correlation_id=f"correlation-{message.external_id}",
    )
