from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.retail_poll import LOCK_SPACE


class RetailBackfill(models.TransientModel):
    """Reads a channel's own list again from a date on, to find what was missed."""

    _name = "retail.backfill"
    _description = "Retail Backfill"

    backend_id = fields.Many2one("retail.backend", required=True)
    available_flow_ids = fields.Many2many("retail.flow", compute="_compute_available_flow_ids")
    flow_ids = fields.Many2many(
        "retail.flow",
        string="Flows",
        compute="_compute_flow_ids",
        store=True,
        readonly=False,
        help="What is read again. Only flows whose provider offers a list can be chosen.",
    )
    since = fields.Datetime(
        string="Changed Since",
        required=True,
        help="Everything that the channel changed after this moment is read. You enter it in your "
        "own time zone; it is kept and sent in UTC.",
    )
    explanation = fields.Text(compute="_compute_explanation")

    @api.model
    def default_get(self, fields_list):
        """Start from the backend or the flows that the wizard was opened on."""
        values = super().default_get(fields_list)
        model, ids = self.env.context.get("active_model"), self.env.context.get("active_ids")
        if model == "retail.backend" and ids:
            values["backend_id"] = ids[0]
        elif model == "retail.flow" and ids:
            flows = self.env["retail.flow"].browse(ids)
            if len(flows.backend_id) > 1:
                raise UserError(self.env._("Choose flows of one backend."))
            values["backend_id"] = flows.backend_id.id
            values["flow_ids"] = [(6, 0, flows.filtered("can_poll").ids)]
        return values

    @api.depends("backend_id")
    def _compute_available_flow_ids(self):
        for wizard in self:
            wizard.available_flow_ids = wizard.backend_id.flow_ids.filtered("can_poll")

    @api.depends("backend_id")
    def _compute_flow_ids(self):
        for wizard in self:
            kept = wizard.flow_ids & wizard.available_flow_ids
            wizard.flow_ids = kept or wizard.available_flow_ids

    @api.depends("since", "flow_ids.overlap")
    def _compute_explanation(self):
        for wizard in self:
            wizard.explanation = wizard.since and self.env._(
                "Reads what the channel changed since %(since)s UTC and goes on from there: later "
                "polls reach back %(overlap)s minutes before the last one, so that nothing falls "
                "between two. What was imported before is recognised by its version and changes "
                "nothing. You may close this window: the list of flows shows the progress, and an "
                "interrupted run goes on where it stopped.",
                since=wizard.since.strftime("%Y-%m-%d %H:%M"),
                overlap=max(wizard.flow_ids.mapped("overlap"), default=0),
            )

    def action_start(self):
        """Start reading, and show the flows with their progress."""
        self.ensure_one()
        self.flow_ids.check_access("write")
        if not self.flow_ids:
            raise UserError(self.env._("Choose what to read: no flow of this backend is chosen."))
        if self.since > fields.Datetime.now():
            raise UserError(self.env._("This moment has not come yet: nothing could be read."))
        for flow in self.flow_ids:
            self._check_can_start(flow)
            flow._backfill(self.since)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Backfill"),
            "res_model": "retail.flow",
            "view_mode": "list",
            "domain": [("id", "in", self.flow_ids.ids)],
        }

    def _check_can_start(self, flow):
        """A poll that is under way would end by moving the watermark past what we ask for."""
        name = flow.display_name
        if flow.backend_id != self.backend_id or not flow.can_poll:
            raise UserError(self.env._("%(flow)s cannot be read from the channel.", flow=name))
        if flow.paused or flow.backend_id.paused:
            raise UserError(self.env._("%(flow)s is paused. Resume it first.", flow=name))
        self.env.cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_SPACE, flow.id])
        if not self.env.cr.fetchone()[0]:
            raise UserError(
                self.env._("%(flow)s is being read just now. Try again when it is done.", flow=name)
            )
