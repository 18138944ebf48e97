from odoo import models
from odoo.tools import float_compare


class RetailOrderBinding(models.Model):
    """How far the goods of an order have come."""

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
