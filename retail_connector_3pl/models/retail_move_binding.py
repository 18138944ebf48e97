from odoo import fields, models


class RetailMoveBinding(models.Model):
    """A line of a warehouse's document and the stock move that it became, once.

    ``external_id`` is ``<document>:<line>``; the document is a shipment, a receipt or a return. A
    line that moves in several parts has a number after its name.
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
    release_line_id = fields.Many2one(
        "retail.release.line", readonly=True, index="btree_not_null", ondelete="set null",
        help="The line of the release that it was sent for.",
    )  # fmt: skip
    line_key = fields.Char(readonly=True, help="The line of the document, in its own words.")
    meets = fields.Selection(
        [
            ("asked", "Asked"),
            ("over", "More Than Asked"),
            ("substitute", "Instead of Another"),
            ("unasked", "Not Asked"),
        ],
        readonly=True,
        help="What the goods are to the release that they left for.",
    )
    product_id = fields.Many2one(related="odoo_id.product_id")
    picking_id = fields.Many2one(related="odoo_id.picking_id")
    quantity = fields.Float(
        digits="Product Unit", readonly=True, help="In the product's unit, as the warehouse told."
    )
