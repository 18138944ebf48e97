from datetime import timedelta

from odoo import fields, models

# Lanes of one flow note their health in one row: not more often than this.
NOTED_EVERY = timedelta(minutes=1)


class RetailFlow(models.Model):
    """The health of a flow whose commands are sent one by one."""

    _inherit = "retail.flow"

    def _note_command(self, error=None):
        """Note that a command came through, or why it did not."""
        field = "last_error_at" if error else "last_success_at"
        now = fields.Datetime.now()
        for flow in self:
            turned = flow.last_error if not error else flow.last_error != error[:200]
            if turned or not flow[field] or flow[field] + NOTED_EVERY < now:
                flow.write({field: now, "last_error": error[:200] if error else False})
