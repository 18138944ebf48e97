from datetime import timezone

from odoo import api, models

from odoo.addons.retail_connector_base.canonical import ReportDelivery
from odoo.addons.retail_connector_base.canonical.parcel_tracking import TrackingState
from odoo.addons.retail_connector_base.providers import Capability

# What a channel shows its customers. That goods come back is told by their return.
SHOWN = frozenset(
    state.value
    for state in (
        TrackingState.IN_TRANSIT,
        TrackingState.OUT_FOR_DELIVERY,
        TrackingState.READY_FOR_PICKUP,
        TrackingState.ATTEMPTED,
        TrackingState.DELIVERED,
        TrackingState.FAILED,
    )
)


class RetailExporterReportDelivery(models.AbstractModel):
    """Where parcels are, as the channel shows it to the customer: every state once."""

    _name = "retail.exporter.report_delivery"
    _description = "Retail Exporter: where parcels are"
    _inherit = ["retail.exporter"]

    _flow_kind = "fulfillment"
    _capability = Capability.REPORT_DELIVERY

    @api.model
    def _tell(self, pickings):
        """Owe the channels that were told of these deliveries where they are now."""
        shown = pickings.filtered(lambda picking: picking.retail_delivery_state in SHOWN)
        shipments = self.env["retail.shipment.binding"].search(
            [("odoo_id", "in", shown.ids), ("state", "=", "shipped")]
        )
        for shipment in shipments.filtered(lambda one: self._is_offered(one.backend_id)):
            command = self._command(shipment)
            key = f"delivery:{shipment.id}:{command.state.value}"
            commands = self.env["retail.outbox.command"]
            commands._put(shipment.backend_id, command, key, shipment.odoo_id)

    def _command(self, shipment):
        picking = shipment.odoo_id
        state = picking.retail_delivery_state
        parcels = picking.retail_tracking_ids
        moments = [one.occurred_at for one in parcels.milestone_ids if one.state == state]
        expected = [parcel.expected_at for parcel in parcels if parcel.expected_at]
        return ReportDelivery(
            order_external_id=shipment.order_binding_id.external_id,
            fulfillment_external_id=shipment.external_id,
            state=TrackingState(state),
            occurred_at=_aware(max(moments, default=None)),
            expected_at=_aware(max(expected, default=None)),
        )

    @api.model
    def _known_ids(self, command):
        """Override: a state is told once, whoever told it."""
        return frozenset()

    @api.model
    def _is_wanted(self, command):
        """Override: not for what was taken back, nor once a later state waits."""
        told = command._command()
        shipments = self.env["retail.shipment.binding"]
        found = shipments._by_external_id(command.backend_id, [told.fulfillment_external_id])
        if found.get(told.fulfillment_external_id, shipments).state == "cancelled":
            return False
        return not command._siblings().filtered(
            lambda other: other.id > command.id and other.state != "cancelled"
        )


class RetailShipmentBinding(models.Model):
    """Fulfilments that channels are told of after their parcels were on their way."""

    _inherit = "retail.shipment.binding"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: say where the parcels are by now."""
        shipments = super().create(vals_list)
        known = shipments.odoo_id.filtered("retail_delivery_state")
        if known:
            self.env["retail.exporter.report_delivery"].sudo()._tell(known.sudo())
        return shipments


def _aware(moment):
    return moment.replace(tzinfo=timezone.utc) if moment else None
