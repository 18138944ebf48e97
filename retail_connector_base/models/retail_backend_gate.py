from odoo import api, fields, models


class RetailBackend(models.Model):
    """The gate that every request of a backend passes."""

    _inherit = "retail.backend"

    gate_ids = fields.One2many("retail.gate", "backend_id", copy=False)
    gate_paused = fields.Boolean(compute="_compute_gate_paused")

    @api.depends("gate_ids.paused")
    def _compute_gate_paused(self):
        for backend in self:
            backend.gate_paused = any(backend.gate_ids.mapped("paused"))

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a backend has its gate from the start, so that it can be seen and paused."""
        backends = super().create(vals_list)
        self.env["retail.gate"].sudo().create([{"backend_id": backend.id} for backend in backends])
        return backends
