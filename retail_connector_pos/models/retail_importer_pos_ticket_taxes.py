from odoo import models

from odoo.addons.retail_connector_base.canonical import minor_unit
from odoo.addons.retail_connector_base.decisions.tax_check import is_exempt
from odoo.addons.retail_connector_base.models.tax_need import TaxNeed


class RetailImporterPosTicket(models.AbstractModel):
    """Which taxes each line of a ticket has. The country is the store's."""

    _inherit = "retail.importer.pos_ticket"

    def _find_taxes(self, backend, drafts):
        """Give each line its taxes, found in one query; a line without taxes has none at all."""
        drafts = [draft for draft in drafts if not draft.is_void]
        needs = {
            _need(draft, tax)
            for draft in drafts
            for line in draft.lines
            for tax in _charged(draft, line)
        }
        taxes = self.env["retail.tax.resolver"]._taxes(backend, needs) if needs else {}
        for draft in drafts:
            for line in draft.lines:
                self._set_taxes(draft, line, taxes)

    def _set_taxes(self, draft, line, taxes):
        line.taxes = self.env["account.tax"]
        for tax in _charged(draft, line):
            need = _need(draft, tax)
            record = taxes.get(need.word)
            if record is None and (tax.rate or tax.amount):
                resolver, ticket = self.env["retail.tax.resolver"], draft.ticket
                draft.fail(resolver._problem(need, ticket.total, ticket.currency))
            elif record:
                line.taxes |= record
                line.tax_amounts[record.id] = line.tax_amounts.get(record.id, 0) + tax.amount


def _need(draft, tax):
    country = draft.store.odoo_id.partner_id.country_id.code or None
    return TaxNeed(tax.title, tax.rate, draft.ticket.taxes_included, country)


def _charged(draft, line):
    """Return the taxes of a line but those that are named and were not charged."""
    if line.source is None:
        return []
    taxes, net = line.source.taxes, line.gross - line.reduction
    if draft.ticket.taxes_included:
        net -= sum(tax.amount for tax in taxes)
    unit = minor_unit(draft.ticket.currency)
    return [tax for tax in taxes if not is_exempt(tax.amount, net * tax.rate, unit)]
