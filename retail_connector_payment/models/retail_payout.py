from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import PayoutState

GATEWAY_STATES = [(state.value, state.value.replace("_", " ").title()) for state in PayoutState]
STATES = [
    # Its transactions are not all known yet, the gateway has not sent the money, or it lists no
    # transactions and its own entry is still to be posted.
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
    progress = fields.Float(compute="_compute_progress", help="Of its transactions, in percent.")
    problem = fields.Text(readonly=True, help="Why it is parked.")
    attempts = fields.Integer(readonly=True)
    next_attempt_at = fields.Datetime(readonly=True)
    move_ids = fields.One2many("account.move", "retail_payout_id", readonly=True)
    entry_ids = fields.One2many("retail.ledger.entry", "payout_id", readonly=True)

    _due_index = models.Index("(gateway_id) WHERE state IN ('to_settle', 'settling', 'parked')")

    @api.depends("state", "line_count", "settled_count")
    def _compute_progress(self):
        for payout in self:
            whole = payout.state == "settled"
            share = payout.settled_count / payout.line_count if payout.line_count else whole
            payout.progress = 100.0 * share

    def _is_listed(self):
        """Tell whether it is settled by its transactions; a manual one has none."""
        self.ensure_one()
        return bool(self.automatic or self.line_count)


class AccountMove(models.Model):
    """Entries of payouts."""

    _inherit = "account.move"

    retail_payout_id = fields.Many2one(
        "retail.payout", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
