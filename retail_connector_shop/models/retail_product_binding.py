from odoo import fields, models


class RetailProductBinding(models.Model):
    """What the channel was told of a variant's price."""

    _inherit = "retail.product.binding"

    price_state_ids = fields.One2many("retail.price.state", "binding_id", string="Prices")
    listing_id = fields.Many2one(
        "retail.listing",
        compute="_compute_listing_id",
        string="Published As",
        help="The product that is published from Odoo; empty where Odoo writes no texts.",
    )

    def _compute_listing_id(self):
        listings = self.env["retail.listing"].search(
            [
                ("backend_id", "in", self.backend_id.ids),
                ("product_tmpl_id", "in", self.odoo_id.product_tmpl_id.ids),
            ]
        )
        found = {(one.backend_id, one.product_tmpl_id): one for one in listings}
        for binding in self:
            key = (binding.backend_id, binding.odoo_id.product_tmpl_id)
            binding.listing_id = found.get(key)
