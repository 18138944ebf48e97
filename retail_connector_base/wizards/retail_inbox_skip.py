from odoo import fields, models


class RetailInboxSkip(models.TransientModel):
    """Asks why messages can be skipped."""

    _name = "retail.inbox.skip"
    _description = "Skip Messages"

    message_ids = fields.Many2many("retail.inbox.message", required=True, readonly=True)
    reason = fields.Char(required=True, help="Kept with the messages and in the audit trail.")

    def action_skip(self):
        """Skip the messages: they have no effect, ever."""
        self.ensure_one()
        return self.message_ids.action_skip(self.reason)
