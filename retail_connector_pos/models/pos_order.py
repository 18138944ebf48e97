from odoo import fields, models


class PosOrder(models.Model):
    """Orders that came from an external register."""

    _inherit = "pos.order"

    retail_ticket_ids = fields.One2many("retail.pos.ticket", "odoo_id", readonly=True)
