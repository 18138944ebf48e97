from odoo import api, fields, models


class StockPicking(models.Model):
    """Deliveries that come to a third party's warehouse."""

    _inherit = "stock.picking"

    retail_announcement_ids = fields.One2many(
        "retail.announcement", "picking_id", string="Announcements"
    )
    retail_receipt_id = fields.Many2one(
        "retail.receipt", copy=False, readonly=True, index="btree_not_null", ondelete="set null",
        help="The receipt of a third party's warehouse that made this transfer.",
    )  # fmt: skip
    retail_is_announced = fields.Boolean(compute="_compute_retail_is_announced")

    @api.depends("move_ids.retail_announcement_line_id")
    def _compute_retail_is_announced(self):
        for picking in self:
            picking.retail_is_announced = bool(picking._retail_announcements())

    def _retail_announcements(self):
        """Return what a third party was told of these goods, backorders included."""
        lines = self.sudo().move_ids.retail_announcement_line_id
        return (lines.announcement_id | self.sudo().retail_announcement_ids).sudo(False)

    def action_open_retail_announcement(self):
        """Open what the warehouse was told of this delivery."""
        self.ensure_one()
        self.env["retail.announcement"].check_access("read")
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_connector_3pl.retail_announcement_action"
        )
        domain = [("id", "in", self._retail_announcements().ids)]
        return action | {"domain": domain, "context": {}}
