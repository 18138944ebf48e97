from odoo import api, fields, models

from .retail_snapshot_line import DECIDED

STATES = [
    ("draft", "Coming In"),
    ("compared", "Nothing to Do"),
    ("to_approve", "To Approve"),
    ("approved", "Approved"),
    ("applied", "Applied"),
    ("rejected", "Rejected"),
    ("superseded", "Out of Date"),
]
# States in which nobody has decided: the count may still be told and compared again.
OPEN = ("draft", "compared", "to_approve")


class RetailSnapshot(models.Model):
    """What a warehouse said lay on its shelves at one instant, compared with Odoo.

    It comes in parts, in any order. When all are there, the warehouse's lane compares it: what is
    explained by goods in transit is listed, what is not becomes a variance. Approved variances are
    applied as differences, in the lane as well. Nobody writes it: it is made by the importer, or by
    who enters a count, and changed by its buttons.
    """

    _name = "retail.snapshot"
    _description = "Stock Count of a Warehouse"
    _inherit = ["mail.thread", "mail.activity.mixin", "retail.notice.mixin"]
    _order = "taken_at desc, id desc"
    _rec_name = "external_id"
    _mail_post_access = "read"
    _check_company_auto = True

    external_id = fields.Char(string="Count", required=True, readonly=True)
    warehouse_id = fields.Many2one(
        "retail.warehouse", required=True, readonly=True, index=True, ondelete="restrict"
    )
    backend_id = fields.Many2one(related="warehouse_id.backend_id", store=True, index=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    taken_at = fields.Datetime(
        string="Counted at", required=True, readonly=True, index=True, help="UTC."
    )
    complete = fields.Boolean(
        readonly=True, help="What it does not name has nothing there: everything was counted."
    )
    parts = fields.Integer(readonly=True, help="In how many parts it comes.")
    part_count = fields.Integer(string="Parts Here", readonly=True)
    part_ids = fields.One2many("retail.snapshot.part", "snapshot_id", readonly=True)
    entered_by_id = fields.Many2one(
        "res.users", readonly=True, help="Who entered it by hand: he does not approve it."
    )
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, tracking=True, index=True
    )
    compared_at = fields.Datetime(readonly=True)
    counted_product_ids = fields.Json(
        readonly=True, help="The products that a count of some items names."
    )
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, tracking=True)
    decided_at = fields.Datetime(readonly=True)
    reason = fields.Char(readonly=True, tracking=True, help="Why it was approved or rejected.")
    applied_at = fields.Datetime(readonly=True)
    line_ids = fields.One2many("retail.snapshot.line", "snapshot_id", readonly=True)
    event_ids = fields.One2many("retail.snapshot.event", "snapshot_id", readonly=True)

    # What came of the comparison
    line_count = fields.Integer(string="Lines Told", readonly=True)
    item_count = fields.Integer(
        string="Items", readonly=True, help="Items that were compared, lots apart."
    )
    matched_count = fields.Integer(string="As Expected", readonly=True)
    explained_count = fields.Integer(string="Explained", readonly=True)
    variance_count = fields.Integer(string="Unexplained", readonly=True)
    problem_count = fields.Integer(string="Unreadable", readonly=True)
    ignored_count = fields.Integer(
        string="Left Out", readonly=True, help="Lines of SKUs that are deliberately ignored."
    )
    accuracy = fields.Float(
        string="Accuracy (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 2),
        help="Items that were as expected, or explained, of all items.",
    )
    variance_value = fields.Monetary(
        string="Value of Difference", readonly=True, help="Gains less losses, at cost."
    )
    variance_size = fields.Monetary(
        string="Value at Risk", readonly=True, help="Gains and losses added up, at cost."
    )

    _external_unique = models.UniqueIndex(
        "(warehouse_id, external_id)", "A count of a warehouse is kept once."
    )

    @api.depends("external_id", "warehouse_id.name")
    def _compute_display_name(self):
        for snapshot in self:
            snapshot.display_name = f"{snapshot.warehouse_id.name}: {snapshot.external_id}"

    def _is_whole(self):
        """Tell whether all parts are here."""
        self.ensure_one()
        return bool(self.parts) and self.part_count >= self.parts

    def _is_decided(self):
        """Tell whether somebody, or the tolerance, has decided about a part of it."""
        self.ensure_one()
        decided = [("snapshot_id", "=", self.id), ("state", "in", DECIDED)]
        lines = self.env["retail.snapshot.line"].search_count(decided, limit=1)
        return self.state not in OPEN or bool(lines)

    def _ask_to_move(self):
        """Let the warehouse's lane compare or apply these counts."""
        for snapshot in self:
            house = snapshot.warehouse_id.odoo_id
            self.env["retail.goods.task"]._put(house, snapshot)

    def _move_goods(self):
        """Do what is due, in the lane of the warehouse: compare what came, apply what is approved.

        Called for the count's task; again, it does nothing.
        """
        self.ensure_one()
        self._lock()
        if self.state in OPEN and self._is_whole() and not self.compared_at:
            self._compare()
        if self._lines_in("approved", limit=1):
            self._apply()

    def _lines_in(self, state, **options):
        """Return the lines in a state."""
        domain = [("snapshot_id", "=", self.id), ("state", "=", state)]
        return self.env["retail.snapshot.line"].search(domain, **options)

    def _lock(self):
        """Lock these rows: who decides, tells a part or applies waits for the other."""
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT id FROM retail_snapshot WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [self.ids]
        )
        self.invalidate_recordset()
