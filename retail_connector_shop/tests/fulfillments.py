"""Deliveries of imported orders, and what their shop is told."""

from datetime import timedelta

from odoo.addons.retail_connector_base.canonical import Shipment, ShipmentLine, ShipmentState
from odoo.addons.retail_connector_base.providers import CommandResult
from odoo.addons.retail_connector_base.tests.common import offer_sample_provider
from odoo.addons.retail_connector_base.tests.sample_provider import SendingProvider

from .orders import START, OrderCase, line, order


class FulfillmentCase(OrderCase):
    """A shop that takes fulfilments, with an order of 3 A and 2 B."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry, SendingProvider))
        cls.backend._sync_with_provider()

    def setUp(self):
        super().setUp()
        self.message = order(line("A", 3, "10.00"), line("B", 2, "10.00"), total="50.00")
        self.sale = self.imported(self.message)
        self.a, self.b = (one.external_id for one in self.message.lines)
        self.order = self.binding(self.message)
        self.picking = self.sale.picking_ids
        self.picking.action_assign()

    def deliver(self, picking, **quantities):
        """Validate a delivery with quantities by SKU; the rest becomes a backorder."""
        for move in picking.move_ids:
            quantity = quantities.get(move.product_id.default_code, 0)
            move.write({"quantity": quantity, "picked": bool(quantity)})
        picking._action_done()
        return picking.backorder_ids

    def commands(self, kind=None):
        """Return what the shop is owed about the order, in order."""
        domain = [("entity_key", "=", f"order:{self.message.external_id}")]
        domain += [("kind", "=", kind)] if kind else []
        return self.env["retail.outbox.command"].search(domain, order="id")

    def told(self):
        """Return the quantities of each fulfilment, by line."""
        return [
            {row["order_line_external_id"]: int(row["quantity"]) for row in one.payload["lines"]}
            for one in self.commands("fulfill")
        ]

    def done(self, command, *external_ids):
        """Let a command come through."""
        result = CommandResult(external_ids=external_ids)
        self.env["retail.outbox.sender"]._finish(command, result)

    def shipments(self):
        """Return the bound fulfilments of the order."""
        return self.order.shipment_ids.sorted("id")

    def shipment(self, external_id, minutes=1, state=ShipmentState.SHIPPED, **quantities):
        """Return a fulfilment as the shop tells of it."""
        lines = {"A": self.a, "B": self.b}
        return Shipment(
            external_id=external_id,
            order_external_id=self.message.external_id,
            name=f"#{external_id}",
            state=state,
            updated_at=START + timedelta(minutes=minutes),
            lines=tuple(
                ShipmentLine(order_line_external_id=lines[sku], quantity=quantity)
                for sku, quantity in quantities.items()
            ),
        )

    def problems(self):
        """Return (code, state) of the shop's exceptions."""
        found = self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id)], order="id"
        )
        return [(one.code, one.state) for one in found]
