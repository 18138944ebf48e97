from odoo import models


class SaleOrderLine(models.Model):
    """Lines that a channel priced."""

    _inherit = "sale.order.line"

    def _compute_discount(self):
        """Override: price lists that only give a currency have no say in a line's discount."""
        priced = self.filtered(lambda line: line.order_id.pricelist_id.is_retail_currency)
        return super(SaleOrderLine, self - priced)._compute_discount()
