from odoo import api, models

from .reservation_batch import BULK


class StockQuant(models.Model):
    """Quants whose reservation a batch writes itself."""

    _inherit = "stock.quant"

    @api.model
    def _update_reserved_quantity(self, product_id, location_id, quantity, *args, **kwargs):
        """Override: a batch of the reservation lane raises the quants once, not line by line."""
        if self.env.context.get(BULK):
            return None
        return super()._update_reserved_quantity(product_id, location_id, quantity, *args, **kwargs)

    @api.model
    def _update_available_quantity(self, product_id, location_id, *args, **kwargs):
        """Override: channels are told of another quantity on hand."""
        result = super()._update_available_quantity(product_id, location_id, *args, **kwargs)
        self.env["retail.change"]._note("stock_level", product_id.ids)
        return result
