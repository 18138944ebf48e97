from odoo import api, fields, models


class RetailCredential(models.Model):
    """What lists show of a secret: that there is one, and its end."""

    _inherit = "retail.credential"

    masked = fields.Char(compute="_compute_masked", string="Value")
    overlapping = fields.Boolean(
        compute="_compute_overlapping", help="Whether the previous value is accepted as well."
    )

    @api.depends("is_set", "last_four")
    def _compute_masked(self):
        for credential in self:
            ends = credential.last_four or ""
            credential.masked = (
                f"•••• {ends}".strip() if credential.is_set else self.env._("Not set")
            )

    @api.depends("previous_until")
    def _compute_overlapping(self):
        now = fields.Datetime.now()
        for credential in self:
            credential.overlapping = bool(
                credential.previous_until and credential.previous_until > now
            )
