from odoo import fields, models


class RetailWarehouseShipment(models.Model):
    """A shipment as the warehouse told it, and the delivery that it became."""

    _name = "retail.warehouse.shipment"
    _description = "Shipment of a Warehouse"
    _inherit = ["retail.binding"]

    _canonical_kind = "shipment"

    release_id = fields.Many2one(
        "retail.release", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    odoo_id = fields.Many2one(
        "stock.picking", string="Delivery", readonly=True, index="btree_not_null",
        ondelete="restrict",
    )  # fmt: skip
    state = fields.Selection(
        [("pending", "Announced"), ("shipped", "Shipped"), ("cancelled", "Cancelled")],
        required=True,
        default="pending",
        readonly=True,
    )
    shipped_at = fields.Datetime(readonly=True)
    carrier = fields.Char(readonly=True)
    tracking = fields.Char(readonly=True)
    snapshot = fields.Json(readonly=True, help="The state that was applied last.")
    move_binding_ids = fields.One2many("retail.move.binding", "shipment_id", string="Moves")
