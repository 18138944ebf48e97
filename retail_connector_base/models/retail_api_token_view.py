from odoo import api, fields, models


class RetailApiToken(models.Model):
    """What lists show of a token."""

    _inherit = "retail.api.token"

    masked = fields.Char(compute="_compute_masked", string="Token")
    state = fields.Selection(
        [
            ("valid", "Valid"),
            ("ending", "Being Replaced"),
            ("expired", "Expired"),
            ("revoked", "Revoked"),
        ],
        compute="_compute_state",
    )

    @api.depends("public_id", "last_four")
    def _compute_masked(self):
        for token in self:
            token.masked = f"rc_{token.public_id}_••••{token.last_four or ''}"

    @api.depends("public_id", "last_four")
    def _compute_display_name(self):
        """Override: tokens are called by what may be shown of them."""
        for token in self:
            token.display_name = token.masked

    @api.depends("expires_at", "revoked_at", "replaced_by_id")
    def _compute_state(self):
        now = fields.Datetime.now()
        for token in self:
            expired = token.expires_at and token.expires_at <= now
            token.state = (
                (token.revoked_at and "revoked")
                or (expired and "expired")
                or (token.replaced_by_id and "ending")
                or "valid"
            )
