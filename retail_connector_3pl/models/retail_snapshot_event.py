from odoo import api, fields, models


class RetailSnapshotEvent(models.Model):
    """Goods that one side had moved when a warehouse counted, and the other had not."""

    _name = "retail.snapshot.event"
    _description = "Explanation of a Stock Count"
    _order = "snapshot_id desc, there_at, id"
    _log_access = False
    _rec_name = "name"

    snapshot_id = fields.Many2one(
        "retail.snapshot", required=True, readonly=True, index=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "retail.snapshot.line", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="snapshot_id.company_id")
    product_id = fields.Many2one(related="line_id.product_id")
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", readonly=True)
    name = fields.Char(string="Document Name", readonly=True)
    quantity = fields.Float(
        digits="Product Unit", readonly=True, help="Units that the warehouse has more than Odoo."
    )
    there_at = fields.Datetime(string="Moved There", readonly=True, help="Empty: not yet.")
    here_at = fields.Datetime(string="Moved in Odoo", readonly=True, help="Empty: not yet.")

    @api.model
    def _titles(self):
        """Return what documents are called, by model."""
        return {
            "retail.warehouse.shipment": self.env._("Shipment"),
            "retail.receipt": self.env._("Receipt"),
            "retail.return": self.env._("Return"),
            "retail.snapshot": self.env._("Former count"),
            "retail.release": self.env._("Delivery made here"),
            "retail.announcement": self.env._("Receipt made here"),
            "retail.inbox.message": self.env._("Message that is not imported"),
        }

    @api.depends("res_model", "name", "quantity", "there_at", "here_at")
    def _compute_display_name(self):
        titles = self._titles()
        for event in self:
            event.display_name = self.env._(
                "%(quantity)s: %(what)s %(name)s, there %(there)s, in Odoo %(here)s",
                quantity=f"{event.quantity:+g}",
                what=titles.get(event.res_model, event.res_model),
                name=event.name or event.res_id,
                there=event.there_at or self.env._("not yet"),
                here=event.here_at or self.env._("not yet"),
            )

    def action_open_document(self):
        """Open what explains it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
