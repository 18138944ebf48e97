from odoo import fields, models


class SaleOrderLine(models.Model):
    """Lines that came from a channel."""

    _inherit = "sale.order.line"

    retail_binding_ids = fields.One2many(
        "retail.order.line.binding", "odoo_id", string="Channel Lines"
    )
