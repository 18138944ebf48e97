from odoo import api, models

from odoo.addons.retail_connector_base.decisions.moment import naive_utc
from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.problem import ItemFailures

from .ticket_draft import TicketDraft


class RetailImporterPosClosing(models.AbstractModel):
    """A register's report of its day: kept, and compared with the tickets once this is committed.

    It may come before tickets of its day, and more than once.
    """

    _name = "retail.importer.pos_closing"
    _description = "Retail Importer: day reports"
    _inherit = ["retail.importer"]

    _binding_model = "retail.pos.report"

    @api.model
    def _apply(self, backend, pairs):
        """Override: keep the reports of a batch."""
        importer = self.with_company(backend.company_id).with_context(tracking_disable=True)
        drafts = [TicketDraft(item, binding) for item, binding in pairs]
        # A report names places as tickets do, and fails as they do where nobody knows them.
        importer.env["retail.importer.pos_ticket"]._find_places(backend, drafts)
        failures = {draft.item.message_id: draft.error for draft in drafts if draft.error}
        if failures:
            raise ItemFailures(failures)
        importer._keep(backend, drafts)
        return {draft.item.message_id: self._result(draft) for draft in drafts}

    def _keep(self, backend, drafts):
        days = self.env["retail.pos.day"]._of(
            {(draft.register, draft.ticket.business_date) for draft in drafts}
        )
        for draft in drafts:
            draft.day = days[draft.register, draft.ticket.business_date]
            draft.binding = self._keep_report(backend, draft)
        self.env["retail.pos.day"].union(*days.values())._take_reports()

    def _keep_report(self, backend, draft):
        """Write the report; what a day was closed with stays as it was."""
        report, values = draft.binding, self._values(draft)
        seen = self.env["retail.pos.report"]._state_values(draft.item)
        if not report:
            identity = {"backend_id": backend.id, "external_id": draft.ticket.external_id}
            return self.env["retail.pos.report"].create({**identity, **values, **seen})
        if report.day_id.state == "closed" and report == report.day_id.report_id:
            values = {"correction": values["snapshot"]}
        report.write({**values, **seen})
        return report

    def _values(self, draft):
        told = draft.ticket
        return {
            "day_id": draft.day.id,
            "currency_id": draft.currency.id,
            "opened_at": naive_utc(told.opened_at),
            "closed_at": naive_utc(told.closed_at),
            "ticket_count": told.ticket_count,
            "first_sequence": told.first_sequence,
            "last_sequence": told.last_sequence,
            "amount_total": float(told.total),
            "amount_tax": float(told.total_tax),
            "opening_float": float(told.opening_float or 0),
            "closing_float": float(told.closing_float or 0),
            "snapshot": told.model_dump(mode="json"),
        }

    def _result(self, draft):
        record = draft.binding
        return ImportResult(Outcome.DONE, draft.note, (record._name, record.id))
