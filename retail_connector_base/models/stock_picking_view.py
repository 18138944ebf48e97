from odoo import fields, models


class StockPicking(models.Model):
    """What a delivery shows of the order it belongs to."""

    _inherit = "stock.picking"

    retail_hold_reasons = fields.Char(compute="_compute_retail_hold_reasons", string="Held for")

    def _compute_retail_hold_reasons(self):
        """Everyone who sees the delivery sees that its order is held."""
        for picking in self:
            held = picking.sudo().sale_id.retail_binding_ids.filtered("is_held")
            picking.retail_hold_reasons = ", ".join(held.mapped("hold_reasons"))
