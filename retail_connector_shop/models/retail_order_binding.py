from odoo import models
from odoo.tools import float_compare

from odoo.addons.retail_connector_base.decisions.hold import ConfirmOn, payment_suffices


class RetailOrderBinding(models.Model):
    """How far the goods of an order have come, and what of its payment lets them leave."""

    _inherit = "retail.order.binding"

    def _note_deliveries(self):
        """Move orders on that have left in part or as a whole."""
        for binding in self:
            lines = binding.odoo_id.order_line.filtered("move_ids")
            if not any(line.qty_delivered > 0 for line in lines):
                continue
            whole = all(
                float_compare(
                    line.qty_delivered,
                    line.product_uom_qty,
                    precision_rounding=line.product_uom_id.rounding,
                )
                >= 0
                for line in lines
            )
            binding._advance("shipped" if whole else "partly_shipped")

    def _payment_suffices(self, state):
        """Override: the backend says what of a payment lets its orders go on."""
        self.ensure_one()
        policy = ConfirmOn(self.backend_id.confirm_on)
        return payment_suffices(policy, state, self.currency_id.is_zero(self.amount_total))
