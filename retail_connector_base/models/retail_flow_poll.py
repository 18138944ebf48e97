from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class RetailFlow(models.Model):
    """When a flow is polled, and by whose wish."""

    _inherit = "retail.flow"

    @api.model
    def _start_due_polls(self):
        """Start the polls whose interval has passed; an interrupted one goes on at once."""
        now = fields.Datetime.now()
        flows = self.search(
            [
                ("direction", "=", "in"),
                ("interval", ">", 0),
                ("paused", "=", False),
                ("backend_id.paused", "=", False),
                ("backend_id.state", "=", "running"),
            ]
        )
        for flow in flows.filtered(lambda flow: flow.can_poll and flow._is_due(now)):
            if flow._is_heard():
                flow._start_after_commit()

    def _is_heard(self):
        """Tell whether an installed addon imports what this flow reads."""
        return self.env["retail.inbox.processor"]._importer(self.kind) is not None

    def _begin_now(self):
        """Let scheduled polls of a new backend read from now on: history is read by a backfill."""
        new = self.filtered(lambda flow: flow.interval and not flow.watermark and not flow.cursor)
        new.watermark = fields.Datetime.now()

    def _is_due(self, now):
        self.ensure_one()
        last = max(
            filter(None, (self.last_success_at, self.last_error_at, self.poll_started_at)),
            default=None,
        )
        return not last or last + timedelta(minutes=self.interval) <= now

    def _start_after_commit(self):
        for flow in self:
            self.env["retail.poll"]._after_commit("_start", flow.id)

    def action_poll_now(self):
        """Read the channel's list now."""
        self.check_access("write")
        for flow in self:
            if not flow.can_poll:
                raise UserError(
                    self.env._(
                        "%(flow)s cannot be polled: its provider offers no list of this domain.",
                        flow=flow.display_name,
                    )
                )
        self._start_after_commit()
        return self._notify(self.env._("The poll was started. The list shows its progress."))

    def action_pause(self):
        """Stop processing; messages are received and kept."""
        self.check_access("write")
        self.paused = True
        self._audit("flow_pause")

    def action_resume(self):
        """Go on with what was kept meanwhile."""
        self.check_access("write")
        self.write({"paused": False, "full_at": False, "retry_at": False, "attempts": 0})
        self._audit("flow_resume")
        self.env["retail.inbox.sweeper"]._sweep_at(fields.Datetime.now())

    def _audit(self, action):
        for flow in self:
            self.env["retail.audit"]._log(action, record=flow, backend=flow.backend_id)

    def _backfill(self, since):
        """Read the channel's list again from a moment (UTC) on, after a run that is under way."""
        self.ensure_one()
        self.write({"backfill_since": since})
        self._audit("backfill")
        self._start_after_commit()
