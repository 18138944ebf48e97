from odoo import api, models


class RetailBackend(models.Model):
    """Comparing all that a flow tells, when what bears upon everything has changed."""

    _inherit = "retail.backend"

    def _compare_all(self, kind):
        """Compare all that a running flow tells of a kind, soon."""
        flows = self.sudo().flow_ids
        flows = flows.filtered(lambda flow: flow.direction == "out" and flow.kind == kind)
        for flow in flows.filtered(lambda flow: flow._is_running_out()):
            flow.full_at = False
            projection = self.env[self.env["retail.projection"]._model_of(kind)]
            projection._wake_after_commit(flow.backend_id.id)

    @api.model
    def _compare_all_prices(self):
        """Compare all prices of all backends whose flows tell any."""
        changes = self.env["retail.change"]
        for kind in changes._priced_kinds():
            self.sudo().browse(changes._backends_of(kind))._compare_all(kind)
