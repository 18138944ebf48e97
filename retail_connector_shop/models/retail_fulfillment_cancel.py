from odoo import api, models

from odoo.addons.retail_connector_base.canonical import CancelFulfillment


class RetailFulfillment(models.AbstractModel):
    """Taking back what channels were told."""

    _inherit = "retail.fulfillment"

    @api.model
    def _take_back(self, picking):
        """Give up or take back what channels are told of a delivery; return the commands."""
        commands = self.env["retail.outbox.command"]
        unsent = self._unsent(picking)
        unsent._check_not_leased()
        found = unsent._cancel(self.env._("Cancelled on the delivery."))
        shipments = self.env["retail.shipment.binding"].search(
            [("odoo_id", "=", picking.id), ("state", "=", "shipped")]
        )
        for shipment in shipments:
            backend = shipment.backend_id
            command = CancelFulfillment(
                order_external_id=shipment.order_binding_id.external_id,
                fulfillment_external_id=shipment.external_id,
            )
            if self.env["retail.exporter.cancel_fulfillment"]._is_offered(backend):
                # Pressed twice is once, unless the first one was given up.
                key = self._free_key(backend, f"cancel:{shipment.id}", given_up=True)
                found |= commands._put(backend, command, key, picking)
        return found

    def _unsent(self, picking):
        """Return the commands of a delivery whose effect the channel surely does not know."""
        return self.env["retail.outbox.command"].search(
            [
                ("res_model", "=", picking._name),
                ("res_id", "=", picking.id),
                ("kind", "in", ("fulfill", "update_tracking")),
                ("state", "not in", ("done", "cancelled")),
                ("in_doubt", "=", False),
            ]
        )
