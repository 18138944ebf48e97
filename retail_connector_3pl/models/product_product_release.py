from odoo import models

NAMES = frozenset({"default_code", "barcode"})


class ProductProduct(models.Model):
    """Products whose releases wait until the warehouse can know them."""

    _inherit = "product.product"

    def write(self, vals):
        """Override: releases that lacked a SKU go now."""
        result = super().write(vals)
        if not NAMES.isdisjoint(vals):
            self.env["retail.release"].sudo()._look_again_at(self)
        return result
