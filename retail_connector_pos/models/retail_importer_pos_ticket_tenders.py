from odoo import models

from odoo.addons.retail_connector_base.canonical import is_whole
from odoo.addons.retail_connector_base.canonical.pos_ticket import TenderKind
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.ticket_tender import declined_amount, is_change, payments_of, sum_of
from .ticket_draft import TenderDraft


class RetailImporterPosTicket(models.AbstractModel):
    """What a ticket was paid with.

    Cash goes into the register's own drawer, whichever method the mapping names. A card that was
    taken offline and is still pending pays like any other, for the goods have left; the ticket
    says that it is pending until the register tells the outcome. One that was declined pays
    nothing: without another tender in its place the ticket is an exception.
    """

    _inherit = "retail.importer.pos_ticket"

    def _find_tenders(self, backend, drafts):
        """Find the payment methods of tickets in one query, and decide who rounds."""
        drafts = [draft for draft in drafts if not draft.is_void]
        for draft in drafts:
            self._draft_tenders(backend, draft)
        words = {tender.source.method for draft in drafts for tender in draft.tenders}
        methods = self.env["retail.mapping"]._resolve(backend, "pos_tender", words)
        for draft in drafts:
            for tender in draft.tenders:
                self._set_method(draft, tender, methods.get(tender.source.method))
            self._set_rounding(backend, draft)

    def _draft_tenders(self, backend, draft):
        """Draft the tenders that pay; those that lines stand for are no payments."""
        ticket = draft.ticket
        told = [one for one in ticket.tenders if one.external_id not in draft.settled]
        found = payments_of(told, draft.paid)
        if not is_whole(draft.paid, ticket.currency) or found is None:
            missing = declined_amount(told, draft.paid)
            draft.fail(
                self._declined_problem(backend, draft, missing)
                if missing
                else self._tender_mismatch(draft, told)
            )
            return
        draft.pending = found.pending
        draft.tenders = [TenderDraft(one, one.amount) for one in found.tenders if one.amount]

    def _set_method(self, draft, tender, mapped):
        """Give a tender its method: cash is the register's own, the others are as mapped."""
        told = tender.source
        is_cash = mapped.is_cash_count if mapped else told.kind is TenderKind.CASH
        if not mapped and not is_cash:
            draft.fail(self._unmapped_tender(draft, told))
            return
        offered = draft.config.payment_method_ids
        method = offered.filtered("is_cash_count")[:1] if is_cash else mapped & offered
        if not method:
            draft.fail(self._not_offered(draft, told, mapped))
            return
        tender.method = method
        tender.is_change = is_cash and is_change(tender.amount, draft.ticket.total)

    # Problems

    def _unmapped_tender(self, draft, told):
        ticket = draft.ticket
        return Problem(
            error_class=ErrorClass.MAPPING,
            code="unmapped_tender",
            subject=told.method,
            title=self.env._("The tender “%(tender)s” is not mapped", tender=told.method),
            cause=self.env._(
                "Choose which payment method it is. What waits for it is imported then."
            ),
            fix="map_value",
            fix_values=self.env["retail.mapping"]._problem_values(
                "pos_tender", told.method, tender_kind=told.kind.value
            ),
            amount=abs(ticket.total),
            currency=ticket.currency,
        )

    def _not_offered(self, draft, told, mapped):
        register, ticket = draft.register, draft.ticket
        name = mapped.display_name if mapped else told.method
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="tender_not_offered",
            subject=f"{register.external_id} {told.method}",
            title=self.env._(
                "%(register)s does not take “%(method)s”",
                register=register.display_name,
                method=name,
            ),
            cause=self.env._(
                "Add this payment method to its point of sale; for cash it needs one with a drawer "
                "of its own. Then retry."
            ),
            fix="open_record",
            fix_values={"res_model": register._name, "res_id": register.id},
            amount=abs(ticket.total),
            currency=ticket.currency,
        )

    def _tender_mismatch(self, draft, told):
        """Return the problem of a ticket whose tenders are not what it came to."""
        ticket = draft.ticket
        rows = [
            (f"{one.method} ({one.state.value})", f"{one.amount} {ticket.currency}", "")
            for one in told
        ]
        sums = (f"{draft.paid} {ticket.currency}", f"{sum_of(told)} {ticket.currency}")
        return Problem(
            error_class=ErrorClass.FINANCE,
            code="tender_mismatch",
            subject=ticket.external_id,
            title=self.env._(
                "What was paid for ticket %(ticket)s is not its total", ticket=ticket.number
            ),
            cause=self.env._(
                "The tenders that were accepted do not add up to the total. Nothing of the ticket "
                "was imported. Let the register send it again, complete."
            ),
            fix="retry",
            amount=abs(ticket.total) or abs(sum_of(told)),
            currency=ticket.currency,
            comparison=((self.env._("Total, and sum of the tenders"), *sums), *rows),
        )

    def _declined_problem(self, backend, draft, missing):
        """Return the problem of a ticket that a declined card left unpaid by ``missing``."""
        ticket = draft.ticket
        return Problem(
            error_class=ErrorClass.FINANCE,
            code="tender_declined",
            subject=ticket.external_id,
            title=self.env._(
                "A card of ticket %(ticket)s was declined: %(amount)s %(currency)s are not paid",
                ticket=ticket.number,
                amount=missing,
                currency=ticket.currency,
            ),
            cause=self.env._(
                "The goods left the store, the money did not come. Collect it and let the register "
                "send the ticket again with the tender it was paid with, or as voided."
            ),
            fix="retry",
            amount=abs(missing),
            currency=ticket.currency,
        )
