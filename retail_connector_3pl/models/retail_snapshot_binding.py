from odoo import fields, models


class RetailMoveBinding(models.Model):
    """Moves that put the stock right after a count: bound, so that none is made twice."""

    _inherit = "retail.move.binding"

    snapshot_line_id = fields.Many2one(
        "retail.snapshot.line", readonly=True, index="btree_not_null", ondelete="restrict"
    )
