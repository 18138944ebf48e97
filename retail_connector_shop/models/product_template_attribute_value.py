from odoo import models


class ProductTemplateAttributeValue(models.Model):
    """What a value of an attribute costs more."""

    _inherit = "product.template.attribute.value"

    def write(self, vals):
        """Override: note the variants that have it."""
        result = super().write(vals)
        if "price_extra" in vals and self.env["retail.change"]._backends_of("price"):
            variants = self.sudo().with_context(active_test=False).ptav_product_variant_ids
            self.env["retail.change"]._note("price", variants.ids)
        return result
