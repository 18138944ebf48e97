from odoo import fields, models


class RetailLocationBinding(models.Model):
    """A place where a channel keeps stock, and the location it is in Odoo."""

    _name = "retail.location.binding"
    _description = "Retail Location Binding"
    _inherit = ["retail.binding"]

    _canonical_kind = "location"

    name = fields.Char(readonly=True, help="The location's name in the channel.")
    odoo_id = fields.Many2one(
        "stock.location",
        string="Location",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("usage", "=", "internal")],
    )
    warehouse_id = fields.Many2one(related="odoo_id.warehouse_id")
