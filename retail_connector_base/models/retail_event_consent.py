from odoo import api, models

from ..canonical.event import CustomerUpdated


class RetailConsent(models.Model):
    """Consents that subscribers hear of with their customer."""

    _inherit = "retail.consent"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: tell subscribers."""
        consents = super().create(vals_list)
        consents._tell_subscribers()
        return consents

    def write(self, vals):
        """Override: tell subscribers."""
        result = super().write(vals)
        self._tell_subscribers()
        return result

    def _tell_subscribers(self):
        self.env["retail.event"]._note(CustomerUpdated.type, self.partner_id)
