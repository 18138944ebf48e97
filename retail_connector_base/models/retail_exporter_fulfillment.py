from odoo import api, models

from ..canonical import ShipmentLine
from ..providers import Capability


class RetailExporterFulfill(models.AbstractModel):
    """Fulfilments: what was told is bound to the delivery it tells of."""

    _name = "retail.exporter.fulfill"
    _description = "Retail Exporter: fulfilments"
    _inherit = ["retail.exporter"]

    _flow_kind = "fulfillment"
    _capability = Capability.FULFILL

    @api.model
    def _known_ids(self, command):
        """Override: what the channel shipped by itself is none of ours either."""
        shipments = self.env["retail.shipment.binding"].search(
            [
                ("backend_id", "=", command.backend_id.id),
                ("order_binding_id", "=", self._order_binding(command).id),
                ("command_id", "!=", command.id),
            ]
        )
        return super()._known_ids(command) | set(shipments.mapped("external_id"))

    @api.model
    def _order_binding(self, command):
        """Return the order that a command is about, empty where it is not bound."""
        backend, wanted = command.backend_id, command._command().order_external_id
        found = self.env["retail.order.binding"]._by_external_id(backend, [wanted])
        return found.get(wanted, self.env["retail.order.binding"])

    @api.model
    def _on_done(self, command, result):
        """Override: bind what was made, one shipment for each id that the channel gave."""
        order = self._order_binding(command)
        if not order:
            return
        shipments = self.env["retail.shipment.binding"]
        known = shipments._by_external_id(command.backend_id, result.external_ids)
        for position, external_id in enumerate(result.external_ids):
            # A channel that splits what we told in one: the first stands for all of it.
            lines = command.payload["lines"] if not position else []
            values = self._shipment_values(command, order, lines)
            if external_id in known:
                known[external_id].write(values)
            else:
                identity = {"backend_id": command.backend_id.id, "external_id": external_id}
                shipments.create({**values, **identity})

    def _shipment_values(self, command, order, lines):
        told = command._command()
        picking = command.res_model == "stock.picking" and command._document()
        return {
            "order_binding_id": order.id,
            "command_id": command.id,
            "odoo_id": picking.id if picking else False,
            "name": told.reference,
            "carrier": told.carrier,
            "tracking": ", ".join(parcel.number for parcel in told.trackings),
            "lines": lines,
        }


class RetailExporterUpdateTracking(models.AbstractModel):
    """Parcels of a fulfilment that the channel knows already."""

    _name = "retail.exporter.update_tracking"
    _description = "Retail Exporter: tracking"
    _inherit = ["retail.exporter"]

    _flow_kind = "fulfillment"
    _capability = Capability.UPDATE_TRACKING

    @api.model
    def _shipment(self, command):
        wanted = command._command().fulfillment_external_id
        shipments = self.env["retail.shipment.binding"]
        found = shipments._by_external_id(command.backend_id, [wanted])
        return found.get(wanted, shipments)

    @api.model
    def _is_wanted(self, command):
        """Override: not for a fulfilment that was taken back, nor when a later word waits."""
        if self._shipment(command).state == "cancelled":
            return False
        wanted = command._command().fulfillment_external_id
        later = command._siblings().filtered(
            lambda other: (
                other.id > command.id
                and other.kind == command.kind
                and other.state != "cancelled"
                and other.payload["fulfillment_external_id"] == wanted
            )
        )
        return not later

    @api.model
    def _on_done(self, command, result):
        """Override: note what the channel shows now."""
        told = command._command()
        self._shipment(command).write(
            {
                "carrier": told.carrier,
                "tracking": ", ".join(parcel.number for parcel in told.trackings),
            }
        )


class RetailExporterCancelFulfillment(models.AbstractModel):
    """Fulfilments that are taken back."""

    _name = "retail.exporter.cancel_fulfillment"
    _description = "Retail Exporter: cancelled fulfilments"
    _inherit = ["retail.exporter.update_tracking"]

    _capability = Capability.CANCEL_FULFILLMENT

    @api.model
    def _is_wanted(self, command):
        """Override: not when the channel took it back by itself."""
        return self._shipment(command).state != "cancelled"

    @api.model
    def _on_done(self, command, result):
        """Override: what it told of counts as not told."""
        self._shipment(command).state = "cancelled"


class RetailOrderBinding(models.Model):
    """What the channel was told, or knows by itself, of an order's goods."""

    _inherit = "retail.order.binding"

    def _told_quantities(self, without=None):
        """Return what left, as far as the channel knows or will be told, by line of its order.

        ``without`` are commands that do not count.
        """
        self.ensure_one()
        commands = self.env["retail.outbox.command"].sudo()
        fulfilments = commands.search(
            [
                ("backend_id", "=", self.backend_id.id),
                ("entity_key", "=", f"order:{self.external_id}"),
                ("kind", "=", "fulfill"),
                ("state", "!=", "cancelled"),
            ]
        )
        if without:
            fulfilments -= without
        shipments = self.env["retail.shipment.binding"].sudo()
        shipments = shipments.search([("order_binding_id", "=", self.id)])
        taken_back = shipments.filtered(lambda shipment: shipment.state == "cancelled")
        by_channel = shipments.filtered(lambda shipment: not shipment.command_id) - taken_back
        told = by_channel._quantities()
        for command in fulfilments - taken_back.filtered("lines").command_id:
            for line in map(ShipmentLine.model_validate, command.payload["lines"]):
                known = told.get(line.order_line_external_id, 0.0)
                told[line.order_line_external_id] = known + float(line.quantity)
        return told
