from odoo import fields, models


class RetailPriceBinding(models.Model):
    """A price that a system told, and the rule of a price list that it is in Odoo.

    Without a rule it was refused, taken back, or is the sales price itself.
    """

    _name = "retail.price.binding"
    _description = "Retail Price Binding"
    _inherit = ["retail.binding"]

    _canonical_kind = "price"

    odoo_id = fields.Many2one(
        "product.pricelist.item", string="Price Rule", ondelete="set null", index="btree_not_null"
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade", index=True
    )
    snapshot = fields.Json(readonly=True, help="What was told last.")
