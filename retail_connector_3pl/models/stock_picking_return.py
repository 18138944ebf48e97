from odoo import fields, models

# Context keys: the lane moves goods of returns; which return and warehouse a receipt is made for.
MOVING = "retail_return_moving"
RETURN = "retail_return"
WAREHOUSE = "retail_return_warehouse"


class StockPicking(models.Model):
    """Receipts of what customers send back."""

    _inherit = "stock.picking"

    retail_return_id = fields.Many2one(
        "retail.return", string="Return", readonly=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip

    def _action_done(self):
        """Override: what a person validated by hand came, too."""
        result = super()._action_done()
        if not self.env.context.get(MOVING):
            for picking in self.filtered(lambda one: one.state == "done" and one.retail_return_id):
                picking.retail_return_id.sudo()._note_validated(picking)
            self.filtered(lambda one: one.picking_type_code == "outgoing")._tell_returns()
        return result

    def _tell_returns(self):
        """Let returns that were told of before their delivery find it."""
        orders = self.sale_id
        domain = [("order_id", "in", orders.ids), ("state", "!=", "completed")]
        returns = self.env["retail.return"].sudo().search(domain) if orders else None
        if returns:
            returns._changed()

    def action_open_retail_return(self):
        """Open the return that the goods belong to."""
        self.ensure_one()
        self.env["retail.return"].check_access("read")
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "retail.return",
            "res_id": self.retail_return_id.id,
            "view_mode": "form",
        }
