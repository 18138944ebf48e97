from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import BalanceCategory

from ..decisions.ledger import AT_ONCE
from ..decisions.posting import OF_AN_ORDER

IDENTITY = ("gateway_id", "category", "external_id")
CATEGORIES = [
    (BalanceCategory.CHARGE.value, "Charge"),
    (BalanceCategory.REFUND.value, "Refund"),
    (BalanceCategory.REFUND_FAILURE.value, "Failed Refund"),
    (BalanceCategory.DISPUTE.value, "Dispute"),
    (BalanceCategory.DISPUTE_REVERSAL.value, "Dispute Won"),
    (BalanceCategory.PAYOUT.value, "Payout without Transactions"),
    (BalanceCategory.PAYOUT_FAILURE.value, "Failed Payout"),
]
assert {category.value for category in AT_ONCE} == {value for value, _label in CATEGORIES}

STATES = [
    ("to_post", "To Post"),
    ("posted", "Unsettled"),
    ("settled", "Settled"),
]


class RetailLedgerEntry(models.Model):
    """One thing that happened to the gateway's balance, and the journal entry that shows it.

    Written by whoever hears of it; posted by the gateway's lane (``retail.ledger``), settled by the
    payout that contains it. The sum of the posted, unsettled ones is the clearing account's open
    balance (invariant I4). ``amount`` is signed: money that came to us is positive.
    """

    _name = "retail.ledger.entry"
    _description = "Retail Ledger Entry"
    _inherit = ["retail.once.mixin"]
    _order = "occurred_at desc, id desc"
    _rec_name = "external_id"

    gateway_id = fields.Many2one(
        "retail.gateway", required=True, readonly=True, ondelete="restrict", index=True
    )
    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    category = fields.Selection(CATEGORIES, required=True, readonly=True)
    external_id = fields.Char(
        required=True,
        readonly=True,
        help="The gateway's id of the payment, the dispute or the payout.",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(readonly=True, help="Money that came to us is positive.")
    occurred_at = fields.Datetime(required=True, readonly=True, help="When it happened (UTC).")
    payment_id = fields.Many2one("retail.payment", readonly=True, index="btree_not_null")
    dispute_id = fields.Many2one("retail.dispute", readonly=True, index="btree_not_null")
    payout_id = fields.Many2one(
        "retail.payout",
        readonly=True,
        index="btree_not_null",
        help="The payout that it is about: one without transactions, or one that came back.",
    )
    order_binding_id = fields.Many2one(
        "retail.order.binding", string="Order", readonly=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip
    state = fields.Selection(STATES, required=True, default="to_post", readonly=True, index=True)
    move_id = fields.Many2one(
        "account.move", string="Journal Entry", readonly=True, index="btree_not_null",
        ondelete="restrict",
    )  # fmt: skip
    clearing_line_id = fields.Many2one(
        "account.move.line", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    contra_line_id = fields.Many2one(
        "account.move.line",
        string="Line against It",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The customer's, the dispute's or the bank's side.",
    )
    booked_order_id = fields.Many2one(
        "retail.order.binding",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The order on whose customer it stands; none: it stands as unmatched.",
    )
    move_ids = fields.One2many(
        "account.move", "retail_ledger_entry_id", string="Journal Entries", readonly=True
    )
    payout_line_id = fields.Many2one(
        "retail.payout.line", string="Settled by", readonly=True, index="btree_not_null"
    )
    attempts = fields.Integer(readonly=True)
    next_attempt_at = fields.Datetime(readonly=True)
    error = fields.Char(readonly=True)
    problem_key = fields.Char(
        readonly=True, help="The fingerprint of the exception that shows why it failed."
    )
    remark = fields.Char(readonly=True, help="E.g. why it is booked on another day.")
    correlation_id = fields.Char(readonly=True, index="btree_not_null")

    _identity_unique = models.UniqueIndex(
        "(gateway_id, category, external_id)", "What happened at a gateway is booked once."
    )
    _claim_index = models.Index("(gateway_id, id) WHERE state = 'to_post'")
    _open_index = models.Index("(gateway_id, currency_id) WHERE state = 'posted'")
    _transfer_index = models.Index(
        "(gateway_id, id) WHERE state <> 'to_post' "
        "AND order_binding_id IS DISTINCT FROM booked_order_id"
    )
    _problem_index = models.Index("(gateway_id, problem_key) WHERE problem_key IS NOT NULL")

    @api.model
    def _note(self, rows):
        """Write down what happened, in the transaction that learns of it; return the new entries.

        ``rows`` have a gateway, category, external id, signed amount, currency, moment and what it
        is about. What was noted before stays as it is, and what another gateway's reports book is
        not noted. The gateway's lane posts them.
        """
        gateways = self.env["retail.gateway"].sudo()
        gateways = gateways.browse({row["gateway_id"] for row in rows})
        noted = gateways.filtered(lambda gateway: gateway.booking in ("here", "unset"))
        wanted = [{**EMPTY, **row} for row in rows if row["gateway_id"] in noted.ids]
        made = self.sudo()._insert_once(IDENTITY, wanted)
        made._wake_lanes()
        unset = made.gateway_id.filtered(lambda gateway: gateway.booking == "unset")
        self.env["retail.ledger.poster"]._report_unset(unset)
        return made

    def _category(self):
        """Return what happened, in the gateways' common vocabulary."""
        return BalanceCategory(self.category)

    @api.model
    def _of_an_order(self):
        """Return the categories whose money stands on the customer's account."""
        return {category.value for category in OF_AN_ORDER}

    def _wake_lanes(self):
        """Let the lanes of their gateways look at them once this transaction is committed."""
        for gateway in self.gateway_id.filtered(lambda gateway: gateway._is_booked()):
            self.env["retail.ledger"]._wake_after_commit(gateway.id)

    def _try_now(self):
        """Try at once what was put off."""
        self.sudo().filtered("next_attempt_at").write({"next_attempt_at": False})
        self.sudo()._wake_lanes()


# All rows of one insert have the same columns.
EMPTY = {
    "payment_id": None,
    "dispute_id": None,
    "payout_id": None,
    "order_binding_id": None,
    "state": "to_post",
    "attempts": 0,
    "correlation_id": None,
}
