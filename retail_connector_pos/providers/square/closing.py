"""The day of a register: its cash drawer shifts, and what Square's own list of sales comes to.

Source: the schemas ``CashDrawerShift`` and ``CashDrawerShiftEvent``. Square reports cash by drawer
and has no report of a register's sales; those are added up from the sales that it lists, when the
report is read, and kept beside the shifts.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import (
    CashMovement,
    CashMovementKind,
    PosClosing,
    TaxTotal,
    TenderKind,
    TenderTotal,
)

from .node import ZERO, Node
from .vocabulary import DRAWER_MOVEMENTS

CASH = "CASH"
CLOSED = "CLOSED"


def to_closing(content: Node) -> PosClosing:
    """Read ``{"store", "register", "date", "currency", "shifts", "sales"}``."""
    shifts = sorted(content.children("shifts"), key=_opened)
    if not shifts:
        raise content.wrong("shifts", "is empty")
    currency = _currency(content, shifts)
    sales = content.inner("sales")
    day = content.day("date")
    if day is None:
        raise content.wrong("date", "is missing")
    store, register = content.required("store"), content.required("register")
    return PosClosing(
        external_id=closing_id(store, register, day),
        updated_at=_latest(content, shifts),
        store_external_id=store,
        register_external_id=register,
        business_date=day,
        opened_at=shifts[0].utc("opened_at"),
        closed_at=_closed(shifts[-1]),
        currency=currency,
        ticket_count=sales.whole("count") or 0,
        total=sales.number("total"),
        total_tax=sales.number("total_tax"),
        tenders=(_cash(shifts, sales, currency), *_others(sales)),
        taxes=tuple(_taxes(sales)),
        cash_movements=tuple(_movements(shifts, currency)),
        opening_float=shifts[0].amount("opened_cash_money", currency),
    )


def closing_id(store: str, register: str, day: date) -> str:
    """Return our identity of a register's day."""
    return f"{store}:{day.isoformat()}:{register}"


def read_closing_id(text: str) -> tuple[str, date, str] | None:
    """Return store, day and register of an identity, ``None`` for what is none."""
    store, _colon, rest = text.partition(":")
    day, _colon, register = rest.partition(":")
    try:
        return (store, date.fromisoformat(day), register) if store and register else None
    except ValueError:
        return None


def _opened(shift: Node) -> datetime:
    found = shift.utc("opened_at") or shift.utc("created_at")
    if found is None:
        raise shift.wrong("opened_at", "is missing")
    return found


def _closed(shift: Node) -> datetime:
    return shift.utc("closed_at") or shift.utc("ended_at") or _opened(shift)


def _latest(content: Node, shifts: list[Node]) -> datetime | None:
    """Return which state this is: a sale that comes late makes a new one."""
    moments = [shift.utc("updated_at") or _closed(shift) for shift in shifts]
    sold = content.inner("sales").utc("updated_at")
    return max([*moments, sold] if sold else moments)


def _currency(content: Node, shifts: list[Node]) -> str:
    for shift in shifts:
        found = shift.money("opened_cash_money") or shift.money("expected_cash_money")
        if found:
            return found.currency
    told = content.currency("currency")
    if told is None:
        raise content.wrong("currency", "is missing")
    return told


def _base(shift: Node, currency: str) -> Decimal:
    """Return what is in a drawer that no sale brought."""
    paid_in = shift.amount("cash_paid_in_money", currency)
    paid_out = shift.amount("cash_paid_out_money", currency)
    return shift.amount("opened_cash_money", currency) + paid_in - paid_out


def _cash(shifts: list[Node], sales: Node, currency: str) -> TenderTotal:
    """Return the cash that sales brought, and what was counted, without float and movements."""
    expected = counted = ZERO
    is_counted = True
    for shift in shifts:
        base = _base(shift, currency)
        expected += shift.amount("expected_cash_money", currency) - base
        found = shift.told("closed_cash_money", currency)
        is_counted = is_counted and found is not None
        counted += (found or ZERO) - base
    told = next((one for one in sales.children("tenders") if one.text("method") == CASH), None)
    return TenderTotal(
        method=CASH,
        kind=TenderKind.CASH,
        expected=expected,
        counted=counted if is_counted else None,
        ticket_count=told.whole("count") if told else 0,
    )


def _others(sales: Node) -> Iterator[TenderTotal]:
    for tender in sales.children("tenders"):
        if tender.text("method") != CASH:
            yield TenderTotal(
                method=tender.required("method"),
                kind=TenderKind(tender.required("kind")),
                expected=tender.number("amount"),
                ticket_count=tender.whole("count"),
            )


def _taxes(sales: Node) -> Iterator[TaxTotal]:
    for tax in sales.children("taxes"):
        yield TaxTotal(
            title=tax.text("title") or "",
            rate=tax.number("rate"),
            base=tax.number("base"),
            amount=tax.number("amount"),
        )


def _movements(shifts: list[Node], currency: str) -> Iterator[CashMovement]:
    """Yield what was put in and taken out, and what changed between two shifts of a day."""
    before: Decimal | None = None
    for shift in shifts:
        opened = shift.amount("opened_cash_money", currency)
        if before is not None and opened != before:
            yield _between(shift, opened - before)
        for event in shift.children("events"):
            known = DRAWER_MOVEMENTS.get(event.text("event_type") or "")
            if known:
                yield CashMovement(
                    external_id=event.required_identifier(),
                    kind=known[0],
                    amount=known[1] * event.amount("event_money", currency),
                    at=event.utc("created_at"),
                    reason=event.text("description"),
                )
        counted = shift.told("closed_cash_money", currency)
        before = shift.amount("expected_cash_money", currency) if counted is None else counted


def _between(shift: Node, amount: Decimal) -> CashMovement:
    kind = CashMovementKind.BANK_DROP if amount < 0 else CashMovementKind.FLOAT
    return CashMovement(
        external_id=f"{shift.required_identifier()}:float",
        kind=kind,
        amount=amount,
        at=shift.utc("opened_at"),
    )
