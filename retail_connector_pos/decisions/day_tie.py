"""Whether a register's report of its day and the imported tickets are the same day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from odoo.addons.retail_connector_base.canonical.pos_closing import PosClosing, TenderTotal
from odoo.addons.retail_connector_base.canonical.pos_ticket import TenderKind

from .day_cash import Drawer, drawer_of
from .day_figures import ZERO, DayFigures, TaxFigures, TenderKey
from .day_gaps import Gap, between_days, gaps, named


class Kind(str, Enum):
    """What can differ."""

    REPORT = "report"
    WAITING = "waiting"
    COUNT = "count"
    SEQUENCE = "sequence"
    TOTAL = "total"
    TAX = "tax"
    TENDER = "tender"
    COUNTED = "counted"
    DRAWER = "drawer"
    CURRENCY = "currency"


@dataclass(frozen=True)
class Difference:
    """One thing that does not tie: the register's figure, ours, and theirs less ours.

    ``subject`` says of which tender or tax, or names what is missing. ``key`` is the tender's.
    """

    kind: Kind
    subject: str = ""
    theirs: Decimal | None = None
    ours: Decimal | None = None
    key: str | None = None

    @property
    def difference(self) -> Decimal:
        """The register's figure less ours."""
        return (self.theirs or ZERO) - (self.ours or ZERO)


@dataclass(frozen=True)
class TenderRow:
    """A payment method, as a person compares it. ``over_short`` is counted less expected."""

    key: str
    label: str
    expected: Decimal | None
    ours: Decimal
    counted: Decimal | None = None
    over_short: Decimal = ZERO
    pending: Decimal = ZERO
    is_cash: bool = False


@dataclass(frozen=True)
class TaxRow:
    """A rate (a fraction), as a person compares it."""

    rate: Decimal
    title: str
    base: Decimal | None
    amount: Decimal | None
    our_base: Decimal
    our_amount: Decimal


@dataclass(frozen=True)
class DayTie:
    """The comparison of a day. ``between`` is missing before its first ticket: of no known day."""

    differences: tuple[Difference, ...]
    tenders: tuple[TenderRow, ...]
    taxes: tuple[TaxRow, ...]
    gaps: tuple[Gap, ...]
    drawer: Drawer
    between: Gap | None = None

    @property
    def ties(self) -> bool:
        """Whether the day can be closed without anybody's signature."""
        return not self.differences

    @property
    def missing(self) -> int:
        """How many ticket numbers are missing."""
        return sum(gap.count for gap in self.gaps)


def tie_day(
    report: PosClosing,
    ours: DayFigures,
    keys: Mapping[str, TenderKey],
    tolerance: Decimal = ZERO,
    currency: str | None = None,
) -> DayTie:
    """Compare a report with the tickets of its day.

    ``keys`` are those of the words in the report; a word that is not among them stands for itself.
    A counted cash difference of up to ``tolerance`` needs nobody. ``currency`` is that
    of the tickets.
    """
    takings = sum((each.amount for each in ours.tenders.values() if each.is_cash), ZERO)
    keys = {each.method: keys.get(each.method) or _own_key(each) for each in report.tenders}
    drawer = drawer_of(report, takings, [word for word, key in keys.items() if key.is_cash])
    tenders = _tender_rows(report, ours, keys, drawer)
    taxes = _tax_rows(report, ours)
    known = (*ours.numbers, *ours.waiting_numbers)
    missing = tuple(gaps(known, report.first_sequence, report.last_sequence))
    differences = (
        *_currency(report, currency),
        *_tickets(report, ours, missing),
        *_amounts(report, ours),
        *(_tax_differences(taxes) if report.taxes else ()),
        *(_tender_differences(tenders, tolerance) if report.tenders else ()),
        *_drawer_differences(drawer),
    )
    between = between_days(ours.previous_number, report.first_sequence)
    return DayTie(tuple(differences), tenders, taxes, missing, drawer, between)


def no_report(ours: DayFigures) -> DayTie:
    """Return the comparison of a day that its register never reported."""
    tenders = tuple(
        TenderRow(key, each.label, None, each.amount, is_cash=each.is_cash)
        for key, each in ours.tenders.items()
    )
    taxes = tuple(
        TaxRow(rate, "", None, None, found.bases[0], found.amounts[0])
        for rate, found in sorted(ours.taxes.items())
    )
    differences = (Difference(Kind.REPORT, ours=ours.total), *_waiting(ours))
    drawer = Drawer(None, None, ZERO, None, ())
    return DayTie(differences, tenders, taxes, tuple(gaps(ours.numbers)), drawer)


# Tickets


def _currency(report: PosClosing, currency: str | None) -> tuple[Difference, ...]:
    if currency is None or report.currency == currency:
        return ()
    return (Difference(Kind.CURRENCY, f"{report.currency} / {currency}"),)


def _tickets(
    report: PosClosing, ours: DayFigures, missing: tuple[Gap, ...]
) -> tuple[Difference, ...]:
    found = [*_waiting(ours)]
    # Whether a register counts its voided tickets is its own affair.
    if report.ticket_count not in (ours.count, ours.count + ours.voided):
        count = Decimal(report.ticket_count)
        found.append(Difference(Kind.COUNT, theirs=count, ours=Decimal(ours.count)))
    if missing:
        lacking = Decimal(sum(gap.count for gap in missing))
        found.append(Difference(Kind.SEQUENCE, named(missing), lacking, ZERO))
    return tuple(found)


