from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

INVOICING, TYING = "invoicing_failed", "tie_failed"


class RetailInvoicing(models.AbstractModel):
    """What a person is told of orders that cannot be invoiced or tied to their payments."""

    _inherit = "retail.invoicing"

    def _trouble(self, binding, code):
        """Return the problem of an order."""
        titles = {
            INVOICING: self.env._("Order %(order)s cannot be invoiced", order=binding.name),
            TYING: self.env._(
                "Payments of order %(order)s cannot be reconciled", order=binding.name
            ),
        }
        cause = {INVOICING: binding.invoice_error, TYING: binding.tie_error}
        order = binding.odoo_id
        amount = order.currency_id.round(order.amount_total)
        return Problem(
            error_class=ErrorClass.FINANCE,
            code=code,
            subject=str(binding.id),
            title=titles[code],
            cause=cause[code] or "",
            fix="open_record",
            amount=Decimal(str(amount)),
            currency=order.currency_id.name,
        )

    def _exceptions(self):
        # The lane is quiet, a person's task is not.
        loud = {"mail_activity_automation_skip": False, "tracking_disable": False}
        return self.env["retail.exception"].with_context(**loud).sudo()

    def _report(self, binding, code=INVOICING):
        problem = self._trouble(binding, code)
        self._exceptions()._report(binding.backend_id, problem, record=binding)

    def _solve(self, bindings, code=INVOICING):
        for backend, found in bindings.grouped("backend_id").items():
            fingerprints = [f"{code}|{binding.id}" for binding in found]
            self._exceptions()._solved(backend, fingerprints)

    def _try_now(self, bindings):
        """Invoice and reconcile at once what was put off."""
        bindings.filtered("invoice_next_attempt_at").write({"invoice_next_attempt_at": False})
        for company in bindings.company_id:
            self._wake_after_commit(company.id)
        self._tie(bindings)
