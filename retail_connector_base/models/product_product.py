from odoo import api, models


class ProductProduct(models.Model):
    """Variants tell of what channels show of them."""

    _inherit = "product.product"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a new variant of a published product is published."""
        products = super().create(vals_list)
        self.env["retail.change"]._note_changed(products, {"active"})
        return products

    def write(self, vals):
        """Override: note what changed."""
        result = super().write(vals)
        self.env["retail.change"]._note_changed(self, vals.keys())
        return result
