from odoo import models

from odoo.addons.retail_connector_base.canonical import minor_unit
from odoo.addons.retail_connector_base.decisions.tax_check import is_exempt
from odoo.addons.retail_connector_base.models.tax_need import TaxNeed


class RetailImporterOrder(models.AbstractModel):
    """Which taxes each line of an order has."""

    _inherit = "retail.importer.order"

    def _find_taxes(self, backend, drafts):
        """Give each line its taxes, found in one query; a line without taxes has none at all."""
        needs = {
            _need(draft, tax)
            for draft in drafts
            for line in draft.lines
            for tax in _charged(draft, line)
        }
        taxes = self.env["retail.tax.resolver"]._taxes(backend, needs)
        for draft in drafts:
            for line in draft.lines:
                self._set_taxes(draft, line, taxes)

    def _set_taxes(self, draft, line, taxes):
        line.taxes = self.env["account.tax"]
        for tax, amount in line.amounts.taxes:
            if tax not in _charged(draft, line):
                continue
            need = _need(draft, tax)
            record = taxes.get(need.word)
            if record is None and (tax.rate or amount):
                resolver = self.env["retail.tax.resolver"]
                draft.fail(resolver._problem(need, draft.total, draft.currency_code))
            elif record:
                line.taxes |= record
                line.tax_amounts[record.id] = line.tax_amounts.get(record.id, 0) + amount


def _need(draft, tax):
    included = draft.order.taxes_included
    return TaxNeed(tax.title, tax.rate, included, draft.country, tax.channel_liable)


def _charged(draft, line):
    """Return the taxes of a line but those that are named and were not charged."""
    amounts, unit = line.amounts, minor_unit(draft.currency_code)
    base = amounts.net - amounts.tax if draft.order.taxes_included else amounts.net
    return [tax for tax, amount in amounts.taxes if not is_exempt(amount, base * tax.rate, unit)]
