from odoo import fields, models


class RetailExceptionDismiss(models.TransientModel):
    """Asks why exceptions can be dismissed."""

    _name = "retail.exception.dismiss"
    _description = "Dismiss Exceptions"

    exception_ids = fields.Many2many("retail.exception", required=True, readonly=True)
    reason = fields.Char(required=True, help="Kept with the exception and in the audit trail.")

    def action_dismiss(self):
        """Dismiss the exceptions; their messages are ignored for good."""
        self.ensure_one()
        self.exception_ids.action_dismiss(self.reason)
        return {"type": "ir.actions.act_window_close"}
