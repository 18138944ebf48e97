from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

CONFIGURES = {"paused", "active", "backend_id", "kind", "direction"}


class RetailFlow(models.Model):
    """When an outgoing flow runs and when everything is compared again."""

    _inherit = "retail.flow"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: which flows run is cached."""
        flows = super().create(vals_list)
        self.env.registry.clear_cache()
        return flows

    def write(self, vals):
        """Override: which flows run is cached."""
        result = super().write(vals)
        if not CONFIGURES.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    @api.model
    def _running_out(self, kind):
        """Return the outgoing flows of a kind that run, of all companies."""
        flows = self.search([("direction", "=", "out"), ("kind", "=", kind)])
        return flows.filtered(lambda flow: flow._is_running_out())

    def _is_running_out(self):
        """Tell whether the channel is to be told now."""
        self.ensure_one()
        return self.active and not self.paused and self.backend_id._is_processing()

    def _is_full_due(self, now):
        """Tell whether everything is to be compared, not only what changed."""
        self.ensure_one()
        interval = timedelta(minutes=self.interval or 24 * 60)
        return not self.full_at or self.full_at + interval <= now

    def _note_full_comparison(self):
        self.full_at = fields.Datetime.now()

    def _note_success(self):
        """Note that the channel answered; failures before it are over."""
        if self.attempts or self.last_error:
            self.env["retail.exception"]._solved(
                self.backend_id, [f"projection_failed|{self.kind}"]
            )
        self.write(
            {
                "last_success_at": fields.Datetime.now(),
                "last_error": False,
                "retry_at": False,
                "attempts": 0,
            }
        )

    def action_compare_all(self):
        """Compare everything with what the channel acknowledged, and tell it what differs."""
        self.check_access("write")
        projection = self.env["retail.projection"]
        for flow in self:
            if flow.direction != "out" or flow.kind not in projection._models():
                raise UserError(
                    self.env._("%(flow)s publishes no state.", flow=flow.display_name)
                )
            flow.write({"full_at": False, "retry_at": False})
            self.env[projection._model_of(flow.kind)]._wake_after_commit(flow.backend_id.id)
        return self._notify(self.env._("The comparison was started."))
