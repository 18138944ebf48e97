from odoo import api, models

from odoo.addons.retail_connector_base.canonical import ShipmentState
from odoo.addons.retail_connector_base.decisions.moment import naive_utc
from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.problem import (
    ImportProblem,
    ItemFailures,
    MissingParentError,
    Problem,
)
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

STATES = {
    ShipmentState.PENDING: "pending",
    ShipmentState.SHIPPED: "shipped",
    ShipmentState.CANCELLED: "cancelled",
    ShipmentState.FAILED: "cancelled",
}


class RetailImporterWarehouseShipment(models.AbstractModel):
    """Shipments of third parties' warehouses: recorded here, moved in the warehouse's lane.

    A shipment of an order that was never released waits for its release. One that comes before
    the warehouse has accepted its order is recorded, and its goods wait: the message itself must
    not, for the acceptance comes after it in the order of the entity.
    """

    _name = "retail.importer.warehouse_shipment"
    _description = "Retail Importer: shipments of warehouses"
    _inherit = ["retail.importer"]

    _binding_model = "retail.warehouse.shipment"

    @api.model
    def _apply(self, backend, pairs):
        """Override: record what was told; have the goods move."""
        releases = self._releases(backend, [item.canonical for item, _shipment in pairs])
        self._check(backend, pairs, releases)
        return {
            item.message_id: self._apply_one(
                backend, item, shipment, releases[item.canonical.order_external_id]
            )
            for item, shipment in pairs
        }

    def _releases(self, backend, told):
        """Return the releases by the references that shipments name."""
        references = list({shipment.order_external_id for shipment in told})
        found = self.env["retail.release"].search(
            [("backend_id", "=", backend.id), ("name", "in", references)]
        )
        return {release.name: release for release in found}

    def _check(self, backend, pairs, releases):
        failures = {}
        for item, _shipment in pairs:
            told = item.canonical
            try:
                if told.order_external_id not in releases:
                    raise MissingParentError(told.entity_key)
                if told.state is ShipmentState.UNKNOWN:
                    raise ImportProblem(self._unknown_state(told))
                self._house(backend, told, releases[told.order_external_id])
            except (MissingParentError, ImportProblem) as error:
                failures[item.message_id] = error
        if failures:
            raise ItemFailures(failures)

    def _house(self, backend, told, release):
        """Return the third party's warehouse that goods left: the named one, else the release's."""
        houses = self.env["retail.warehouse"]
        if not told.location_external_id:
            release.warehouse_id._check_is_chosen()
            return release.warehouse_id
        return houses._known_in(backend, told.location_external_id)

    def _apply_one(self, backend, item, shipment, release):
        told = item.canonical
        house = self._house(backend, told, release)
        values = self._values(item, shipment, house)
        if shipment:
            shipment.write(values)
        else:
            shipment = shipment.create(
                {
                    **values,
                    "backend_id": backend.id,
                    "external_id": told.external_id,
                    "release_id": release.id,
                }
            )
        note = shipment._have_goods_moved()
        return ImportResult(Outcome.DONE, note, (shipment._name, shipment.id))

    def _values(self, item, shipment, house):
        told = item.canonical
        numbers = [parcel.tracking.number for parcel in told.parcels if parcel.tracking]
        numbers += [tracking.number for tracking in told.trackings]
        at = naive_utc(told.shipped_at)
        # What has left does not get announced again.
        state = STATES[told.state]
        was_shipped = shipment.state == "shipped" and state == "pending"
        return {
            **self.env[self._binding_model]._state_values(item),
            "state": "shipped" if was_shipped else state,
            "name": told.name,
            "warehouse_id": house.id,
            "shipped_at": at or shipment.shipped_at or False,
            "carrier": told.carrier or next((p.carrier for p in told.parcels if p.carrier), False),
            "tracking": ", ".join(dict.fromkeys(numbers)),
            "final": told.final,
            "snapshot": told.model_dump(mode="json"),
        }

    @api.model
    def _on_deleted(self, binding):
        """Override: what the warehouse deleted was cancelled; goods that moved are shown."""
        binding.state = "cancelled"
        binding._have_goods_moved()

    def _unknown_state(self, told):
        return Problem(
            error_class=ErrorClass.DATA,
            code="shipment_state_unknown",
            subject=told.external_id,
            title=self.env._("Has shipment %(name)s left?", name=told.name or told.external_id),
            cause=self.env._(
                "The warehouse gave it a state that is not known. Nothing was moved. Find out what "
                "it means; when the warehouse says more, it is imported by itself."
            ),
            fix="retry",
        )
