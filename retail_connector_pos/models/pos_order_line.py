from odoo import fields, models


class PosOrderLine(models.Model):
    """Lines that came from an external register."""

    _inherit = "pos.order.line"

    retail_seller_id = fields.Many2one(
        "res.users", string="Salesperson", readonly=True, copy=False,
        help="Who sold this line, where that is somebody else than who took the money.",
    )  # fmt: skip
