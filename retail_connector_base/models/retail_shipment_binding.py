from odoo import fields, models

STATES = [("shipped", "Shipped"), ("cancelled", "Cancelled")]


class RetailShipmentBinding(models.Model):
    """A fulfilment at a channel and the delivery in Odoo that it tells of.

    One that the channel made by itself has no delivery and no command.
    """

    _name = "retail.shipment.binding"
    _description = "Retail Shipment Binding"
    _inherit = ["retail.binding"]

    _canonical_kind = "shipment"

    odoo_id = fields.Many2one(
        "stock.picking", string="Delivery", index="btree_not_null", ondelete="set null"
    )
    order_binding_id = fields.Many2one(
        "retail.order.binding", string="Order", required=True, index=True, ondelete="cascade"
    )
    command_id = fields.Many2one(
        "retail.outbox.command", string="Made by", index="btree_not_null", ondelete="set null"
    )
    state = fields.Selection(STATES, required=True, default="shipped", readonly=True)
    name = fields.Char(readonly=True, help="The delivery's or the channel's name of it.")
    carrier = fields.Char(readonly=True)
    tracking = fields.Char(readonly=True, help="The parcels' numbers that the channel shows.")
    lines = fields.Json(readonly=True, help="Quantities by line of the channel's order.")

    def _quantities(self):
        """Return the quantity that these shipments tell of, by line of the channel's order."""
        found = {}
        for row in (row for shipment in self for row in shipment.lines or ()):
            key = row["order_line_external_id"]
            found[key] = found.get(key, 0.0) + float(row["quantity"])
        return found


class RetailOrderBinding(models.Model):
    """The fulfilments that the channel knows of an order."""

    _inherit = "retail.order.binding"

    shipment_ids = fields.One2many(
        "retail.shipment.binding", "order_binding_id", string="Fulfilments"
    )
