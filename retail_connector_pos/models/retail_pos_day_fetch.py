from datetime import datetime, time, timezone
from zoneinfo import ZoneInfo

from odoo import fields, models
from odoo.exceptions import UserError

KIND = "pos_ticket"


class RetailPosDay(models.Model):
    """Missing tickets are fetched where the provider can list them."""

    _inherit = "retail.pos.day"

    fetched_gaps = fields.Char(readonly=True, copy=False, help="What was fetched for last.")
    can_fetch = fields.Boolean(compute="_compute_can_fetch")

    def _compute_can_fetch(self):
        for day in self:
            day.can_fetch = day.state != "closed" and bool(day._ticket_flow())

    def action_fetch(self):
        """Read the register system's list of this day again."""
        self.ensure_one()
        self.check_access("read")
        flow = self.sudo()._ticket_flow()
        if not flow:
            raise UserError(
                self.env._("Its system offers no list: ask the store to send the tickets again.")
            )
        self.env["retail.audit"]._log("pos_day.fetched", self)
        flow._backfill(self._begins_at())
        return self.backend_id._notify(self.env._("The tickets are being fetched."))

    def _fetch_missing(self):
        """Fetch what is missing, once for the same gaps: what the list lacks stays missing."""
        gaps = ", ".join((self.tie or {}).get("gaps", ()))
        if not gaps or gaps == self.fetched_gaps:
            return
        self.fetched_gaps = gaps
        flow = self._ticket_flow()
        if flow:
            flow._backfill(self._begins_at())

    def _ticket_flow(self):
        """Return the flow by which tickets can be listed, empty where there is none."""
        flows = self.backend_id.flow_ids
        return flows.filtered(
            lambda flow: (
                flow.kind == KIND and flow.direction == "in" and flow.can_poll and not flow.paused
            )
        )[:1]

    def _begins_at(self):
        """Return when this day begins at the store, in UTC."""
        zone = ZoneInfo(self.store_id._timezone())
        local = datetime.combine(self.business_date, time.min, zone)
        return local.astimezone(timezone.utc).replace(tzinfo=None)
