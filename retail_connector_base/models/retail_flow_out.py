from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class RetailFlow(models.Model):
    """When an outgoing flow runs and when everything is compared again."""

    _inherit = "retail.flow"

    can_compare = fields.Boolean(
        compute="_compute_can_compare", help="Whether the flow publishes state."
    )

    @api.model
    def _running_out(self, kind):
        """Return the outgoing flows of a kind that run, of all companies."""
        flows = self.search([("direction", "=", "out"), ("kind", "=", kind)])
        return flows.filtered(lambda flow: flow._is_running_out())

    def _of_which(self, condition):
        """Return the flows of whose backend, called ``wanted`` there, an SQL condition is true."""
        if not self:
            return self
        found = self.env.execute_query(
            SQL(
                "SELECT wanted.id FROM unnest(%s::int[]) AS wanted (id) WHERE %s",
                self.backend_id.ids,
                condition,
            )
        )
        known = {backend_id for (backend_id,) in found}
        return self.filtered(lambda flow: flow.backend_id.id in known)

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

    # Health

    @api.depends("direction", "full_at", "attempts", "last_error", "backend_id.state")
    def _compute_health(self):
        """Override: more tells how an outgoing flow is."""
        return super()._compute_health()

    def _health_at(self, now):
        """Override: a channel that needs to be told nothing is in good health."""
        if self.direction != "out" or self.paused or self.backend_id.paused:
            return super()._health_at(now)
        if self.last_error:
            # Asked to wait is not a failure: it consumes no attempt.
            return "failing" if self.attempts or not self.retry_at else "late"
        if not self.full_at and not self.last_success_at:
            return "idle"
        late = self.full_at and self.full_at + timedelta(minutes=3 * self.interval) < now
        return "late" if late and self.interval else "ok"

    # Buttons

    @api.depends("kind", "direction")
    def _compute_can_compare(self):
        kinds = self.env["retail.projection"]._models()
        for flow in self:
            flow.can_compare = flow.direction == "out" and flow.kind in kinds

    def _is_stock_out(self):
        self.ensure_one()
        return self.direction == "out" and self.kind == "stock_level"

    def action_resume(self):
        """Override: stock is published only where it is known which stock that is."""
        stock = self.filtered(lambda flow: flow._is_stock_out())
        for flow in stock:
            flow._check_locations()
        resumed = super().action_resume()
        stock.backend_id._hear_of_stock()
        return resumed

    def _check_locations(self):
        places = self.sudo().backend_id.location_binding_ids
        if not places.odoo_id:
            raise UserError(
                self.env._(
                    "%(backend)s has no location that is tied to one in Odoo, so there is no stock "
                    "to publish. Fetch its locations on the backend's Stock page and choose the "
                    "location of at least one.",
                    backend=self.backend_id.name,
                )
            )

    def action_compare_all(self):
        """Compare everything with what the channel acknowledged, and tell it what differs."""
        self.check_access("write")
        for flow in self:
            if not flow.can_compare:
                raise UserError(self.env._("%(flow)s publishes no state.", flow=flow.display_name))
            flow._compare_now()
        self._audit("flow_compare")
        return self._notify(self.env._("The comparison was started."))

    def _compare_now(self):
        projection = self.env["retail.projection"]
        self.write({"full_at": False, "retry_at": False})
        self.env[projection._model_of(self.kind)]._wake_after_commit(self.backend_id.id)
