from odoo import api, fields, models

# Context key: what does not leave just now is put into moves of its own.
LEAVING = "retail_leaving"
FOLLOW = "retail_release_line_ids"
SEERS = (
    "retail_connector_base.group_operator,retail_connector_base.group_auditor,"
    "stock.group_stock_user"
)


class StockMove(models.Model):
    """The line of a release stands for what is still to be sent of it, whoever validates it."""

    _inherit = "stock.move"

    retail_release_line_ids = fields.One2many(
        "retail.release.line", "move_id", string="Lines of Releases", copy=False, groups=SEERS
    )
    retail_move_binding_ids = fields.One2many(
        "retail.move.binding", "odoo_id", string="Told by Warehouses", copy=False, groups=SEERS
    )

    def _create_backorder(self):
        """Override: the rest of moves that leave in part takes their releases along."""
        return super(StockMove, self.with_context(**{LEAVING: True}))._create_backorder()

    def _prepare_move_split_vals(self, qty):
        """Override: see ``_create_backorder``; other splits leave the line where it is."""
        vals = super()._prepare_move_split_vals(qty)
        lines = self.env.context.get(LEAVING) and self.sudo().retail_release_line_ids
        if lines:
            vals[FOLLOW] = lines.ids
        return vals

    @api.model_create_multi
    def create(self, vals_list):
        """Override: let lines of releases follow, whatever rights the user has there."""
        followed = [vals.pop(FOLLOW, None) for vals in vals_list]
        moves = super().create(vals_list)
        for move, line_ids in zip(moves, followed, strict=True):
            if line_ids:
                self.env["retail.release.line"].sudo().browse(line_ids).write({"move_id": move.id})
        return moves
