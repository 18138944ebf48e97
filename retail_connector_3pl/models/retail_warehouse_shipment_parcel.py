from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.decisions.receipt import printable


class RetailWarehouseShipment(models.Model):
    """The parcels of a shipment: packages with their numbers, which deliveries name as well."""

    _inherit = "retail.warehouse.shipment"

    def _packages(self, told):
        """Return the packages of the told parcels by their id; make those that are new.

        A number without a parcel of its own is one, of which nobody says what it holds. It is
        named by its place, so that a corrected number is the same parcel.
        """
        known = {package.retail_external_id: package for package in self.package_ids}
        found = {}
        for parcel_id, values in self._parcel_values(told).items():
            package = known.get(parcel_id)
            if package:
                package.write(values)
            else:
                package = self.env["stock.package"].create(
                    {
                        **values,
                        "name": values["retail_tracking_ref"] or parcel_id,
                        "retail_external_id": parcel_id,
                        "retail_shipment_id": self.id,
                    }
                )
            found[parcel_id] = package
        return found

    def _parcel_values(self, told):
        values = {}
        for parcel in told.parcels:
            tracking = parcel.tracking or self._only_tracking(told)
            values[printable(parcel.external_id)] = {
                **self._tracking_values(tracking),
                "retail_carrier": parcel.carrier or told.carrier,
                "shipping_weight": self._weight(parcel.weight_grams),
            }
        named = {value["retail_tracking_ref"] for value in values.values()}
        for place, tracking in enumerate(told.trackings, 1):
            if printable(tracking.number) not in named:
                values[f"#{place}"] = {
                    **self._tracking_values(tracking),
                    "retail_carrier": told.carrier,
                    "shipping_weight": 0.0,
                }
        return values

    def _only_tracking(self, told):
        """Return the number of the only parcel, where it is told beside it."""
        alone = len(told.parcels) == len(told.trackings) == 1
        return told.trackings[0] if alone else None

    def _tracking_values(self, tracking):
        return {
            "retail_tracking_ref": printable(tracking.number) if tracking else False,
            "retail_tracking_url": tracking.url if tracking else False,
        }

    def _weight(self, grams):
        """Return a weight in the unit of the database."""
        if not grams:
            return 0.0
        unit = self.env["product.template"]._get_weight_uom_id_from_ir_config_parameter()
        kilograms = self.env.ref("uom.product_uom_kgm")
        return kilograms._compute_quantity(float(grams / Decimal(1000)), unit, round=False)

    # On deliveries

    def _note_parcels(self, told):
        """Bring the parcels up to date, also of deliveries that left before."""
        before = set(self.package_ids.mapped("retail_tracking_ref"))
        self._packages(told)
        now = {values["retail_tracking_ref"] for values in self._parcel_values(told).values()}
        self._name_parcels(self.picking_ids, told, wrong=before - now)

    def _name_parcels(self, pickings, told, wrong=()):
        """Write onto deliveries who carries them and all the numbers of their parcels.

        Before they are validated: the channels are told then, and no label is bought.
        """
        numbers = [values["retail_tracking_ref"] for values in self._parcel_values(told).values()]
        carrier = self._carrier(told)
        for picking in pickings:
            known = [part for part in (picking.carrier_tracking_ref or "").split(",") if part]
            known = [part for part in known if part not in wrong]
            wanted = ",".join(dict.fromkeys([*known, *filter(None, numbers)]))
            values = {}
            if wanted != (picking.carrier_tracking_ref or ""):
                values["carrier_tracking_ref"] = wanted
            if carrier and picking.carrier_id != carrier:
                values["carrier_id"] = carrier.id
            if values:
                picking.write(values)

    def _carrier(self, told):
        """Return the carrier that the warehouse's word is mapped to; note a word that is not."""
        word = self.carrier
        carriers = self.env["delivery.carrier"]
        if not word:
            return carriers
        mappings = self.env["retail.mapping"].sudo()
        found = mappings._resolve(self.backend_id, "carrier", [word])
        if word not in found:
            mappings._note_unmapped(self.backend_id, [mappings._problem_values("carrier", word)])
        return found.get(word, carriers)
