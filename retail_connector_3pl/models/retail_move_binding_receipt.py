from odoo import fields, models


class RetailMoveBinding(models.Model):
    """Moves of what warehouses received. What was taken back has a quantity below zero."""

    _inherit = "retail.move.binding"

    receipt_id = fields.Many2one(
        "retail.receipt", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    receipt_line_id = fields.Many2one(
        "retail.receipt.line", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    announcement_line_id = fields.Many2one(
        "retail.announcement.line", readonly=True, index="btree_not_null", ondelete="restrict"
    )