def _waiting(ours: DayFigures) -> tuple[Difference, ...]:
    if not ours.waiting:
        return ()
    return (Difference(Kind.WAITING, ", ".join(ours.waiting), ours.waiting_total, ZERO),)


def _amounts(report: PosClosing, ours: DayFigures) -> tuple[Difference, ...]:
    pairs = (
        Difference(Kind.TOTAL, "", report.total, ours.total),
        Difference(Kind.TAX, "", report.total_tax, ours.total_tax),
    )
    return tuple(pair for pair in pairs if pair.difference)


# Taxes


def _tax_rows(report: PosClosing, ours: DayFigures) -> tuple[TaxRow, ...]:
    """Return a row for each rate of either side; taxes of one rate are added up."""
    theirs: dict[Decimal, tuple[str, Decimal, Decimal]] = {}
    for tax in report.taxes:
        rate = tax.rate.normalize()
        title, base, amount = theirs.get(rate, (tax.title, ZERO, ZERO))
        theirs[rate] = (title, base + tax.base, amount + tax.amount)
    nothing = TaxFigures((ZERO,), (ZERO,))
    rows = []
    for rate in sorted({*theirs, *ours.taxes}):
        title, base, amount = theirs.get(rate, ("", None, None))
        found = ours.taxes.get(rate, nothing)
        our_base = _nearest(base, found.bases)
        rows.append(TaxRow(rate, title, base, amount, our_base, _nearest(amount, found.amounts)))
    return tuple(rows)


def _nearest(theirs: Decimal | None, candidates: tuple[Decimal, ...]) -> Decimal:
    return theirs if theirs is not None and theirs in candidates else candidates[0]


def _tax_differences(rows: tuple[TaxRow, ...]) -> tuple[Difference, ...]:
    found = []
    for row in rows:
        name = f"{row.title} {row.rate * 100:f} %".strip()
        pairs = (
            Difference(Kind.TAX, name, row.amount or ZERO, row.our_amount),
            Difference(Kind.TAX, f"{name}: net", row.base or ZERO, row.our_base),
        )
        found += [pair for pair in pairs if pair.difference]
    return tuple(found)


# Tenders


def _own_key(total: TenderTotal) -> TenderKey:
    return TenderKey(total.method, total.method, total.kind is TenderKind.CASH)


def _tender_rows(
    report: PosClosing, ours: DayFigures, keys: Mapping[str, TenderKey], drawer: Drawer
) -> tuple[TenderRow, ...]:
    """Return a row for each payment method of either side, cash of all drawers in one."""
    rows = {
        key: TenderRow(
            key, each.label, None, each.amount,
            pending=ours.pending.get(key, ZERO), is_cash=each.is_cash,
        )
        for key, each in ours.tenders.items()
    }  # fmt: skip
    for key, added in _told(report, keys).items():
        row = rows.get(key) or replace(added, ours=ZERO, pending=ours.pending.get(key, ZERO))
        rows[key] = replace(
            row, expected=added.expected, counted=added.counted, over_short=added.over_short
        )
    return tuple(_with_drawer(row, drawer) for row in rows.values())


def _told(report: PosClosing, keys: Mapping[str, TenderKey]) -> dict[str, TenderRow]:
    """Return what the report says of each payment method; several words may be one."""
    told: dict[str, TenderRow] = {}
    for total in report.tenders:
        found = keys[total.method]
        key, is_cash = found.key, found.is_cash
        counted = total.expected if total.counted is None else total.counted
        row = told.get(key) or TenderRow(key, total.method, ZERO, ZERO, None, is_cash=is_cash)
        was_counted = total.counted is not None or row.counted is not None
        before = row.expected if row.counted is None else row.counted
        told[key] = replace(
            row,
            expected=row.expected + total.expected,
            counted=before + counted if was_counted else None,
            over_short=row.over_short + counted - total.expected,
        )
    return told


def _with_drawer(row: TenderRow, drawer: Drawer) -> TenderRow:
    """Return a cash row without float and movements, which are no takings."""
    if not row.is_cash or row.expected is None or drawer.expected is None:
        return row
    return replace(
        row, expected=drawer.expected, counted=drawer.counted, over_short=drawer.over_short
    )


def _tender_differences(rows: tuple[TenderRow, ...], tolerance: Decimal) -> tuple[Difference, ...]:
    found = []
    for row in rows:
        if (row.expected or ZERO) != row.ours:
            found.append(
                Difference(Kind.TENDER, row.label, row.expected or ZERO, row.ours, row.key)
            )
        if abs(row.over_short) > (tolerance if row.is_cash else ZERO):
            found.append(Difference(Kind.COUNTED, row.label, row.counted, row.expected, row.key))
    return tuple(found)


def _drawer_differences(drawer: Drawer) -> tuple[Difference, ...]:
    if not drawer.unexplained:
        return ()
    return (Difference(Kind.DRAWER, "", drawer.unexplained, ZERO),)
