from odoo import fields, models

from ..decisions.release_progress import OPEN

# Context key: the goods have left with a label that the warehouse bought.
LEFT_ALREADY = "retail_left_already"


class StockPicking(models.Model):
    """Deliveries that left a third party's warehouse."""

    _inherit = "stock.picking"

    retail_shipment_count = fields.Integer(
        compute="_compute_retail_shipment_count", string="Shipments"
    )

    def _compute_retail_shipment_count(self):
        for picking in self:
            picking.retail_shipment_count = len(picking.sudo()._retail_shipments())

    def _retail_shipments(self):
        """Return the warehouse's shipments that moved goods of these deliveries."""
        return self.move_ids.retail_move_binding_ids.shipment_id

    def action_open_retail_shipments(self):
        """Open what the warehouse told of this delivery."""
        self.ensure_one()
        self.env["retail.warehouse.shipment"].check_access("read")
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_connector_3pl.retail_warehouse_shipment_action"
        )
        return action | {"domain": [("id", "in", self.sudo()._retail_shipments().ids)]}

    def _create_backorder(self, backorder_moves=None):
        """Override: what is still to be sent of a release is in the backorder."""
        backorders = super()._create_backorder(backorder_moves)
        if backorder_moves is None:
            for backorder in backorders.sudo():
                releases = backorder.move_ids.retail_release_line_ids.release_id
                left = backorder.backorder_id
                releases.filtered(
                    lambda release, left=left: release.state in OPEN and release.picking_id == left
                ).picking_id = backorder
        return backorders

    def send_to_shipper(self):
        """Override: never buy a label for what has left."""
        if self.env.context.get(LEFT_ALREADY):
            return None
        return super().send_to_shipper()
