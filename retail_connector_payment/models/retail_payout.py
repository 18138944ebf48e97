from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import PayoutState

GATEWAY_STATES = [(state.value, state.value.replace("_", " ").title()) for state in PayoutState]
STATES = [
    # Its transactions are not all known yet, or the gateway has not sent the money.
    ("announced", "Announced"),
    ("to_settle", "To Settle"),
    # Something of it cannot be tied: nothing of it is posted.
    ("parked", "Parked"),
    ("settling", "Being Settled"),
    ("settled", "Settled"),
    ("cancelled", "Cancelled"),
]


class RetailPayout(models.Model):
    """Money that a gateway paid out (or collected), and all the transactions it is made of.

    ``gateway_state`` is what the gateway says; ``state`` is how far the books have come.
    """

    _name = "retail.payout"
    _description = "Retail Payout"
    _inherit = ["retail.binding", "mail.thread", "mail.activity.mixin"]
    _order = "arrival_date desc, id desc"
    _mail_post_access = "read"

    _canonical_kind = "payout"

    gateway_id = fields.Many2one(
        "retail.gateway", required=True, readonly=True, index=True, ondelete="restrict"
    )
    gateway_state = fields.Selection(GATEWAY_STATES, required=True, readonly=True)
    state = fields.Selection(
        STATES, required=True, default="announced", readonly=True, index=True, tracking=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(
        readonly=True, help="Negative where the gateway collects from our bank account."
    )
    issued_at = fields.Datetime(readonly=True, help="When the gateway made it (UTC).")
    arrival_date = fields.Date(readonly=True)
    automatic = fields.Boolean(readonly=True, default=True)
    reference = fields.Char(
        readonly=True, index="btree_not_null", help="What the bank statement will show."
    )
    bank_last_four = fields.Char(readonly=True)
    failure = fields.Char(readonly=True)
    test = fields.Boolean(readonly=True)
    is_complete = fields.Boolean(readonly=True, help="All its transactions are known.")
    line_ids = fields.One2many("retail.payout.line", "payout_id", readonly=True)
    line_count = fields.Integer(readonly=True)
    settled_count = fields.Integer(readonly=True, help="How many lines are posted.")
    problem = fields.Text(readonly=True, help="Why it is parked.")
    move_ids = fields.One2many("account.move", "retail_payout_id", readonly=True)

    @api.model
    def _settle_next(self, gateway):
        """Settle a part of the next payout that is due; return whether there was any."""
        return False


class RetailPayoutLine(models.Model):
    """One transaction of a payout: ``net`` = ``gross`` - ``fee``, in the payout's currency."""

    _name = "retail.payout.line"
    _description = "Retail Payout Line"
    _order = "payout_id, id"
    _rec_name = "external_id"

    payout_id = fields.Many2one(
        "retail.payout", required=True, readonly=True, ondelete="cascade", index=True
    )
    gateway_id = fields.Many2one("retail.gateway", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    external_id = fields.Char(required=True, readonly=True)
    category = fields.Char(required=True, readonly=True)
    vendor_type = fields.Char(readonly=True, help="The gateway's own word.")
    gross = fields.Monetary(readonly=True)
    fee = fields.Monetary(readonly=True)
    fee_tax = fields.Monetary(readonly=True)
    net = fields.Monetary(readonly=True)
    original_amount = fields.Float(digits=0, readonly=True, help="In the customer's currency.")
    original_currency = fields.Char(readonly=True)
    payment_external_id = fields.Char(readonly=True)
    order_external_id = fields.Char(readonly=True)
    dispute_external_id = fields.Char(readonly=True)
    occurred_at = fields.Datetime(readonly=True)
    description = fields.Char(readonly=True)
    entry_ids = fields.One2many("retail.ledger.entry", "payout_line_id", readonly=True)
    move_id = fields.Many2one("account.move", readonly=True, index="btree_not_null")

    _external_unique = models.UniqueIndex(
        "(payout_id, external_id)", "A transaction is in a payout once."
    )
    _gateway_index = models.Index("(gateway_id, external_id)")
    _payment_index = models.Index("(gateway_id, payment_external_id)")


class AccountMove(models.Model):
    """Entries of payouts."""

    _inherit = "account.move"

    retail_payout_id = fields.Many2one(
        "retail.payout", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
