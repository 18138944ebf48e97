from odoo import api, fields, models

CAUSES = [
    ("unknown_sku", "Unknown SKU"),
    ("ambiguous", "Several Products"),
    ("not_stocked", "Not Kept in Stock"),
    ("kit", "Kit without Its Parts"),
    ("unit", "Unknown Unit"),
    ("negative", "Negative Quantity"),
    ("duplicate", "Told Twice"),
    ("lot", "Unknown Lot"),
    ("lot_missing", "No Lot Told"),
]
# States of lines that a person, or the tolerance, has decided about.
DECIDED = ("approved", "applied", "rejected")
STATES = [
    ("none", "Nothing to Do"),
    ("open", "To Decide"),
    ("approved", "Approved"),
    ("applied", "Applied"),
    ("rejected", "Rejected"),
    ("explained", "Explained Since"),
    ("superseded", "Out of Date"),
]


class RetailSnapshotLine(models.Model):
    """An item of which a count and Odoo differ, or of which the count cannot be read.

    Quantities are in the product's unit, values in the company's currency, at cost. Items that are
    as Odoo had them have no line.
    """

    _name = "retail.snapshot.line"
    _description = "Difference of a Stock Count"
    _order = "snapshot_id desc, kind desc, size desc, id"
    _log_access = False
    _rec_name = "sku"

    snapshot_id = fields.Many2one(
        "retail.snapshot", required=True, readonly=True, index=True, ondelete="cascade"
    )
    warehouse_id = fields.Many2one("retail.warehouse", readonly=True, index=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    taken_at = fields.Datetime(string="Counted at", readonly=True, index=True)
    product_id = fields.Many2one(
        "product.product", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    lot_id = fields.Many2one("stock.lot", string="Lot/Serial Number", readonly=True)
    lot_name = fields.Char(string="Told Lot", readonly=True)
    sku = fields.Char(string="SKU", readonly=True, help="As it was told.")
    kind = fields.Selection(
        [
            ("explained", "Explained"),
            ("problem", "Unreadable"),
            ("sellable", "Sellable Differs"),
            ("variance", "Unexplained"),
        ],
        required=True,
        readonly=True,
    )
    cause = fields.Selection(CAUSES, readonly=True, help="What is odd about what was told.")
    detail = fields.Char(readonly=True)
    named = fields.Boolean(readonly=True, help="The count names it.")
    counted = fields.Float(digits="Product Unit", readonly=True)
    on_hand = fields.Float(
        string="Odoo Then", digits="Product Unit", readonly=True, help="When it was counted."
    )
    explained = fields.Float(
        string="In Transit", digits="Product Unit", readonly=True, help="See the events."
    )
    expected = fields.Float(digits="Product Unit", readonly=True)
    difference = fields.Float(string="Unexplained", digits="Product Unit", readonly=True)
    cost = fields.Float(digits="Product Price", readonly=True, aggregator="avg")
    value = fields.Monetary(readonly=True, help="Unexplained quantity at cost.")
    size = fields.Monetary(string="Value at Risk", readonly=True)
    sellable = fields.Float(digits="Product Unit", readonly=True)
    sellable_expected = fields.Float(
        digits="Product Unit", readonly=True,
        help="What was counted less what releases keep back that the warehouse has taken.",
    )  # fmt: skip
    sellable_difference = fields.Float(
        string="Sellable, Unexplained", digits="Product Unit", readonly=True
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="none", index=True)
    automatic = fields.Boolean(readonly=True, help="Within the tolerance: nobody was asked.")
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    reason = fields.Char(readonly=True)
    applied_quantity = fields.Float(digits="Product Unit", readonly=True)
    event_ids = fields.One2many("retail.snapshot.event", "line_id", readonly=True)
    event_text = fields.Text(compute="_compute_event_text", string="Explanation")
    move_binding_ids = fields.One2many("retail.move.binding", "snapshot_line_id", readonly=True)

    _item_index = models.Index("(snapshot_id, product_id)")
    _open_index = models.Index("(warehouse_id, product_id) WHERE state IN ('open', 'approved')")

    @api.depends("sku", "product_id", "lot_id", "lot_name")
    def _compute_display_name(self):
        """Override: name product and lot, also to those who may not open lots."""
        for line in self:
            lot = line.sudo().lot_id.name or line.lot_name
            names = (line.product_id.display_name or line.sku, lot)
            line.display_name = " / ".join(name for name in names if name)

    @api.depends("event_ids")
    def _compute_event_text(self):
        for line in self:
            line.event_text = "\n".join(event.display_name for event in line.event_ids)
