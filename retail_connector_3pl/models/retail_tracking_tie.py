from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.retail_connector_base.canonical.parcel_tracking import TrackingState

from ..decisions.tracking_delivery import delivery_state, parcel_state


class RetailTracking(models.Model):
    """Which deliveries a parcel belongs to, and what follows for them from where it is."""

    _inherit = "retail.tracking"

    def _tie(self):
        """Tie parcels to the deliveries of their company that name them; return those deliveries.

        Deliveries that named a parcel by mistake lose it.
        """
        numbers = self.env["retail.tracking.number"].sudo()
        rows = numbers.search(
            [("company_id", "in", self.company_id.ids), ("key", "in", self.mapped("key"))]
        )
        owners = {}
        for row in rows:
            owners.setdefault((row.company_id.id, row.key), []).append(row.picking_id.id)
        touched = self.picking_ids
        for tracking in self:
            wanted = set(owners.get((tracking.company_id.id, tracking.key), ()))
            if tracking.key and wanted != set(tracking.picking_ids.ids):
                tracking.picking_ids = [Command.set(sorted(wanted))]
        return touched | self.picking_ids

    @api.model
    def _tie_pickings(self, pickings):
        """Tie deliveries whose numbers changed to the parcels that were told of before."""
        numbers = self.env["retail.tracking.number"].sudo()
        keys = numbers.search([("picking_id", "in", pickings.ids)]).mapped("key")
        trackings = self.sudo()
        told = trackings.search(
            [("company_id", "in", pickings.company_id.ids), ("key", "in", keys)]
        ) | trackings.search([("picking_ids", "in", pickings.ids)])
        told._tie()
        told._report_trouble(again=True)
        return told


class StockPicking(models.Model):
    """Where a delivery is, as its parcels are."""

    _inherit = "stock.picking"

    def _retail_weigh_parcels(self):
        """Bring the deliveries' states up to date, then what depends on them."""
        arrived, moved = self.browse(), self.browse()
        rows = self.env["retail.tracking.number"].search([("picking_id", "in", self.ids)])
        keys = rows.grouped("picking_id")
        for picking in self:
            state = picking._retail_state_of_parcels(keys.get(picking, rows.browse()).mapped("key"))
            told = state.value if state is not TrackingState.UNKNOWN else False
            if told != picking.retail_delivery_state:
                picking.retail_delivery_state = told
                moved |= picking
            if state is TrackingState.DELIVERED:
                arrived |= picking
        self.env["retail.exporter.report_delivery"]._tell(moved)
        arrived.filtered(lambda picking: picking.state == "done")._retail_note_arrival()

    def _retail_state_of_parcels(self, keys):
        states = {}
        for tracking in self.retail_tracking_ids:
            states.setdefault(tracking.key, []).append(TrackingState(tracking.state))
        return delivery_state(parcel_state(states.get(key, ())) for key in keys)

    def _retail_note_arrival(self):
        """Move releases and channels' orders on whose deliveries have all arrived."""
        for order in self.sale_id:
            if order._retail_has_arrived():
                order.retail_binding_ids._advance("delivered")
        bindings = self.env["retail.move.binding"].search(
            [("odoo_id.picking_id", "in", self.ids), ("shipment_id", "!=", False)]
        )
        shipments = self.env["retail.warehouse.shipment"].search([("odoo_id", "in", self.ids)])
        (shipments | bindings.shipment_id).release_id._note_parcels_arrived()


class SaleOrder(models.Model):
    """Whether all that an order holds has arrived."""

    _inherit = "sale.order"

    def _retail_has_arrived(self):
        """Tell whether every delivery of an order to its customer left, and has arrived."""
        self.ensure_one()
        deliveries = self.picking_ids.filtered(
            lambda picking: (
                picking.picking_type_code in ("outgoing", "dropship") and picking.state != "cancel"
            )
        )
        return bool(deliveries) and all(
            delivery.state == "done" and delivery.retail_delivery_state == "delivered"
            for delivery in deliveries
        )


class RetailRelease(models.Model):
    """Releases whose parcels have all arrived."""

    _inherit = "retail.release"

    tracking_ids = fields.Many2many(
        "retail.tracking", compute="_compute_tracking_ids", compute_sudo=True, string="Parcels"
    )
    milestone_ids = fields.Many2many(
        "retail.tracking.milestone", compute="_compute_tracking_ids", compute_sudo=True,
        string="Milestones",
    )  # fmt: skip

    @api.depends("shipment_ids.odoo_id.retail_tracking_ids.milestone_ids")
    def _compute_tracking_ids(self):
        for release in self:
            deliveries = release.shipment_ids.odoo_id | release.shipment_ids.picking_ids
            release.tracking_ids = deliveries.retail_tracking_ids
            milestones = deliveries.retail_tracking_ids.milestone_ids
            release.milestone_ids = milestones.sorted("occurred_at", reverse=True)

    def write(self, vals):
        """Override: parcels may have arrived before the shipment that tells of the last one."""
        result = super().write(vals)
        if vals.get("state") == "shipped":
            self._note_parcels_arrived()
        return result

    def _note_parcels_arrived(self):
        """Let releases be delivered that were shipped as a whole, in parcels that have arrived."""
        for release in self.filtered(lambda release: release.state == "shipped"):
            shipments = release.shipment_ids.filtered(lambda one: one.state == "shipped")
            deliveries = shipments.odoo_id | shipments.picking_ids
            if (
                shipments
                and all(shipment.odoo_id for shipment in shipments)
                and all(one.retail_delivery_state == "delivered" for one in deliveries)
            ):
                release._take_state("delivered")
