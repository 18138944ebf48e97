from odoo import api, fields, models

STATES = [
    ("checked", "To Approve"),
    ("disputed", "Disputed"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
]
# What may still change.
UNDECIDED = ("checked", "disputed")


class RetailWarehouseInvoice(models.Model):
    """What a warehouse charges for a period, compared line by line with what it did.

    Amounts are in ``currency_id``, as the warehouse told them.
    """

    _name = "retail.warehouse.invoice"
    _description = "Invoice of a Warehouse"
    _inherit = ["retail.binding", "mail.thread", "mail.activity.mixin", "retail.notice.mixin"]
    _order = "issued_on desc, id desc"
    _rec_name = "number"
    _mail_post_access = "read"

    _canonical_kind = "warehouse_invoice"

    number = fields.Char(required=True, readonly=True)
    warehouse_id = fields.Many2one(
        "retail.warehouse", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    state = fields.Selection(
        STATES, required=True, default="checked", readonly=True, index=True, tracking=True
    )
    issued_on = fields.Date(readonly=True)
    period_start = fields.Date(readonly=True)
    period_end = fields.Date(readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True)
    amount_tax = fields.Monetary(string="Tax", readonly=True)
    amount_lines = fields.Monetary(string="Sum of Lines", readonly=True)
    amount_expected = fields.Monetary(
        string="Expected", compute="_compute_amounts", store=True,
        help="By the tariff and by what was done; what cannot be checked counts as charged.",
    )  # fmt: skip
    amount_difference = fields.Monetary(
        string="Too Much", compute="_compute_amounts", store=True,
        help="What was charged beyond that.",
    )  # fmt: skip
    different_count = fields.Integer(compute="_compute_amounts", store=True, string="Differ")
    ties = fields.Boolean(
        string="Adds Up", readonly=True, help="Its lines and its tax are its total, to the cent."
    )
    tie_note = fields.Char(readonly=True)
    checked_at = fields.Datetime(readonly=True)
    dispute = fields.Text(
        readonly=True, help="What to write to the warehouse about the charges that differ."
    )
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    move_id = fields.Many2one(
        "account.move", string="Bill", readonly=True, index="btree_not_null", copy=False,
        ondelete="restrict",
    )  # fmt: skip
    line_ids = fields.One2many("retail.warehouse.invoice.line", "invoice_id", string="Charges")
    different_line_ids = fields.One2many(
        "retail.warehouse.invoice.line", "invoice_id", string="Differences", readonly=True,
        domain=[("state", "!=", "match")],
    )  # fmt: skip
    line_count = fields.Integer(compute="_compute_line_count", string="Charge Count")

    @api.depends("line_ids")
    def _compute_line_count(self):
        for invoice in self:
            invoice.line_count = len(invoice.line_ids)

    @api.depends("line_ids.difference", "line_ids.amount", "line_ids.state")
    def _compute_amounts(self):
        for invoice in self:
            differing = invoice.line_ids.filtered(lambda line: line.state != "match")
            invoice.amount_difference = sum(invoice.line_ids.mapped("difference"))
            charged = sum(invoice.line_ids.mapped("amount"))
            invoice.amount_expected = charged - invoice.amount_difference
            invoice.different_count = len(differing)

    @api.depends("number", "external_id")
    def _compute_display_name(self):
        for invoice in self:
            invoice.display_name = invoice.number or invoice.external_id

    def action_open_lines(self):
        """Open the charges, those that differ first."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_connector_3pl.retail_warehouse_invoice_line_action"
        )
        return action | {
            "domain": [("invoice_id", "=", self.id)],
            "context": {"search_default_by_service": 1},
        }

    def action_open_bill(self):
        """Open the bill that it became."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
