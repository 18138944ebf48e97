from odoo import api, models


class RetailException(models.Model):
    """Fixes of what shops send."""

    _inherit = "retail.exception"

    @api.model
    def _fix_labels(self):
        """Override: add the fixes of this addon."""
        return {
            **super()._fix_labels(),
            "map_product": self.env._("Find the Product"),
            "publish_again": self.env._("Publish Again"),
        }

    def _fix_publish_again(self):
        listing = self.env["retail.listing"].browse(self.res_id).exists()
        return listing.action_publish_again()

    def _fix_map_product(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Find the Product"),
            "res_model": "retail.product.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_exception_id": self.id},
        }
