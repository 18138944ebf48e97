from odoo import api, models

from odoo.addons.retail_connector_base.canonical import Tracking, UpdateTracking
from odoo.addons.retail_connector_base.decisions.fulfillment import parcels_of


class RetailFulfillment(models.AbstractModel):
    """Where goods leave from, who carries them in which parcels, and corrections of that."""

    _inherit = "retail.fulfillment"

    def _location(self, backend, picking):
        """Return the channel's name of where goods left from, ``None`` where it knows none."""
        bindings = self.env["retail.location.binding"].search([("backend_id", "=", backend.id)])
        own = [int(part) for part in (picking.location_id.parent_path or "").split("/") if part]
        for location_id in reversed(own):
            found = bindings.filtered(lambda b, wanted=location_id: b.odoo_id.id == wanted)
            if found:
                return found[0].external_id
        warehouse = picking.picking_type_id.warehouse_id
        found = bindings.filtered(lambda b: warehouse and b.warehouse_id == warehouse)
        return found[:1].external_id or None

    def _carrier(self, backend, picking):
        """Return the channel's word for the carrier where it is mapped, else our name of it."""
        carrier = picking.carrier_id
        mapped = self.env["retail.mapping"].search(
            [
                ("backend_id", "=", backend.id),
                ("kind", "=", "carrier"),
                ("carrier_id", "=", carrier.id),
            ],
            limit=1,
        )
        word = carrier and mapped and (mapped.external_label or mapped.external_key)
        return word or carrier.name or None

    def _trackings(self, picking):
        parcels = parcels_of(
            picking.carrier_tracking_ref or "",
            picking.carrier_tracking_url or "",
            picking.carrier_id.tracking_url or "",
        )
        return tuple(Tracking(number=number, url=url) for number, url in parcels)

    # Corrections

    @api.model
    def _tell_tracking(self, pickings):
        """Owe channels the parcels of deliveries that they were told of with other parcels."""
        shipments = self.env["retail.shipment.binding"].search(
            [("odoo_id", "in", pickings.ids), ("state", "=", "shipped")]
        )
        exporter = self.env["retail.exporter.update_tracking"]
        for shipment in shipments:
            backend, picking = shipment.backend_id, shipment.odoo_id
            parcels = self._carrier(backend, picking), self._trackings(picking)
            told = self._told_parcels(shipment)
            if parcels[1] and parcels != told and exporter._is_offered(backend):
                self._put_tracking(shipment, *parcels)

    def _told_parcels(self, shipment):
        """Return the carrier and parcels that the channel was told last, or will be."""
        latest = self._corrections(shipment)[-1:] or shipment.command_id
        if not latest:
            return None, ()
        told = latest._command()
        return told.carrier, told.trackings

    def _corrections(self, shipment):
        """Return the commands about a shipment's parcels, in their order."""
        commands = self.env["retail.outbox.command"].search(
            [
                ("backend_id", "=", shipment.backend_id.id),
                ("entity_key", "=", f"order:{shipment.order_binding_id.external_id}"),
                ("kind", "=", "update_tracking"),
                ("state", "!=", "cancelled"),
            ],
            order="id",
        )
        return commands.filtered(
            lambda command: command.payload["fulfillment_external_id"] == shipment.external_id
        )

    def _put_tracking(self, shipment, carrier, trackings):
        command = UpdateTracking(
            order_external_id=shipment.order_binding_id.external_id,
            fulfillment_external_id=shipment.external_id,
            carrier=carrier,
            trackings=trackings,
        )
        key = self._free_key(shipment.backend_id, f"tracking:{shipment.id}")
        commands = self.env["retail.outbox.command"]
        commands._put(shipment.backend_id, command, key, shipment.odoo_id)
