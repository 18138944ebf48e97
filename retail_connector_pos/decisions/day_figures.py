"""What the imported tickets of a register's day come to."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from odoo.addons.retail_connector_base.canonical import PosTicket, minor_unit
from odoo.addons.retail_connector_base.canonical.pos_ticket import Tender, TenderState, TicketLine

from .ticket_tender import payments_of, sum_of

ZERO = Decimal(0)
# Base and tax.
Pair = tuple[Decimal, Decimal]
NOTHING: Pair = (ZERO, ZERO)
# How registers round.
WAYS = PER_TICKET, PER_LINE, PER_DAY = range(3)
# By rate, one pair for each way.
Sums = dict[Decimal, list[Pair]]


@dataclass(frozen=True)
class TenderFigures:
    """What one payment method took, net of what it gave back. ``label`` is for people."""

    label: str
    amount: Decimal
    count: int = 0
    is_cash: bool = False


@dataclass(frozen=True)
class TaxFigures:
    """Net base and tax of one rate, added up in each way that registers round.

    The first of either is what a person is shown.
    """

    bases: tuple[Decimal, ...]
    amounts: tuple[Decimal, ...]


@dataclass(frozen=True)
class DayFigures:
    """The tickets of a day. ``count`` leaves voided ones out, which have no effect.

    ``tenders`` are by a key that report and tickets share, ``taxes`` by rate (a fraction).
    ``numbers`` are the tickets' sequence numbers in the order of their sale, voided ones included.
    ``waiting`` names tickets that are in the inbox and not imported, ``waiting_numbers`` are their
    sequence numbers; ``pending`` are card payments that may not come, by tender key: taken offline
    and not known yet, or declined since the import.
    """

    count: int = 0
    voided: int = 0
    total: Decimal = ZERO
    total_tax: Decimal = ZERO
    tenders: Mapping[str, TenderFigures] = field(default_factory=dict)
    taxes: Mapping[Decimal, TaxFigures] = field(default_factory=dict)
    numbers: tuple[int, ...] = ()
    waiting: tuple[str, ...] = ()
    waiting_numbers: tuple[int, ...] = ()
    waiting_total: Decimal = ZERO
    pending: Mapping[str, Decimal] = field(default_factory=dict)
    previous_number: int | None = None


@dataclass(frozen=True)
class TenderKey:
    """What a tender is compared by: words of one payment method are one. ``label``: for people."""

    key: str
    label: str
    is_cash: bool = False


def figures_of(
    tickets: Iterable[PosTicket], key_of: Callable[[Tender], TenderKey], currency: str
) -> DayFigures:
    """Return what tickets come to, given in the order of their sale."""
    every = list(tickets)
    sold = [ticket for ticket in every if not ticket.voided]
    tenders, pending = _tenders(sold, key_of)
    return DayFigures(
        count=len(sold),
        voided=len(every) - len(sold),
        total=sum((ticket.total for ticket in sold), ZERO),
        total_tax=sum((ticket.total_tax for ticket in sold), ZERO),
        tenders=tenders,
        taxes=_taxes(sold, minor_unit(currency)),
        numbers=tuple(ticket.sequence for ticket in every if ticket.sequence is not None),
        pending=pending,
    )


def _tenders(
    tickets: Iterable[PosTicket], key_of: Callable[[Tender], TenderKey]
) -> tuple[dict[str, TenderFigures], dict[str, Decimal]]:
    found: dict[str, TenderFigures] = {}
    pending: dict[str, Decimal] = defaultdict(Decimal)
    for ticket in tickets:
        for tender in _paid(ticket):
            name = key_of(tender)
            row = found.get(name.key) or TenderFigures(name.label, ZERO, is_cash=name.is_cash)
            found[name.key] = replace(row, amount=row.amount + tender.amount, count=row.count + 1)
            if tender.state is not TenderState.ACCEPTED:
                pending[name.key] += tender.amount
    return found, dict(pending)


def _paid(ticket: PosTicket) -> tuple[Tender, ...]:
    """Return the tenders that a ticket was imported with: one may have been declined since."""
    found = payments_of(ticket.tenders, ticket.total)
    if found:
        return found.tenders
    if sum_of(ticket.tenders) == ticket.total:
        return ticket.tenders
    return tuple(each for each in ticket.tenders if each.state is not TenderState.DECLINED)


def _taxes(tickets: Iterable[PosTicket], unit: Decimal) -> dict[Decimal, TaxFigures]:
    """Return the taxes of tickets as they were told, by rate; ``unit`` is the minor unit.

    Registers round a tax per line, per ticket or per day: which one is told is not known, so that
    each is tried. Where line amounts are whole all are the same.
    """
    sums: Sums = defaultdict(lambda: [NOTHING] * len(WAYS))
    for ticket in tickets:
        _add_ticket(sums, ticket, unit)
    return {rate: _figures(found, unit) for rate, found in sums.items()}


def _add_ticket(sums: Sums, ticket: PosTicket, unit: Decimal) -> None:
    of_ticket: dict[Decimal, Pair] = defaultdict(lambda: NOTHING)
    for line in ticket.lines:
        net = _net(line, ticket.taxes_included)
        for tax in line.taxes:
            rate, pair = tax.rate.normalize(), (net, tax.amount)
            of_ticket[rate] = _add(of_ticket[rate], pair)
            sums[rate][PER_LINE] = _add(sums[rate][PER_LINE], _whole(pair, unit))
    for rate, pair in of_ticket.items():
        sums[rate][PER_TICKET] = _add(sums[rate][PER_TICKET], _whole(pair, unit))
        sums[rate][PER_DAY] = _add(sums[rate][PER_DAY], pair)


def _figures(sums: list[Pair], unit: Decimal) -> TaxFigures:
    whole = [_whole(pair, unit) for pair in sums]
    return TaxFigures(
        bases=tuple(dict.fromkeys(base for base, _amount in whole)),
        amounts=tuple(dict.fromkeys(amount for _base, amount in whole)),
    )


def _net(line: TicketLine, taxes_included: bool) -> Decimal:
    """Return a line's amount without tax."""
    amount = line.quantity * line.unit_price - line.discount
    if not taxes_included:
        return amount
    return amount - sum((tax.amount for tax in line.taxes), ZERO)


def _add(one: Pair, other: Pair) -> Pair:
    return one[0] + other[0], one[1] + other[1]


def _whole(pair: Pair, unit: Decimal) -> Pair:
    base, amount = pair
    return base.quantize(unit, ROUND_HALF_UP), amount.quantize(unit, ROUND_HALF_UP)
