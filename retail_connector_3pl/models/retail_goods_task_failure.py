from odoo import models

from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem

CODE = "goods_not_moved"


class RetailGoodsTask(models.Model):
    """What a person learns of goods that moved in a warehouse and that Odoo could not move."""

    _inherit = "retail.goods.task"

    def _report(self, error):
        """Show why the goods of a document did not move; return the exception."""
        problem = error.problem if isinstance(error, ImportProblem) else self._problem(error)
        # What a value is missing for is about the row of that value, which the report makes.
        record = None if problem.fix == "map_value" else self._about(problem)
        return self.env["retail.exception"].sudo()._report(self.backend_id, problem, record=record)

    def _about(self, problem):
        model, record_id = problem.fix_values.get("res_model"), problem.fix_values.get("res_id")
        named = self.env[model].browse(record_id).exists() if model else None
        return named or self._document()

    def _problem(self, error):
        failure = self.env["retail.inbox.failure"]
        return Problem(
            error_class=failure._class_of(error),
            code=CODE,
            subject=f"{self.res_model},{self.res_id}",
            title=self.env._("Goods of %(document)s did not move", document=self.display_name),
            cause=self.env._(
                "%(reason)s\nThe warehouse has moved these goods, and Odoo has not. Correct the "
                "cause, then try again. If the stock was put right by hand, dismiss this.",
                reason=failure._text(error),
            ),
            fix="retry",
        )
