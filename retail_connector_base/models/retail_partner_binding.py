from odoo import fields, models


class RetailPartnerBinding(models.Model):
    """A customer of a channel and the partner he is in Odoo. Several may be one partner."""

    _name = "retail.partner.binding"
    _description = "Retail Customer Binding"
    _inherit = ["retail.binding"]

    _canonical_kind = "customer"

    odoo_id = fields.Many2one(
        "res.partner", string="Partner", required=True, index=True, ondelete="cascade"
    )
    email = fields.Char(readonly=True, help="As the channel told it last.")
    phone = fields.Char(readonly=True, help="As the channel told it last.")
    snapshot = fields.Json(
        readonly=True, help="The channel's state that was applied last, to see what it changed."
    )
