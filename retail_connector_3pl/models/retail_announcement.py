from odoo import api, fields, models

STATES = [
    ("ready", "To Announce"),
    ("sent", "Being Announced"),
    ("accepted", "Announced"),
    ("rejected", "Rejected"),
    ("partly_received", "Partly Received"),
    ("received", "Received"),
    ("cancelled", "Taken Back"),
]
OPEN = ("ready", "sent", "accepted", "rejected", "partly_received")
# What the warehouse has, or may have, of it.
TOLD = ("sent", "accepted", "partly_received")


class RetailAnnouncement(models.Model):
    """Goods that come to a third party's warehouse, as it was told to expect them.

    ``name`` is our reference, which the warehouse gives back. One delivery is announced once;
    backorders that receipts leave stay with the announcement: ``picking_id`` is what is still to
    come, or came last.
    """

    _name = "retail.announcement"
    _description = "Announced Delivery"
    _inherit = ["mail.thread", "mail.activity.mixin", "retail.notice.mixin"]
    _order = "id desc"
    _mail_post_access = "read"
    _check_company_auto = True

    name = fields.Char(string="Reference", required=True, readonly=True, copy=False)
    warehouse_id = fields.Many2one(
        "retail.warehouse", required=True, readonly=True, index=True, ondelete="restrict"
    )
    backend_id = fields.Many2one(related="warehouse_id.backend_id", store=True, index=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    external_id = fields.Char(
        string="Warehouse's Number", readonly=True, index="btree_not_null", copy=False
    )
    picking_id = fields.Many2one(
        "stock.picking", string="Delivery", required=True, readonly=True, index=True,
        ondelete="restrict",
    )  # fmt: skip
    partner_id = fields.Many2one(related="picking_id.partner_id", string="From")
    origin = fields.Char(related="picking_id.origin", string="Source")
    state = fields.Selection(
        STATES, required=True, default="ready", readonly=True, index=True, tracking=True
    )
    expected_at = fields.Datetime(string="Expected", readonly=True)
    sent_at = fields.Datetime(string="Announced on", readonly=True)
    reason = fields.Char(readonly=True, help="Why it was rejected or taken back.")
    replaced_by_id = fields.Many2one(
        "retail.announcement", readonly=True, index="btree_not_null", ondelete="set null",
        help="The announcement of the same goods after they changed.",
    )  # fmt: skip
    line_ids = fields.One2many("retail.announcement.line", "announcement_id", string="Lines")
    receipt_ids = fields.One2many("retail.receipt", "announcement_id")
    receipt_count = fields.Integer(compute="_compute_receipt_count")
    closed_short = fields.Boolean(
        readonly=True, help="The warehouse closed it, and what had not come was cancelled."
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    _name_unique = models.UniqueIndex("(backend_id, name)", "A reference names one announcement.")
    _picking_unique = models.UniqueIndex(
        "(picking_id) WHERE state NOT IN ('received', 'cancelled')",
        "A delivery is announced once at a time.",
    )

    @api.depends("receipt_ids")
    def _compute_receipt_count(self):
        for announcement in self:
            announcement.receipt_count = len(announcement.receipt_ids)

    @api.depends("state", "expected_at")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for one in self:
            one.is_late = bool(one.state in OPEN and one.expected_at and one.expected_at < now)

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = [("state", "in", OPEN), ("expected_at", "<", fields.Datetime.now())]
        return late if True in value else ["!", "&", *late]

    # Asking

    @api.model
    def _known_as(self, warehouse, reference):
        """Return the announcement that a warehouse means by a reference; empty where none is.

        Ours first, then the warehouse's own number, then what people write instead: the name of the
        delivery or of the purchase behind it, where one delivery alone bears it.
        """
        if not reference:
            return self.browse()
        domain = [("backend_id", "=", warehouse.backend_id.id)]
        for field in ("name", "external_id"):
            found = self.search([*domain, (field, "=", reference)], limit=1)
            if found:
                return found._newest()
        pickings = self._expected_pickings(warehouse).filtered(
            lambda picking: reference in (picking.name, picking.origin)
        )
        if len(pickings) != 1:
            return self.browse()
        return pickings.retail_announcement_ids.filtered(
            lambda one: one.state in OPEN
        ) or self._make(warehouse, pickings)

    def _newest(self):
        """Return what stands for the same goods now."""
        found = self
        while found.replaced_by_id:
            found = found.replaced_by_id
        return found

    def _open_moves(self):
        """Return the moves whose goods have not come."""
        return self.line_ids.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))

    def _has_received(self):
        return any(line.received_quantity for line in self.line_ids)

    # Buttons

    def action_open_receipts(self):
        """Open what the warehouse told of these goods."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_connector_3pl.retail_receipt_action"
        )
        return action | {"domain": [("announcement_id", "=", self.id)], "context": {}}

    def action_announce_again(self):
        """Take the announcement back and announce the goods as they are now."""
        self.ensure_one()
        self._check_operator()
        self.sudo()._replace(self.env._("Announced again by %(name)s.", name=self.env.user.name))
        return self._notify(self.env._("The delivery is announced anew."))

    def action_close(self):
        """Expect nothing more of it: what has not come is cancelled."""
        self.ensure_one()
        self._check_operator()
        self.env["retail.audit"]._log("announcement.closed", self)
        self.sudo()._close_short()
        return True
