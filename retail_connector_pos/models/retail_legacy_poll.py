from odoo import fields, models


class RetailFlow(models.Model):
    """How far a system that is read in its own order has been read."""

    _inherit = "retail.flow"

    position = fields.Char(
        readonly=True, copy=False, help="Behind what the next poll goes on, in the system's terms."
    )

    def _keeps_position(self):
        """Tell whether this flow's polls start where the last one ended."""
        self.ensure_one()
        return getattr(self.backend_id._provider_class(), "keeps_position", False)


class RetailPoll(models.AbstractModel):
    """A poll of a foreign database starts behind what was read, not at a time of our own clock."""

    _inherit = "retail.poll"

    def _begin(self, flow_id):
        """Override: begin behind the last run's end; a backfill begins at its moment."""
        flow = self.env["retail.flow"].browse(flow_id)
        back = bool(flow.exists() and flow.backfill_since)
        begun = super()._begin(flow_id)
        if begun and not begun["cursor"] and flow._keeps_position():
            provider = flow.backend_id._provider_class()
            begun["cursor"] = provider.first_cursor(flow.position or "", back)
        return begun

    def _complete(self, flow_id):
        """Override: remember where this run ended."""
        flow = self.env["retail.flow"].browse(flow_id)
        if flow.cursor and flow._keeps_position():
            flow.position = flow.cursor
        return super()._complete(flow_id)
