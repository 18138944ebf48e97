from odoo import fields, models

from odoo.addons.retail_connector_base.decisions.ownership import Owner


class RetailBackend(models.Model):
    """What is taken over of products from a system that owns them."""

    _inherit = "retail.backend"

    create_products = fields.Boolean(
        string="Create Products from This System",
        help="A product that is not in Odoo is made with its variants. Otherwise it stays in the "
        "review list until a person decides.",
    )
    price_target = fields.Selection(
        [
            ("list_price", "The Sales Price"),
            ("pricelist", "The Price List of this Backend"),
        ],
        string="Prices without a List Go to",
        required=True,
        default="list_price",
        help="Where prices are written that the system tells without the name of a price list.",
    )
    owns_products = fields.Boolean(compute="_compute_owns_products")
    owns_prices = fields.Boolean(compute="_compute_owns_products")

    def _compute_owns_products(self):
        for backend in self:
            backend.owns_products = backend._owns_of_products()
            backend.owns_prices = backend._owns("price", "price")

    def _owns_of_products(self):
        """Tell whether anything of products is this system's."""
        rows = self.sudo().ownership_ids
        return any(row.domain == "product" and row.owner == Owner.CHANNEL.value for row in rows)

    def _governed_fields(self):
        """Override: add what is taken over, and where prices go."""
        return super()._governed_fields() | {"create_products", "price_target"}
