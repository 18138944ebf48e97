from odoo import fields, models


class RetailProductListing(models.Model):
    """A product as a channel lists it, with the state of it that was applied last.

    Its variants are what is sold and bound; the listing only holds the version that guards them.
    """

    _name = "retail.product.listing"
    _inherit = "retail.binding"
    _description = "Retail Product Listing"
    _rec_name = "title"

    _canonical_kind = "product"

    title = fields.Char(readonly=True)
    told = fields.Json(
        readonly=True, help="What the channel said last, where it owns anything of products."
    )
    taken = fields.Json(readonly=True, help="What was compared with Odoo last.")
