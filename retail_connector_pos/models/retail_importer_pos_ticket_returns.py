from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from odoo import fields, models

from odoo.addons.retail_connector_base.canonical import LineKind, minor_unit
from odoo.addons.retail_connector_base.decisions.problem import MissingParentError, Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass, TransientError

from ..decisions.return_match import ReturnBook
from ..decisions.return_split import shares, split_line
from ..decisions.ticket_identity import record_uuid

# What can come back over the counter. Discounts, fees and tips are told with their own sign.
GOODS = (LineKind.PRODUCT, LineKind.CUSTOM, LineKind.GIFT_CARD)
# How long a return waits for its original before a person may let it go without.
WAITS = timedelta(hours=24)
# A return that another one of the same batch meets is looked at again when that one is stored.
AGAIN_SECONDS = 1


class RetailImporterPosTicket(models.AbstractModel):
    """Returns and exchanges: what comes back refers to what was sold, and never exceeds it.

    Odoo's own point of sale refunds one order at a time; a receipt may give back several. The link
    of each line is what counts (quantities, costs, invoices' origins); an order's "refunded order"
    is the first of them.
    """

    _inherit = "retail.importer.pos_ticket"

    def _find_returns(self, backend, drafts):
        """Find the lines that returned ones give back, and claim their quantities."""
        concerned = {
            id(draft): (draft, lines)
            for draft in drafts
            if not draft.is_void and (lines := [line for line in draft.lines if _gives_back(line)])
        }
        if not concerned:
            return
        pairs = list(concerned.values())
        tickets, orders = self._origins(backend, pairs)
        sold = {
            **self.env["retail.pos.origin"]._sold_at_registers(
                self.env["retail.pos.ticket"].union(*tickets.values())
            ),
            **self.env["retail.pos.origin"]._sold_on_the_web(
                self.env["sale.order"].union(*orders.values())
            ),
        }
        book = ReturnBook([line for lines in sold.values() for line in lines])
        for draft, lines in pairs:
            for line in lines:
                if not draft.error:
                    self._find_return(backend, draft, line, (tickets, orders, sold, book))

    def _origins(self, backend, pairs):
        """Return the tickets and the web orders that are named, by the names they were given."""
        named = {line.source.original_ticket_external_id for _draft, lines in pairs
                 for line in lines} - {None}  # fmt: skip
        tickets = self.env["retail.pos.ticket"]._by_external_id(backend, named)
        web = {draft.ticket.order_external_id for draft, _lines in pairs} - {None}
        web |= named - tickets.keys()
        return tickets, self.env["retail.pos.origin"]._web_orders(backend, web)

    def _find_return(self, backend, draft, line, origins):
        tickets, orders, sold, book = origins
        named = line.source.original_ticket_external_id
        other = named or draft.ticket.order_external_id
        if not other:
            self._take_unreferenced(backend, draft, line)
        elif named in tickets:
            ticket = tickets[named]
            if not ticket.odoo_id:
                draft.fail(self._voided_original(draft, line, ticket))
                return
            told = line.source.original_line_external_id
            told = told and record_uuid(backend.key, named, f"line {told}")
            self._take(draft, line, sold[ticket], told, book)
        elif other in orders:
            told = line.source.original_line_external_id
            self._take(draft, line, sold[orders[other]], told, book)
        else:
            self._wait_for_original(backend, draft, line, named)

    # Referenced

    def _take(self, draft, line, sold, told, book):
        """Claim what a line gives back of an original; it becomes as many lines as it takes."""
        quantity = -line.quantity
        taken = book.take(
            draft.item.message_id, [one.key for one in sold], told, line.product.id, quantity
        )
        if taken.contested:
            draft.error = TransientError(
                self.env._("Another return of the same goods is just being imported."),
                retry_after=AGAIN_SECONDS,
            )
        elif taken.missing:
            draft.fail(self._too_much(draft, line, sold, told))
        else:
            self._give_back(draft, line, taken.parts)

    def _give_back(self, draft, line, parts):
        """Tie a line to what it gives back; one that gives back several lines is divided."""
        unit = minor_unit(draft.ticket.currency)
        quantities = [-part.quantity for part in parts]
        sources = split_line(line.source, quantities, unit)
        taxes = {key: shares(amount, quantities, unit) for key, amount in line.tax_amounts.items()}
        place = draft.lines.index(line)
        draft.lines[place : place + 1] = [
            self._part_of(
                line,
                number,
                source,
                {key: amounts[number] for key, amounts in taxes.items()},
                part.key,
            )
            for number, (source, part) in enumerate(zip(sources, parts, strict=True))
        ]

    def _part_of(self, line, number, source, tax_amounts, sold):
        part = replace(
            line,
            external_id=f"{line.external_id}#{number}" if number else line.external_id,
            source=source,
            quantity=source.quantity,
            tax_amounts=tax_amounts,
            values=dict(line.values),
        )
        if sold._name == "pos.order.line":
            part.refunded_line = sold
        else:
            part.values["retail_sale_line_id"] = sold.id
        return part

    # Without an original

    def _take_unreferenced(self, backend, draft, line):
        if not backend.allows_unreferenced_returns and not self._is_accepted(backend, draft):
            draft.fail(self._unreferenced(draft))

    def _wait_for_original(self, backend, draft, line, named):
        """Wait until the original is imported; one that never comes is for a person."""
        may_go = backend.allows_unreferenced_returns or self._is_accepted(backend, draft)
        if may_go and self._has_waited(draft):
            return
        kind = "pos_ticket" if named else "order"
        draft.error = draft.error or MissingParentError(
            f"{kind}:{named or draft.ticket.order_external_id}"
        )

    def _has_waited(self, draft):
        message = self.env["retail.inbox.message"].browse(draft.item.message_id).exists()
        return bool(message) and message.received_at < fields.Datetime.now() - WAITS

    def _is_accepted(self, backend, draft):
        """Tell whether a person took this return without its original."""
        return self.env["retail.exception"]._is_return_accepted(
            backend, self._unreferenced(draft).fingerprint
        )

    # Problems

    def _amount_of(self, draft, line):
        """Return what a line gives back, with tax."""
        told, tax = line.source, Decimal(0)
        if not draft.ticket.taxes_included:
            tax = sum((each.amount for each in told.taxes), Decimal(0))
        return abs(told.quantity * told.unit_price - told.discount + tax)

    def _unreferenced(self, draft):
        lines = [line for line in draft.lines if _gives_back(line)]
        return Problem(
            error_class=ErrorClass.FINANCE,
            code="unreferenced_return",
            subject=draft.ticket.external_id,
            title=self.env._(
                "Ticket %(number)s gives back goods without saying what they were sold with",
                number=draft.ticket.number,
            ),
            cause=self.env._(
                "Nobody can tell whether they were ever sold, and for how much. Take them back "
                "once, or allow returns without a ticket on the backend and retry."
            ),
            fix="accept_return",
            amount=sum((self._amount_of(draft, line) for line in lines), Decimal(0)),
            currency=draft.ticket.currency,
            comparison=tuple(
                (line.title, f"{line.quantity} @ {line.source.unit_price}", "–") for line in lines
            ),
        )

    def _voided_original(self, draft, line, ticket):
        return Problem(
            error_class=ErrorClass.CONFLICT,
            code="return_of_voided",
            subject=draft.ticket.external_id,
            title=self.env._(
                "Ticket %(number)s gives back what ticket %(original)s did not sell",
                number=draft.ticket.number,
                original=ticket.number,
            ),
            cause=self.env._("The original was voided at the register."),
            fix="open_record",
            fix_values={"res_model": ticket._name, "res_id": ticket.id},
            amount=self._amount_of(draft, line),
            currency=draft.ticket.currency,
        )

    def _too_much(self, draft, line, sold, told):
        fitting = [
            one
            for one in sold
            if (one.external_id == told if told else one.product == line.product.id)
        ]
        original = sold[0].key.order_id if sold else self.env["pos.order"]
        quantities = [
            (self.env._("Sold"), None, sum((one.quantity for one in fitting), Decimal(0))),
            (self.env._("Back before"), None, sum((one.returned for one in fitting), Decimal(0))),
            (self.env._("Back now"), -line.quantity, None),
        ]
        return Problem(
            error_class=ErrorClass.FINANCE,
            code="return_exceeds_sale",
            subject=f"{draft.ticket.external_id}:{line.external_id}",
            title=self.env._(
                "Ticket %(number)s gives back more of “%(line)s” than was sold",
                number=draft.ticket.number,
                line=line.title,
            ),
            cause=self.env._(
                "%(original)s does not have that many left. Find out what was returned; correct "
                "the ticket at its source, or skip its message.",
                original=original.display_name or self.env._("The original"),
            ),
            fix="open_record",
            fix_values={"res_model": original._name, "res_id": original.id} if original else {},
            amount=self._amount_of(draft, line),
            currency=draft.ticket.currency,
            comparison=tuple(
                (what, _units(there), _units(here)) for what, there, here in quantities
            ),
        )

    # Afterwards

    def _after_import(self, backend, drafts):
        """Override: show what was given back otherwise than it was sold."""
        result = super()._after_import(backend, drafts)
        for draft in drafts:
            if draft.order and any(line.refunded_line for line in draft.lines):
                self.env["retail.pos.return"]._tell_differences(backend, draft.order)
        return result


def _gives_back(line):
    return bool(line.source) and line.quantity < 0 and line.source.kind in GOODS


def _units(quantity):
    return "" if quantity is None else f"{float(quantity):g}"
