from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.canonical import minor_unit
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass


class RetailImporterOrder(models.AbstractModel):
    """The currency of imported orders."""

    _inherit = "retail.importer.order"

    def _find_currencies(self, backend, drafts):
        """Find the orders' currencies; they must be active and round as ISO 4217 says."""
        names = list({draft.currency_code for draft in drafts})
        found = self.env["res.currency"].with_context(active_test=False)
        currencies = {currency.name: currency for currency in found.search([("name", "in", names)])}
        for draft in drafts:
            draft.currency = currencies.get(draft.currency_code, self.env["res.currency"])
            cause = self._wrong_with_currency(draft)
            if cause:
                draft.fail(self._currency_problem(draft, cause))

    def _wrong_with_currency(self, draft):
        """Return what is wrong with a currency, and what to do about it."""
        code, currency = draft.currency_code, draft.currency
        if not currency:
            return self.env._("Odoo does not know this currency. Create it, then retry.")
        if not currency.active:
            return self.env._(
                "Activate it under Accounting / Configuration / Currencies, give its rate, retry."
            )
        if Decimal(str(currency.rounding)) != minor_unit(code):
            return self.env._(
                "It must round to %(unit)s. Correct its rounding factor, then retry.",
                unit=minor_unit(code),
            )
        return ""

    def _currency_problem(self, draft, cause):
        code = draft.currency_code
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="currency",
            subject=code,
            title=self.env._("The currency %(code)s cannot be used", code=code),
            cause=cause,
            fix="retry",
            amount=draft.total,
            currency=code,
        )

    def _pricelist(self, backend, currency):
        """Return the price list that gives orders their currency; none for the company's own."""
        if currency == backend.company_id.currency_id:
            return self.env["product.pricelist"]
        return self.env["product.pricelist"]._retail_of(backend.company_id, currency)
