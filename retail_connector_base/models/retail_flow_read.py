from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class RetailFlow(models.Model):
    """When an outgoing flow looks for what was changed by hand in its channel."""

    _inherit = "retail.flow"

    read_every = fields.Integer(
        string="Read the Channel Again Every (h)",
        help="Hours between two looks at what the channel really holds, to find what was changed "
        "there by hand; 0 never looks by itself. Quantities are read, and told where they differ. "
        "Prices and products are told anew, all of them: a large shop is busy with that for hours.",
    )
    read_at = fields.Datetime(
        string="Last Read Again", readonly=True, help="When everything was last to be read again."
    )
    read_next_at = fields.Datetime(string="Next Read", compute="_compute_read_next_at")
    read_asked = fields.Boolean(readonly=True, help="A person wants everything to be read again.")
    unread_count = fields.Integer(string="Still to Read", compute="_compute_unread_count")

    _read_every_positive = models.Constraint(
        "CHECK (read_every >= 0)", "Hours between two looks cannot be negative."
    )

    @api.model
    def _values_of_spec(self, backend, spec):
        """Override: how often it is read at first depends on what is published."""
        values = super()._values_of_spec(backend, spec)
        model = self.env["retail.projection"]._models().get(spec.kind)
        if model and values["direction"] == "out":
            values["read_every"] = self.env[model]._read_every
        return values

    @api.depends("read_every", "read_at", "read_asked", "paused")
    def _compute_read_next_at(self):
        for flow in self:
            flow.read_next_at = flow.can_compare and not flow.paused and flow._next_read()

    def _next_read(self):
        """Return when everything is to be read again, ``False`` for never."""
        self.ensure_one()
        if self.read_asked:
            return fields.Datetime.now()
        last = self.read_at or self.create_date
        return last + timedelta(hours=self.read_every) if self.read_every else False

    def _is_read_due(self, now):
        """Tell whether everything is to be read again."""
        at = self._next_read()
        return bool(at and at <= now)

    def _note_read(self):
        self.write({"read_at": fields.Datetime.now(), "read_asked": False})

    def _compute_unread_count(self):
        groups = self.env["retail.stock.state"]._read_group(
            [("backend_id", "in", self.backend_id.ids), ("read_due_at", "!=", False)],
            ["backend_id"],
            ["__count"],
        )
        counts = {backend.id: count for backend, count in groups}
        for flow in self:
            flow.unread_count = flow._is_stock_out() and counts.get(flow.backend_id.id, 0)

    def action_read_again(self):
        """Look now at what the channel holds, and tell it what differs; refusals are told again.

        Meant for after somebody changed the channel at large, or restored a backup of it. What is
        being sent at this moment keeps its answer: it is compared by the channel itself.
        """
        self.check_access("write")
        for flow in self:
            if not flow.can_compare:
                raise UserError(self.env._("%(flow)s publishes no state.", flow=flow.display_name))
            flow.read_asked = True
            flow._compare_now()
        self._audit("flow_read_again")
        return self._notify(self.env._("The channel is read again. The flow shows what is left."))
