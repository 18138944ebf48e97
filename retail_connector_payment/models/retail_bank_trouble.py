from odoo import models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers import ErrorClass

CODE = "deposit_not_booked"


class RetailBankMatch(models.Model):
    """Deposits that are certain and still cannot be posted, e.g. in a locked period."""

    _inherit = "retail.bank.match"

    def _fail(self, error):
        """Leave it as a suggestion with its problem, and tell an accountant."""
        self.ensure_one()
        self.write({"state": "suggested", "problem": str(error)[:500]})
        problem = Problem(
            error_class=ErrorClass.FINANCE,
            code=CODE,
            subject=str(self.id),
            title=self.env._(
                "A deposit of %(gateway)s is not booked", gateway=self.gateway_id.name
            ),
            cause=str(error),
            fix="open_record",
            amount=abs(self.payout_ids and sum(self.payout_ids._transit_open().values())),
            currency=self.currency_id.name,
        )
        self.env["retail.exception"]._report(self.backend_id, problem, record=self)

    def _solve_problem(self):
        for match in self.filtered("backend_id"):
            self.env["retail.exception"]._solved(match.backend_id, [f"{CODE}|{match.id}"])
