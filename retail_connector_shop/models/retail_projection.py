from odoo import api, models

from odoo.addons.retail_connector_base.decisions.fingerprint import fingerprint_of
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers import ErrorClass

# Products that are compared in one transaction.
AT_ONCE = 2000


class RetailProjection(models.AbstractModel):
    """The states that shops are told beside stock, and the end of what they refused."""

    _inherit = "retail.projection"

    @api.model
    def _models(self):
        """Override: add prices and products."""
        return {
            **super()._models(),
            "price": "retail.projection.price",
            "product": "retail.projection.product",
        }

    def _new_attempt(self, flow):
        """Override: what was refused and is not wanted any more is no problem any more.

        One pass takes some of the changes; where none of them differs, another takes the rest.
        """
        rows = super()._new_attempt(flow)
        self._solve_refusals(flow.backend_id)
        if not rows and self._has_changes(flow.backend_id):
            self._wake_after_commit(flow.backend_id.id)
        return rows

    def _has_changes(self, backend):
        owed = [("backend_id", "=", backend.id), ("kind", "=", self._flow_kind)]
        return bool(self.env["retail.change"].search_count(owed, limit=1))

    def _compare_later(self, backend, product_ids):
        """Leave products to the next passes: what takes minutes must not be one transaction."""
        self.env.cr.execute(
            "INSERT INTO retail_change (backend_id, kind, product_id) "
            "SELECT %s, %s, unnest(%s::int[])",
            [backend.id, self._flow_kind, list(product_ids)],
        )

    def _store(self, backend_id, attempt, answers):
        """Override: what was refused and is accepted now is no problem any more."""
        goes_on = super()._store(backend_id, attempt, answers)
        self._solve_refusals(self.env["retail.backend"].browse(backend_id))
        return goes_on

    def _solve_refusals(self, backend):
        """Resolve the exceptions of refusals whose last row is in step."""
        codes = [f"{self._flow_kind}_refused", f"{self._flow_kind}_missing"]
        found = self.env["retail.exception"].search(
            [("backend_id", "=", backend.id), ("state", "=", "open"), ("code", "in", codes)]
        )
        if not found:
            return
        groups = self.env[self._state_model]._read_group(
            [("backend_id", "=", backend.id), ("verdict", "in", ("refused", "missing"))],
            ["verdict", "error"],
        )
        left = {self._refusal_fingerprint(*group) for group in groups}
        solved = found.filtered(lambda exception: exception.fingerprint not in left)
        self.env["retail.exception"]._solved(backend, solved.mapped("fingerprint"))

    def _refusal_fingerprint(self, verdict, text):
        """Return the fingerprint under which a refusal is reported."""
        problem = Problem(
            error_class=ErrorClass.DATA,
            code=f"{self._flow_kind}_{verdict}",
            subject=text or verdict,
            title="",
            cause="",
        )
        return fingerprint_of(problem)
