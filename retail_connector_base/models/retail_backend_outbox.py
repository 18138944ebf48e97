from odoo import fields, models

from .retail_outbox_command import SENDABLE


class RetailBackend(models.Model):
    """What a backend is still to be told."""

    _inherit = "retail.backend"

    outbox_count = fields.Integer(compute="_compute_outbox", string="To Send")
    outbox_blocked_count = fields.Integer(compute="_compute_outbox", string="Commands Blocked")

    def _compute_outbox(self):
        groups = self.env["retail.outbox.command"]._read_group(
            [("backend_id", "in", self.ids), ("state", "not in", ("done", "cancelled"))],
            ["backend_id", "state"],
            ["__count"],
        )
        counts = {(backend.id, state): count for backend, state, count in groups}
        for backend in self:
            backend.outbox_count = sum(
                counts.get((backend.id, state), 0) for state in (*SENDABLE, "leased")
            )
            backend.outbox_blocked_count = counts.get((backend.id, "blocked"), 0)

    def action_open_commands(self):
        """Open the commands of this backend."""
        return self._open("retail_connector_base.retail_outbox_command_action")
