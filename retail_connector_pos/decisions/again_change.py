"""What a newer state of a ticket says otherwise than the one that was imported."""

from collections.abc import Sequence
from dataclasses import dataclass

from odoo.addons.retail_connector_base.canonical.pos_ticket import (
    PosTicket,
    Tender,
    TenderState,
    TicketLine,
)

# What decides about goods and money; titles, notes and who stood there do not.
HEAD = (
    "store_external_id",
    "register_external_id",
    "business_date",
    "currency",
    "taxes_included",
    "tip",
    "rounding",
    "total",
    "total_tax",
    "loyalty",
)
LINE = (
    "external_id",
    "kind",
    "sku",
    "barcode",
    "variant_external_id",
    "quantity",
    "unit_price",
    "discount",
    "taxes",
    "original_ticket_external_id",
    "original_line_external_id",
    "gift_card_code",
)
TENDER = ("external_id", "method", "kind", "amount", "gift_card_code")


@dataclass(frozen=True)
class TicketChange:
    """What changed. ``declined`` are tenders that counted before and are declined now."""

    voided: bool = False
    revived: bool = False
    content: tuple[str, ...] = ()
    tenders: bool = False
    declined: tuple[Tender, ...] = ()
    settled: bool = False

    @property
    def matters(self) -> bool:
        """Whether anything changed that Odoo must know of."""
        return bool(self.voided or self.revived or self.content or self.tenders or self.declined)


def compare(before: PosTicket, now: PosTicket) -> TicketChange:
    """Return what changed between two states of one ticket.

    ``tenders`` is whether another way of paying is told than what counted before, other than that
    a tender was declined. ``settled`` is whether what was pending is accepted now.
    """
    if before.voided or now.voided:
        return TicketChange(voided=now.voided > before.voided, revived=before.voided > now.voided)
    content = tuple(name for name in HEAD if getattr(before, name) != getattr(now, name))
    if _keys(before.lines, LINE) != _keys(now.lines, LINE):
        content += ("lines",)
    declined = _newly_declined(before.tenders, now.tenders)
    gone = {tender.external_id for tender in declined}
    counted = [tender for tender in _counted(before.tenders) if tender.external_id not in gone]
    return TicketChange(
        content=content,
        tenders=_keys(counted, TENDER) != _keys(_counted(now.tenders), TENDER),
        declined=declined,
        settled=_is_pending(before) and not _is_pending(now),
    )


def _keys(parts: Sequence[TicketLine | Tender], names: tuple[str, ...]) -> list[tuple]:
    rows = [tuple(getattr(part, name) for name in names) for part in parts]
    return sorted(rows, key=lambda row: str(row[0]))


def _counted(tenders: Sequence[Tender]) -> list[Tender]:
    return [tender for tender in tenders if tender.state is not TenderState.DECLINED]


def _is_pending(ticket: PosTicket) -> bool:
    return any(tender.state is TenderState.PENDING for tender in ticket.tenders)


def _newly_declined(before: Sequence[Tender], now: Sequence[Tender]) -> tuple[Tender, ...]:
    counted = {tender.external_id for tender in _counted(before)}
    return tuple(
        tender
        for tender in now
        if tender.state is TenderState.DECLINED and tender.external_id in counted
    )
