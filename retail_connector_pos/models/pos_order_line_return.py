from odoo import fields, models


class PosOrderLine(models.Model):
    """Goods of a web order that came back in a store."""

    _inherit = "pos.order.line"

    retail_sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Returned of Web Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
