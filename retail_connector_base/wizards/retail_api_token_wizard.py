from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class RetailApiTokenWizard(models.TransientModel):
    """Asks how long a new token lives, and how long the one lives on that it replaces."""

    _name = "retail.api.token.wizard"
    _description = "New API Token"

    client_id = fields.Many2one("retail.api.client", required=True, readonly=True)
    token_id = fields.Many2one("retail.api.token", readonly=True, string="Replaces")
    lifetime = fields.Selection(
        [("30", "30 days"), ("90", "90 days"), ("365", "A year"), ("0", "No end")],
        default="365",
        required=True,
    )
    overlap_hours = fields.Integer(
        string="Former Token Lives on for (h)",
        default=24,
        help="How many hours the former token stays valid, so that nothing is refused while the "
        "other system changes over.",
    )

    @api.constrains("overlap_hours")
    def _check_overlap(self):
        if any(not 0 <= wizard.overlap_hours <= 720 for wizard in self):
            raise UserError(self.env._("The overlap is between 0 and 720 hours."))

    def action_create(self):
        """Make the token and show it, once."""
        self.ensure_one()
        self.client_id.check_access("write")
        days = int(self.lifetime)
        expires_at = fields.Datetime.now() + timedelta(days=days) if days else False
        if self.token_id:
            _token, text = self.token_id._rotate(expires_at, self.overlap_hours)
        else:
            _token, text = self.env["retail.api.token"]._issue(self.client_id, expires_at)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Copy the Token"),
            "res_model": "retail.api.token.show",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_token": text},
        }
