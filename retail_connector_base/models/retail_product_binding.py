from odoo import fields, models


class RetailProductBinding(models.Model):
    """A variant of a channel and the product it is in Odoo."""

    _name = "retail.product.binding"
    _description = "Retail Product Binding"
    _inherit = ["retail.binding"]

    _canonical_kind = "product"

    odoo_id = fields.Many2one(
        "product.product", string="Product", required=True, index=True, ondelete="restrict"
    )
    title = fields.Char(readonly=True, help="The variant's name in the channel.")
    sku = fields.Char(string="SKU", readonly=True, index="btree_not_null")
    barcode = fields.Char(readonly=True)
    product_external_id = fields.Char(
        string="Channel's Product", readonly=True, help="The product that the variant belongs to."
    )
    inventory_item_external_id = fields.Char(
        string="Channel's Stock Item", readonly=True, index="btree_not_null"
    )
