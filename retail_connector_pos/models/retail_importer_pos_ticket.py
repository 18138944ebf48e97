from odoo import api, models

from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.problem import ItemFailures

from .ticket_draft import TicketDraft


class RetailImporterPosTicket(models.AbstractModel):
    """Tickets become paid orders of Odoo's point of sale, a whole batch in one go.

    Each step looks at all drafts; a draft that fails is left out from then on, and the others go
    on without it. Nothing is written before everything is found and ties.
    """

    _name = "retail.importer.pos_ticket"
    _description = "Retail Importer: tickets"
    _inherit = ["retail.importer"]

    _binding_model = "retail.pos.ticket"

    @api.model
    def _apply(self, backend, pairs):
        """Override: import the tickets of a batch."""
        company = backend.company_id
        importer = self.with_company(company).with_context(
            allowed_company_ids=company.ids, tracking_disable=True
        )
        drafts = [TicketDraft(item, binding) for item, binding in pairs]
        new = [draft for draft in drafts if not draft.binding]
        for step in self._steps():
            alive = [draft for draft in new if not draft.error]
            if alive:
                getattr(importer, step)(backend, alive)
        for draft in drafts:
            if draft.binding and not draft.error:
                importer._apply_again(backend, draft)
        self._raise_failures(drafts)
        importer._write_tickets(backend, new)
        importer._after_import(backend, drafts)
        return {draft.item.message_id: self._result(draft) for draft in drafts}

    def _steps(self):
        """Return the names of what finds and checks everything, in their order. Addons add."""
        return [
            "_find_places",
            "_find_products",
            "_find_taxes",
            "_find_returns",
            "_find_cards",
            "_price_lines",
            "_find_tenders",
            "_find_people",
            "_tie_out",
            "_find_days",
        ]

    def _raise_failures(self, drafts):
        failures = {draft.item.message_id: draft.error for draft in drafts if draft.error}
        if failures:
            raise ItemFailures(failures)

    def _write_tickets(self, backend, drafts):
        """Create orders and bindings of drafts that tie; nothing but bindings of voided ones."""
        raise NotImplementedError

    def _apply_again(self, backend, draft):
        """Handle another state of a ticket that is imported: voided, or changed at the register."""
        raise NotImplementedError

    def _after_import(self, backend, drafts):
        """Do what follows from imported tickets: their stock, their cards, their day's report."""

    def _result(self, draft):
        record = draft.binding
        return ImportResult(Outcome.DONE, draft.note, (record._name, record.id))
