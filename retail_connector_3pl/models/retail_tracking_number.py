from odoo import api, fields, models

from odoo.addons.retail_connector_base.decisions.fulfillment import parcels_of
from odoo.addons.retail_connector_base.decisions.receipt import printable

from ..decisions.tracking_state import parcel_key


class RetailTrackingNumber(models.Model):
    """A parcel's number that a delivery has: what ties the delivery to news about the parcel.

    A delivery holds all of its numbers in one text; this is the text taken apart, for look-ups.
    """

    _name = "retail.tracking.number"
    _description = "Parcel of a Delivery"
    _rec_name = "number"
    _order = "id"

    picking_id = fields.Many2one(
        "stock.picking", string="Delivery", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="picking_id.company_id", store=True)
    number = fields.Char(string="Parcel", required=True, readonly=True)
    key = fields.Char(required=True, readonly=True, help="Its letters and digits.")
    url = fields.Char(readonly=True)

    _once = models.UniqueIndex("(picking_id, key)", "A delivery has a parcel once.")
    _key_index = models.Index("(company_id, key)")

    @api.model
    def _note(self, pickings):
        """Bring the parcels of these deliveries up to date with what they say."""
        rows = self.sudo()
        found = rows.search([("picking_id", "in", pickings.ids)]).grouped("picking_id")
        values, gone = [], rows.browse()
        for picking in pickings:
            wanted = rows._wanted(picking)
            known = found.get(picking, rows)
            gone |= known.filtered(lambda row, wanted=wanted: row.key not in wanted)
            values += [
                {"picking_id": picking.id, "key": key, "number": number, "url": url}
                for key, (number, url) in wanted.items()
                if key not in known.mapped("key")
            ]
        gone.unlink()
        rows.create(values)

    def _wanted(self, picking):
        """Return number and address by key of what a delivery names."""
        carrier = picking.carrier_id
        parcels = parcels_of(picking.carrier_tracking_ref or "", "", carrier.tracking_url or "")
        found = {parcel_key(number): (printable(number), url) for number, url in parcels}
        return {printable(key): parcel for key, parcel in found.items() if key}
