from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import ReceiptState


class RetailReceipt(models.Model):
    """A receipt of a third party's warehouse: what it took in, as it told last.

    Each version tells all that came so far; the stock lane moves the difference to what has moved.
    """

    _name = "retail.receipt"
    _description = "Receipt of a Warehouse"
    _inherit = ["retail.binding"]
    _order = "received_at desc, id desc"

    _canonical_kind = "receipt"

    warehouse_id = fields.Many2one(
        "retail.warehouse", required=True, readonly=True, index=True, ondelete="restrict"
    )
    announcement_id = fields.Many2one(
        "retail.announcement", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    announcement_reference = fields.Char(
        string="Reference Told", readonly=True, help="What the warehouse says it was announced as."
    )
    state = fields.Selection(
        [(state.value, state.value.replace("_", " ").title()) for state in ReceiptState],
        required=True,
        readonly=True,
        index=True,
    )
    received_at = fields.Datetime(readonly=True)
    note = fields.Char(readonly=True)
    line_ids = fields.One2many("retail.receipt.line", "receipt_id", string="Lines")
    move_binding_ids = fields.One2many("retail.move.binding", "receipt_id", string="Moves")
    picking_ids = fields.Many2many(
        "stock.picking", compute="_compute_goods", compute_sudo=True, string="Transfers"
    )
    goods_state = fields.Selection(
        [("waiting", "Goods Wait"), ("blocked", "Need a Person"), ("moved", "Goods Moved"),
         ("none", "Nothing Came")],
        compute="_compute_goods", compute_sudo=True,
        string="Goods",
    )  # fmt: skip

    @api.depends("line_ids.quantity", "line_ids.moved_quantity", "move_binding_ids")
    def _compute_goods(self):
        tasks = self.env["retail.goods.task"].sudo()._open_of(self).grouped("res_id")
        for receipt in self:
            receipt.picking_ids = receipt.move_binding_ids.odoo_id.picking_id
            task = tasks.get(receipt.id)
            moved = "moved" if receipt.line_ids.filtered("moved_quantity") else "none"
            receipt.goods_state = task.state if task else moved

    def _is_over(self):
        """Tell whether nothing more comes of what this receipt belongs to."""
        return self.state == ReceiptState.COMPLETED.value

    def action_open_pickings(self):
        """Open the transfers that these goods became."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.action_picking_tree_all")
        return action | {"domain": [("id", "in", self.picking_ids.ids)], "context": {}}
