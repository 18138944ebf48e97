from odoo import models


class ProductProduct(models.Model):
    """Products are found by a channel's SKU, whatever space somebody typed around it."""

    _inherit = "product.product"

    _retail_sku_index = models.Index("(btrim(default_code)) WHERE default_code IS NOT NULL")
