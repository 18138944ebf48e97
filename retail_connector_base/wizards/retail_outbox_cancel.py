from odoo import fields, models


class RetailOutboxCancel(models.TransientModel):
    """Asks why commands can be cancelled."""

    _name = "retail.outbox.cancel"
    _description = "Cancel Commands"

    command_ids = fields.Many2many("retail.outbox.command", required=True, readonly=True)
    reason = fields.Char(required=True, help="Kept with the commands and in the audit trail.")

    def action_cancel(self):
        """Cancel the commands: the channel is not told, ever."""
        self.ensure_one()
        return self.command_ids.action_cancel(self.reason)
