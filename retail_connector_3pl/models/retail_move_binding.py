from odoo import fields, models


class RetailMoveBinding(models.Model):
    """A line of a warehouse's document and the stock move that it became, once.

    ``external_id`` is ``<document>:<line>``; the document is a shipment, a receipt or a return.
    """

    _name = "retail.move.binding"
    _description = "Move Binding"
    _inherit = ["retail.binding"]

    _canonical_kind = "move"

    odoo_id = fields.Many2one(
        "stock.move", string="Move", required=True, readonly=True, index=True, ondelete="restrict"
    )
    shipment_id = fields.Many2one(
        "retail.warehouse.shipment", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    quantity = fields.Float(
        digits="Product Unit", readonly=True, help="In the product's unit, as the warehouse told."
    )
