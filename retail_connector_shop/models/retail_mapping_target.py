from odoo import api, fields, models


class RetailMappingTarget(models.AbstractModel):
    """Carriers, price lists and categories: what a channel calls them."""

    _inherit = "retail.mapping.target"

    kind = fields.Selection(
        selection_add=[
            ("carrier", "Carrier"),
            ("price_list", "Price List"),
            ("category", "Product Category"),
        ],
        ondelete={"carrier": "cascade", "price_list": "cascade", "category": "cascade"},
    )
    carrier_id = fields.Many2one("delivery.carrier", check_company=True)
    pricelist_id = fields.Many2one("product.pricelist", string="Price List", check_company=True)
    category_id = fields.Many2one("product.category")

    @api.model
    def _kind_fields(self) -> dict[str, str]:
        """Override: add the kinds of this addon."""
        return {
            **super()._kind_fields(),
            "carrier": "carrier_id",
            "price_list": "pricelist_id",
            "category": "category_id",
        }

    @api.model
    def _financial_kinds(self) -> set[str]:
        """Override: which price list prices go to is also an accountant's business."""
        return super()._financial_kinds() | {"price_list"}
