from odoo import fields, models

from odoo.addons.retail_connector_base.canonical import WarehouseOrderState


class RetailWarehouseOrder(models.Model):
    """An order as the warehouse numbers it, with what it said of it last."""

    _name = "retail.warehouse.order"
    _description = "Order at a Warehouse"
    _inherit = ["retail.binding"]

    _canonical_kind = "warehouse_order"

    release_id = fields.Many2one(
        "retail.release", required=True, readonly=True, index=True, ondelete="cascade"
    )
    odoo_id = fields.Many2one(related="release_id.picking_id", string="Delivery")
    state = fields.Selection(
        [
            (state.value, state.value.replace("_", " ").capitalize())
            for state in WarehouseOrderState
        ],
        readonly=True,
    )
    reason = fields.Char(readonly=True)
