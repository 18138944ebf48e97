from odoo import models


class StockMoveLine(models.Model):
    """A sale in a store can take what was reserved for somebody else, without a word."""

    _inherit = "stock.move.line"

    def _free_reservation(self, product_id, location_id, quantity, *args, **kwargs):
        """Override: say whose reservation was taken, if it was an order of a channel."""
        held = self._reserved_for_channels(product_id, location_id)
        result = super()._free_reservation(product_id, location_id, quantity, *args, **kwargs)
        self.env["retail.stolen.reservation"]._report_lost(held, self)
        return result

    def _reserved_for_channels(self, product, location):
        """Return by move what orders of channels have reserved there, in the move's unit."""
        lines = self.sudo().search(
            [
                ("product_id", "=", product.id),
                ("location_id", "=", location.id),
                ("state", "not in", ("done", "cancel")),
                ("quantity_product_uom", ">", 0),
                ("move_id", "!=", self.move_id.id),
                ("move_id.sale_line_id.order_id.retail_binding_ids", "!=", False),
            ]
        )
        return {move: move.quantity for move in lines.move_id}
