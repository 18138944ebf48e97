from odoo import models


class ProductTemplateAttributeValue(models.Model):
    """What a value of an attribute costs more."""

    _inherit = "product.template.attribute.value"

    def write(self, vals):
        """Override: note the variants that have it."""
        result = super().write(vals)
        changes = self.env["retail.change"]
        if "price_extra" in vals and changes._any_wants(changes._priced_kinds()):
            variants = self.sudo().with_context(active_test=False).ptav_product_variant_ids
            changes._note_prices(variants.ids)
        return result
