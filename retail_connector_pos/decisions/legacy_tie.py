"""Whether the figures of a ticket or report agree with one another: what a preview shows."""

from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import (
    CanonicalMessage,
    PosClosing,
    PosTicket,
    TenderState,
)

ZERO = Decimal(0)
# (what, as told, as added up)
Comparison = tuple[str, Decimal, Decimal]


def comparisons(message: CanonicalMessage) -> list[Comparison]:
    """Return what a message says of its sums beside the sums themselves."""
    if isinstance(message, PosTicket):
        return _of_ticket(message)
    return _of_closing(message) if isinstance(message, PosClosing) else []


def _of_ticket(ticket: PosTicket) -> list[Comparison]:
    net = sum((line.unit_price * line.quantity - line.discount for line in ticket.lines), ZERO)
    tax = sum((tax.amount for line in ticket.lines for tax in line.taxes), ZERO)
    goods = net if ticket.taxes_included else net + tax
    paid = sum((t.amount for t in ticket.tenders if t.state is TenderState.ACCEPTED), ZERO)
    found = [
        ("lines", ticket.total - ticket.tip - ticket.rounding, goods),
        ("tenders", ticket.total, paid),
    ]
    if any(line.taxes for line in ticket.lines):
        found.append(("tax", ticket.total_tax, tax))
    return found


def _of_closing(closing: PosClosing) -> list[Comparison]:
    found = []
    if closing.tenders:
        found.append(("tenders", closing.total, sum((t.expected for t in closing.tenders), ZERO)))
    if closing.taxes:
        found.append(("tax", closing.total_tax, sum((t.amount for t in closing.taxes), ZERO)))
    return found


def differing(message: CanonicalMessage) -> list[Comparison]:
    """Return the comparisons that are half a hundredth or more apart."""
    apart = Decimal("0.005")
    return [each for each in comparisons(message) if abs(each[1] - each[2]) >= apart]
