from odoo import models


class ProductTemplate(models.Model):
    """Products tell of what channels show of them."""

    _inherit = "product.template"

    def write(self, vals):
        """Override: note what changed."""
        result = super().write(vals)
        self.env["retail.change"]._note_changed(self, vals.keys())
        return result
