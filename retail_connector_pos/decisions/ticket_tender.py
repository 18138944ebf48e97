"""Which of a ticket's tenders are payments, and what they pay."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical.pos_ticket import Tender, TenderState


@dataclass(frozen=True)
class Payments:
    """The tenders that pay a ticket. ``pending``: some were taken offline and are not known yet."""

    tenders: tuple[Tender, ...]
    pending: bool = False


def sum_of(tenders: Sequence[Tender]) -> Decimal:
    """Return what tenders come to."""
    return sum((tender.amount for tender in tenders), Decimal(0))


def payments_of(tenders: Sequence[Tender], total: Decimal) -> Payments | None:
    """Return the tenders that pay exactly ``total``, ``None`` when they do not.

    Those that are accepted; with what was taken offline where only both together make the total:
    the goods have left, and whether the money comes is seen later. What was declined never pays.
    """
    accepted = tuple(t for t in tenders if t.state is TenderState.ACCEPTED)
    if sum_of(accepted) == total:
        return Payments(accepted)
    hoped_for = tuple(t for t in tenders if t.state is not TenderState.DECLINED)
    return Payments(hoped_for, pending=True) if sum_of(hoped_for) == total else None


def declined_amount(tenders: Sequence[Tender], total: Decimal) -> Decimal:
    """Return what declined tenders left unpaid of ``total``, 0 when they are not the reason."""
    declined = [t for t in tenders if t.state is TenderState.DECLINED]
    others = [t for t in tenders if t.state is not TenderState.DECLINED]
    missing = total - sum_of(others)
    return missing if declined and missing and missing == sum_of(declined) else Decimal(0)


def is_change(amount: Decimal, total: Decimal) -> bool:
    """Tell whether cash goes against the direction of the ticket: out of a sale's drawer, or into
    that of a return."""
    return amount < 0 if total >= 0 else amount > 0
