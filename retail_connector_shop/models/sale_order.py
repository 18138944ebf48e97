from odoo import models


class SaleOrder(models.Model):
    """Promotions of Odoo never apply to an order that a channel priced already."""

    _inherit = "sale.order"

    def _is_priced_by_channel(self):
        return bool(self.env.context.get("retail_import") or self.sudo().retail_binding_ids)

    def _update_programs_and_rewards(self):
        """Override: leave imported orders as they are; confirming would apply programs to them."""
        if self._is_priced_by_channel():
            return None
        return super()._update_programs_and_rewards()

    def _get_claimable_rewards(self, forced_coupons=None):
        """Override: imported orders have nothing to claim."""
        if self._is_priced_by_channel():
            return {}
        return super()._get_claimable_rewards(forced_coupons=forced_coupons)
