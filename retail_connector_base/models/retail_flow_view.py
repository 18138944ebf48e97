from odoo import fields, models


class RetailFlow(models.Model):
    """What lists show of a flow."""

    _inherit = "retail.flow"

    backlog_count = fields.Integer(compute="_compute_backlog_count", string="In Queue")

    def _compute_backlog_count(self):
        groups = self.env["retail.inbox.message"]._read_group(
            [
                ("backend_id", "in", self.backend_id.ids),
                ("state", "in", ("received", "retry", "waiting")),
            ],
            ["backend_id", "kind"],
            ["__count"],
        )
        counts = {(backend.id, kind): count for backend, kind, count in groups}
        for flow in self:
            inbound = flow.direction == "in"
            flow.backlog_count = inbound and counts.get((flow.backend_id.id, flow.kind), 0)

    def action_open_messages(self):
        """Open the messages of this flow."""
        self.ensure_one()
        action = self.backend_id.action_open_messages()
        action["domain"] += [("kind", "=", self.kind)]
        return action
