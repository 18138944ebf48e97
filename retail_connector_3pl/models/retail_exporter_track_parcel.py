from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import TrackParcel
from odoo.addons.retail_connector_base.decisions.receipt import printable
from odoo.addons.retail_connector_base.providers import Capability

from ..decisions.tracking_state import parcel_key


class RetailExporterTrackParcel(models.AbstractModel):
    """Parcels that a carrier service is asked to follow: once each."""

    _name = "retail.exporter.track_parcel"
    _description = "Retail Exporter: parcels to follow"
    _inherit = ["retail.exporter"]

    _flow_kind = "parcel"
    _capability = Capability.TRACK_PARCEL

    @api.model
    def _put(self, company, pickings):
        """Owe the company's carrier services the parcels of deliveries they do not follow yet."""
        backends = self.env["retail.backend"].search(
            [("company_id", "=", company.id), ("follow_parcels", "=", True)]
        )
        backends = backends.filtered(self._is_offered)
        rows = self.env["retail.tracking.number"]
        if backends:
            rows = rows.search([("picking_id", "in", pickings.ids)])
        for backend in backends:
            followed = self._followed(backend, rows.mapped("key"))
            for row in rows.filtered(lambda row, known=followed: row.key not in known):
                carrier = self._carrier_word(backend, row.picking_id.carrier_id)
                command = TrackParcel(number=row.number, carrier=carrier)
                key = f"track:{row.key}"
                self.env["retail.outbox.command"]._put(backend, command, key, row.picking_id)

    def _followed(self, backend, keys):
        """Return the parcels that a backend tells of already."""
        trackings = self.env["retail.tracking"]
        known = trackings.search([("backend_id", "=", backend.id), ("key", "in", keys)])
        return set(known.mapped("key"))

    def _carrier_word(self, backend, carrier):
        """Return the service's word for a carrier, ``None`` to let it find out by the number.

        A word may name the carrier's service as well: ``carrier/service``.
        """
        mapped = carrier and self.env["retail.mapping"].search(
            [
                ("backend_id", "=", backend.id),
                ("kind", "=", "carrier"),
                ("carrier_id", "=", carrier.id),
            ],
            limit=1,
        )
        word = mapped and (mapped.external_label or mapped.external_key) or ""
        return word.partition("/")[0].strip() or None

    @api.model
    def _known_ids(self, command):
        """Override: following a parcel again makes no second of it."""
        return frozenset()

    @api.model
    def _is_wanted(self, command):
        """Override: not when the service tells of it by itself by now."""
        return parcel_key(command._command().number) not in self._followed(
            command.backend_id, [parcel_key(command._command().number)]
        )

    @api.model
    def _on_done(self, command, result):
        """Override: list the parcel before its first news, so that silence is seen."""
        told, backend = command._command(), command.backend_id
        external_id = printable(next(iter(result.external_ids), told.number))
        trackings = self.env["retail.tracking"].sudo()
        if trackings._by_external_id(backend, [external_id]):
            return
        tracking = trackings.create(
            {
                "backend_id": backend.id,
                "external_id": external_id,
                "number": printable(told.number),
                "carrier": told.carrier,
                "last_news_at": fields.Datetime.now(),
            }
        )
        tracking._tie()
