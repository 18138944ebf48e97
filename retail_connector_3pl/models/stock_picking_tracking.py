from odoo import api, fields, models

from .retail_tracking import STATES

READERS = "retail_connector_base.group_operator,retail_connector_base.group_auditor"


class StockPicking(models.Model):
    """The parcels of a delivery and where they are."""

    _inherit = "stock.picking"

    retail_tracking_ids = fields.Many2many(
        "retail.tracking", "retail_tracking_picking_rel", "picking_id", "tracking_id",
        string="Parcels", readonly=True, copy=False,
        groups=READERS,
    )  # fmt: skip
    retail_delivery_state = fields.Selection(
        STATES, string="On Its Way", readonly=True, copy=False, index="btree_not_null",
        help="Where the delivery's parcels are, as far as a carrier or a warehouse says.",
    )  # fmt: skip
    retail_milestone_ids = fields.One2many(
        "retail.tracking.milestone", compute="_compute_retail_milestone_ids", string="Milestones",
        groups=READERS,
    )  # fmt: skip

    @api.depends("retail_tracking_ids.milestone_ids")
    def _compute_retail_milestone_ids(self):
        for picking in self:
            milestones = picking.retail_tracking_ids.milestone_ids
            picking.retail_milestone_ids = milestones.sorted("occurred_at", reverse=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Override: deliveries may be made with their parcels' numbers."""
        pickings = super().create(vals_list)
        pickings.filtered("carrier_tracking_ref")._retail_note_numbers()
        return pickings

    def write(self, vals):
        """Override: news about parcels are tied to deliveries by their numbers."""
        named = "carrier_tracking_ref" in vals
        before = self.filtered("carrier_tracking_ref") if named else self.browse()
        result = super().write(vals)
        if named or "carrier_id" in vals:
            (before | self.filtered("carrier_tracking_ref"))._retail_note_numbers()
        return result

    def _action_done(self):
        """Override: parcels may have arrived before anybody said that they left."""
        result = super()._action_done()
        left = self.sudo().filtered(lambda picking: picking.state == "done")
        left.filtered("retail_tracking_ids")._retail_weigh_parcels()
        left._retail_follow_parcels()
        return result

    def _retail_note_numbers(self):
        """Note the parcels that deliveries name now, and what is known of them."""
        if not self:
            return
        pickings = self.sudo()
        self.env["retail.tracking.number"].sudo()._note(pickings)
        self.env["retail.tracking"].sudo()._tie_pickings(pickings)
        pickings._retail_weigh_parcels()
        pickings.filtered(lambda picking: picking.state == "done")._retail_follow_parcels()

    def _retail_follow_parcels(self):
        """Have the services that follow parcels tell of these deliveries' parcels."""
        going = self.filtered(lambda picking: picking.picking_type_code != "incoming")
        for company, pickings in going.grouped("company_id").items():
            self.env["retail.exporter.track_parcel"].sudo()._put(company, pickings)
