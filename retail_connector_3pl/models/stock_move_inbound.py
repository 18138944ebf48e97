from odoo import fields, models


class StockMove(models.Model):
    """Moves of what a warehouse was told to expect."""

    _inherit = "stock.move"

    retail_announcement_line_id = fields.Many2one(
        "retail.announcement.line", index="btree_not_null", copy=False, ondelete="set null"
    )

    def _prepare_move_split_vals(self, qty):
        """Override: a part of what was announced was announced."""
        values = super()._prepare_move_split_vals(qty)
        return {**values, "retail_announcement_line_id": self.retail_announcement_line_id.id}
