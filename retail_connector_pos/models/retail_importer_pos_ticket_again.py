from datetime import datetime, timezone

from odoo import models

from odoo.addons.retail_connector_base.canonical import PosTicket
from odoo.addons.retail_connector_base.canonical.pos_ticket import TenderState
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.again_change import TicketChange, compare


class RetailImporterPosTicket(models.AbstractModel):
    """Another state of a ticket that is imported.

    What changes nothing in Odoo is noted. What is voided is taken back, once. Another way of paying
    is written while the day is open. Everything else is for a person, who sees what was imported,
    what the register tells now, and what Odoo has; it goes through once Odoo has what is told.
    """

    _inherit = "retail.importer.pos_ticket"

    def _apply_again(self, backend, draft):
        """Override: compare with the state that was imported, and act."""
        before = self._told_before(draft.binding)
        change = self._change_of(draft, before)
        if change.voided:
            self._void(draft)
        elif change.revived:
            draft.fail(self._revived(draft))
        elif change.content and not self._is_as_told(draft):
            draft.fail(self._changed(draft, before, change))
        elif change.tenders:
            self._change_tenders(backend, draft, before, change)
        if not draft.error:
            self._note_outcome(backend, draft, change)
            self._keep_state(draft, change)

    def _told_before(self, binding):
        return PosTicket.model_validate(binding.snapshot) if binding.snapshot else None

    def _change_of(self, draft, before):
        if before:
            return compare(before, draft.ticket)
        return TicketChange(voided=draft.is_void and not draft.binding.voided)

    def _keep_state(self, draft, change):
        """Store what the register told last, for the next comparison."""
        draft.pending = any(one.state is TenderState.PENDING for one in draft.ticket.tenders)
        values = self._told_values(draft)
        if draft.binding.reversal_id:
            values["voided"] = True
        draft.binding.write(values)
        draft.note = draft.note or self._words_of(change)

    def _words_of(self, change):
        if change.voided:
            return self.env._("It was voided, and is taken back.")
        return "" if change.matters else self.env._("Nothing changed that matters to Odoo.")

    # Voided

    def _void(self, draft):
        """Take an imported ticket back; one of which goods came back already is for a person."""
        ticket = draft.binding
        if not ticket.odoo_id:
            return
        if not ticket.reversal_id and self._came_back(ticket):
            draft.fail(self._void_after_return(draft))
            return
        at = draft.ticket.updated_at or datetime.now(timezone.utc)
        self.env["retail.pos.reversal"]._reverse(ticket, at)

    def _came_back(self, ticket):
        """Return what of this ticket other orders gave back; nobody else does so meanwhile."""
        sold = self.env["retail.pos.origin"]._sold_at_registers(ticket)[ticket]
        return [line for line in sold if line.returned > 0]

    # Cards that were taken offline

    def _note_outcome(self, backend, draft, change):
        """Tell the accountant of money that does not come, or that it has come after all."""
        offline = self.env["retail.pos.offline"]
        if change.declined and not change.tenders:
            offline._declined(draft.binding, change.declined)
        elif change.settled or change.tenders or change.voided:
            offline._settled(draft.binding)

    # Problems

    def _again_problem(self, draft, code, title, cause, comparison=()):
        ticket = draft.binding
        record = ticket.reversal_id or ticket.odoo_id or ticket
        return Problem(
            error_class=ErrorClass.CONFLICT,
            code=code,
            subject=ticket.external_id,
            title=title,
            cause=cause,
            fix="open_record",
            fix_values={"res_model": record._name, "res_id": record.id},
            amount=abs(draft.ticket.total),
            currency=draft.ticket.currency,
            comparison=tuple(comparison),
        )

    def _revived(self, draft):
        return self._again_problem(
            draft,
            "ticket_revived",
            self.env._("Ticket %(number)s was voided, and is valid again", number=self._no(draft)),
            self.env._(
                "What was taken back is not sold again by itself. Let the register send the sale "
                "as a ticket of its own, or make the order in Odoo and skip the message."
            ),
        )

    def _void_after_return(self, draft):
        return self._again_problem(
            draft,
            "void_after_return",
            self.env._(
                "Ticket %(number)s was voided after goods of it came back", number=self._no(draft)
            ),
            self.env._(
                "Taking back all of it would give back more than was sold. Find out which of both "
                "happened; void the return at the register, or skip the message."
            ),
            (
                (line.key.full_product_name or line.key.product_id.display_name, "0",
                 f"{line.returned.normalize():f}")
                for line in self._came_back(draft.binding)
            ),
        )  # fmt: skip

    def _no(self, draft):
        return draft.binding.number or draft.binding.external_id
