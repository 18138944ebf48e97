from odoo import api, models

# What of a product bears upon its price, and upon what is shown of it.
PRICE_FIELDS = {
    "list_price",
    "lst_price",
    "standard_price",
    "taxes_id",
    "uom_id",
    "categ_id",
    "active",
}
LISTING_FIELDS = {
    "name",
    "description_sale",
    "description_ecommerce",
    "active",
    "sale_ok",
    "categ_id",
    "product_tag_ids",
    "image_1920",
    "product_template_image_ids",
    "attribute_line_ids",
    "default_code",
    "barcode",
    "weight",
    "is_storable",
}


class RetailChange(models.Model):
    """Which changes of products bear upon what shops are told."""

    _inherit = "retail.change"

    @api.model
    def _bearing(self):
        """Override: add prices and listings."""
        return {**super()._bearing(), "price": PRICE_FIELDS, "product": LISTING_FIELDS}

    @api.model
    def _priced_kinds(self):
        """Override: add the prices of shops."""
        return (*super()._priced_kinds(), "price")
