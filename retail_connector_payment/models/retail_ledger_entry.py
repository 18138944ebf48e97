from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import BalanceCategory

from ..decisions.ledger import AT_ONCE

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
    payout_line_id = fields.Many2one(
        "retail.payout.line", string="Settled by", readonly=True, index="btree_not_null"
    )
    attempts = fields.Integer(readonly=True)
    next_attempt_at = fields.Datetime(readonly=True)
    error = fields.Char(readonly=True)
    correlation_id = fields.Char(readonly=True, index="btree_not_null")

    _identity_unique = models.UniqueIndex(
        "(gateway_id, category, external_id)", "What happened at a gateway is booked once."
    )
    _claim_index = models.Index("(gateway_id, id) WHERE state = 'to_post'")
    _open_index = models.Index("(gateway_id, currency_id) WHERE state = 'posted'")

    @api.model
    def _note(self, rows):
        """Write down what happened, in the transaction that learns of it; return the new entries.

        ``rows`` have a gateway, category, external id, signed amount, currency, moment and what it
        is about. What was noted before stays as it is. The gateway's lane posts them.
        """
        made = self.sudo()._insert_once(IDENTITY, [{**EMPTY, **row} for row in rows])
        for gateway in made.gateway_id.filtered(lambda gateway: gateway._is_booked()):
            self.env["retail.ledger"]._wake_after_commit(gateway.id)
        return made


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
