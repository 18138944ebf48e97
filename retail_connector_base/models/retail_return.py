from odoo import api, fields, models

from ..decisions.return_number import plain
from ..decisions.return_state import STATES, Turn

LABELS = {
    "requested": "Requested",
    "authorized": "Authorised",
    "in_transit": "On Its Way",
    "rejected": "Rejected",
    "cancelled": "Cancelled",
    "received": "Received",
    "disposed": "Decided",
    "refund_eligible": "To Refund",
    "refunded": "Refunded",
    "completed": "Completed",
}
TURNS = {
    Turn.OPERATOR: "Us: Operator",
    Turn.ACCOUNTANT: "Us: Accountant",
    Turn.CUSTOMER: "Customer",
    Turn.CARRIER: "Carrier",
    Turn.WAREHOUSE: "Warehouse",
    Turn.GATEWAY: "Gateway",
    Turn.CHANNEL: "Channel",
    Turn.NOBODY: "Nobody",
}
REFUNDS = [
    ("not_due", "Not Due Yet"),
    ("eligible", "Due"),
    ("asked", "To Approve"),
    ("sent", "On Its Way"),
    ("failed", "Failed"),
    ("refunded", "Given Back"),
    ("none", "None"),
]


class RetailReturn(models.Model):
    """Goods that come back, from the wish to the money, whoever tells of it.

    Several systems may tell of one return (``binding_ids``). ``state`` only moves forwards. Nobody
    writes it: messages, the stock lane and the buttons do.
    """

    _name = "retail.return"
    _description = "Return"
    _inherit = ["mail.thread", "mail.activity.mixin", "retail.notice.mixin"]
    _order = "id desc"
    _mail_post_access = "read"
    _rec_names_search = ["name", "rma", "order_id.name"]
    _check_company_auto = True

    name = fields.Char(string="Reference", required=True, readonly=True, copy=False)
    rma = fields.Char(
        string="RMA Number", readonly=True, copy=False, help="The number on the label."
    )
    rma_key = fields.Char(compute="_compute_rma_key", store=True, index="btree_not_null")
    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, index=True, ondelete="restrict",
        help="Who told of it first.",
    )  # fmt: skip
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    binding_ids = fields.One2many("retail.return.binding", "odoo_id", string="Told By")
    order_external_id = fields.Char(
        readonly=True, index="btree_not_null", help="The order as it was told of."
    )
    order_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )
    order_binding_id = fields.Many2one(
        "retail.order.binding", string="Channel Order", readonly=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer", store=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse", readonly=True, index="btree_not_null", ondelete="restrict",
        check_company=True, help="Where the goods go.",
    )  # fmt: skip
    state = fields.Selection(
        [(state, LABELS[state]) for state in STATES],
        required=True,
        readonly=True,
        default="requested",
        index=True,
        tracking=True,
        help="Only forwards.",
    )
    closed = fields.Boolean(readonly=True, help="No more goods will come.")
    unannounced = fields.Boolean(readonly=True, help="Goods came that nobody had authorised.")
    refund_state = fields.Selection(
        REFUNDS, string="Refund", required=True, readonly=True, default="not_due", tracking=True
    )
    refund_by = fields.Selection(
        [("here", "Us"), ("channel", "The Channel")],
        string="Refunded By",
        required=True,
        readonly=True,
        default="here",
    )
    whose_turn = fields.Selection(
        [(turn.value, label) for turn, label in TURNS.items()],
        required=True,
        readonly=True,
        default=Turn.OPERATOR.value,
        index=True,
        group_expand="_turns_in_order",
    )
    turn_since = fields.Datetime(string="Since", readonly=True, default=fields.Datetime.now)
    turn_days = fields.Integer(string="Days", compute="_compute_turn_days")
    next_step = fields.Char(compute="_compute_next_step", help="What has to happen now.")
    carrier = fields.Char(readonly=True)
    tracking = fields.Char(readonly=True)
    note = fields.Char(readonly=True)
    requested_at = fields.Datetime(readonly=True)
    authorized_at = fields.Datetime(string="Authorised", readonly=True)
    in_transit_at = fields.Datetime(string="Sent Back", readonly=True)
    received_at = fields.Datetime(string="Received", readonly=True)
    disposed_at = fields.Datetime(string="Decided", readonly=True)
    refund_eligible_at = fields.Datetime(string="Refund Due", readonly=True)
    refunded_at = fields.Datetime(string="Refunded", readonly=True)
    completed_at = fields.Datetime(string="Completed", readonly=True)
    line_ids = fields.One2many("retail.return.line", "return_id", string="Lines")
    goods_ids = fields.One2many("retail.return.goods", "return_id", string="What Came")
    exchange_ids = fields.One2many("retail.return.exchange", "return_id", string="Instead")
    exchange_order_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", compute_sudo=True)
    credit_move_ids = fields.One2many(
        "account.move", "retail_return_id", string="Credit Notes", readonly=True
    )
    asked_amount = fields.Monetary(
        string="Asked to Give Back", readonly=True, help="By credit notes and requests of ours."
    )
    refused_refund = fields.Boolean(readonly=True, help="An accountant decided: no money.")
    refunded_by_hand = fields.Boolean(readonly=True, help="An accountant says so.")

    _name_unique = models.UniqueIndex("(company_id, name)", "A reference names one return.")

    def _turns_in_order(self, turns, _domain):
        """Return whose turn it is in the order in which people look: ours first."""
        return [turn.value for turn in TURNS if turn.value in turns]

    @api.depends("rma")
    def _compute_rma_key(self):
        for record in self:
            record.rma_key = plain(record.rma) or False

    @api.depends("order_id.currency_id", "company_id.currency_id")
    def _compute_currency_id(self):
        for record in self:
            record.currency_id = record.order_id.currency_id or record.company_id.currency_id

    @api.depends("name", "rma")
    def _compute_display_name(self):
        for record in self:
            own, rma = record.name or "", record.rma
            record.display_name = f"{own} ({rma})" if rma and rma != own else own

    @api.depends("turn_since")
    def _compute_turn_days(self):
        now = fields.Datetime.now()
        for record in self:
            record.turn_days = (now - (record.turn_since or now)).days

    @api.model
    def _next_name(self):
        """Return our own reference of a new return."""
        return self.env["ir.sequence"].sudo().next_by_code("retail.return")

    @api.model
    def _make(self, backend, **values):
        """Create a return that was not told of before; return it."""
        now = fields.Datetime.now()
        defaults = {"name": self._next_name(), "backend_id": backend.id, "requested_at": now}
        return self.sudo().create({**defaults, **values})

    def _arrange(self):
        """Bring goods where they belong: expected receipts and tasks. Hook for who moves goods."""

    def _changed(self):
        """React to whatever changed of these returns: arrange the goods, then settle the rest."""
        self._arrange()
        self._settle()
