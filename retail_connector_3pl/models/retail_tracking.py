from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical.parcel_tracking import TrackingState

from ..decisions.tracking_state import AT_REST, Passed, parcel_key, state_after

STATES = [
    (TrackingState.UNKNOWN.value, "Unknown"),
    (TrackingState.ANNOUNCED.value, "Announced"),
    (TrackingState.IN_TRANSIT.value, "In Transit"),
    (TrackingState.OUT_FOR_DELIVERY.value, "Out for Delivery"),
    (TrackingState.READY_FOR_PICKUP.value, "Ready for Pickup"),
    (TrackingState.ATTEMPTED.value, "Delivery Attempted"),
    (TrackingState.DELIVERED.value, "Delivered"),
    (TrackingState.FAILED.value, "Failed"),
    (TrackingState.RETURNING.value, "Returning"),
    (TrackingState.RETURNED.value, "Returned"),
    (TrackingState.CANCELLED.value, "Cancelled"),
]
UNDERWAY = tuple(state.value for state in TrackingState if state not in AT_REST)


class RetailTracking(models.Model):
    """The way of one parcel as one service tells it: a carrier service, a warehouse or a shop.

    ``state`` follows from all milestones, in whatever order they came. A parcel is tied to the
    deliveries of its company that have its number, whoever told it; one that nobody knows is kept.
    """

    _name = "retail.tracking"
    _description = "Parcel on Its Way"
    _inherit = ["retail.binding", "mail.thread"]
    _rec_name = "number"
    _rec_names_search = ["number", "key"]
    _order = "last_news_at desc, id desc"

    _canonical_kind = "tracking"

    number = fields.Char(string="Parcel", required=True, readonly=True)
    key = fields.Char(
        string="Letters and Digits", required=True, readonly=True, help="What two spellings share."
    )
    carrier = fields.Char(readonly=True, help="In the words of who told it.")
    state = fields.Selection(STATES, required=True, default="unknown", readonly=True, index=True)
    url = fields.Char(string="Follow It at", readonly=True)
    expected_at = fields.Datetime(string="Expected", readonly=True)
    delivered_at = fields.Datetime(string="Delivered on", readonly=True)
    signed_by = fields.Char(readonly=True)
    last_news_at = fields.Datetime(
        string="Last News", readonly=True, default=fields.Datetime.now, required=True
    )
    is_stale = fields.Boolean(
        string="Without News", readonly=True, help="Nothing was heard for longer than usual."
    )
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", help="It was expected before now."
    )
    milestone_ids = fields.One2many("retail.tracking.milestone", "tracking_id", string="Milestones")
    picking_ids = fields.Many2many(
        "stock.picking", "retail_tracking_picking_rel", "tracking_id", "picking_id",
        string="Deliveries", readonly=True,
    )  # fmt: skip
    picking_names = fields.Char(string="Delivery", compute="_compute_names")
    order_names = fields.Char(string="Orders", compute="_compute_names")

    _key_index = models.Index("(company_id, key)")
    _silent_index = models.Index(
        "(backend_id, last_news_at) WHERE is_stale IS NOT TRUE AND state NOT IN "
        "('delivered', 'returned', 'failed', 'cancelled')"
    )

    @api.depends("expected_at", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for tracking in self:
            expected = tracking.expected_at
            tracking.is_late = bool(expected and expected < now and tracking.state in UNDERWAY)

    @api.depends("picking_ids.name", "picking_ids.origin", "picking_ids.sale_id")
    def _compute_names(self):
        """Name what is shown to those as well who may not open deliveries."""
        for tracking in self:
            pickings = tracking.sudo().picking_ids
            tracking.picking_names = ", ".join(pickings.mapped("name"))
            names = pickings.mapped(lambda picking: picking.sale_id.name or picking.origin or "")
            tracking.order_names = ", ".join(dict.fromkeys(filter(None, names)))

    @api.model_create_multi
    def create(self, vals_list):
        """Override: what makes two spellings of a number one is kept with it."""
        for vals in vals_list:
            vals["key"] = parcel_key(vals.get("number"))
        return super().create(vals_list)

    # News

    def _weigh_milestones(self):
        """Bring states up to date with the milestones; return those whose state changed."""
        changed = self.browse()
        for tracking in self:
            state = state_after(tracking._passed())
            if state.value != tracking.state:
                tracking.write({"state": state.value} | tracking._arrival(state))
                changed |= tracking
        return changed

    def _passed(self):
        self.ensure_one()
        return [
            Passed(TrackingState(milestone.state), milestone.occurred_at)
            for milestone in self.milestone_ids
        ]

    def _arrival(self, state):
        """Return when the parcel arrived: the customer does not see the second time any more."""
        if state is not TrackingState.DELIVERED:
            return {}
        moments = [
            milestone.occurred_at
            for milestone in self.milestone_ids
            if milestone.state == TrackingState.DELIVERED.value
        ]
        return {"delivered_at": min(moments, default=False)}

    # Buttons

    def action_follow_up(self):
        """Open the carrier's page about this parcel."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": self.url, "target": "new"}

    def action_open_pickings(self):
        """Open the deliveries that this parcel belongs to."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deliveries"),
            "res_model": "stock.picking",
            "view_mode": "list,form",
            "domain": [("id", "in", self.picking_ids.ids)],
        }
