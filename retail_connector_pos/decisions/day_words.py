"""A day's comparison as the database keeps it: texts and exact decimals in JSON."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from .day_figures import DayFigures
from .day_tie import DayTie, Difference, Kind, TaxRow, TenderRow


def storable(tie: DayTie, ours: DayFigures) -> dict[str, Any]:
    """Return a comparison as JSON, amounts as text."""
    return {
        "differences": [stored_difference(each) for each in tie.differences],
        "tenders": [_tender(row) for row in tie.tenders],
        "taxes": [_tax(row) for row in tie.taxes],
        "gaps": [str(gap) for gap in tie.gaps],
        "between_numbers": [tie.between.first, tie.between.last] if tie.between else None,
        "drawer": {
            "opening": _text(tie.drawer.opening),
            "moved": _text(tie.drawer.moved),
            "deposit": _text(tie.drawer.deposit),
            "over_short": _text(tie.drawer.over_short),
        },
        "count": ours.count,
        "voided": ours.voided,
        "total": _text(ours.total),
        "total_tax": _text(ours.total_tax),
        "waiting": list(ours.waiting),
    }


def stored_difference(difference: Difference) -> dict[str, Any]:
    """Return a difference as JSON."""
    return {
        "kind": difference.kind.value,
        "subject": difference.subject,
        "theirs": _text(difference.theirs),
        "ours": _text(difference.ours),
        "key": difference.key,
    }


def stored_differences(stored: Mapping[str, Any]) -> list[Difference]:
    """Return the differences of a stored comparison."""
    return [
        Difference(
            Kind(each["kind"]),
            each["subject"],
            _number(each["theirs"]),
            _number(each["ours"]),
            each["key"],
        )
        for each in stored.get("differences", ())
    ]


def covers(signed: Iterable[Mapping[str, Any]] | None, differences: Iterable[Difference]) -> bool:
    """Tell whether each difference is one that somebody signed, to the last digit.

    What is not different any more needs no signature; what differs otherwise needs another one.
    """
    known = [dict(each) for each in signed or ()]
    return bool(known) and all(stored_difference(each) in known for each in differences)


def _tender(row: TenderRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": row.label,
        "expected": _text(row.expected),
        "ours": _text(row.ours),
        "counted": _text(row.counted),
        "over_short": _text(row.over_short),
        "pending": _text(row.pending),
        "is_cash": row.is_cash,
    }


def _tax(row: TaxRow) -> dict[str, Any]:
    return {
        "rate": _text(row.rate),
        "title": row.title,
        "base": _text(row.base),
        "amount": _text(row.amount),
        "our_base": _text(row.our_base),
        "our_amount": _text(row.our_amount),
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
