from decimal import Decimal

from odoo import fields, models

from odoo.addons.retail_connector_base.canonical import DisputeState

STATES = [(state.value, state.value.replace("_", " ").title()) for state in DisputeState]


class RetailDispute(models.Model):
    """A payment that a customer's bank takes back, or asks about."""

    _name = "retail.dispute"
    _description = "Retail Dispute"
    _inherit = ["retail.binding", "mail.thread", "mail.activity.mixin"]
    _order = "respond_until, id desc"
    _mail_post_access = "read"

    _canonical_kind = "dispute"

    gateway_id = fields.Many2one(
        "retail.gateway", required=True, readonly=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(STATES, required=True, readonly=True, index=True, tracking=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(readonly=True)
    won_amount = fields.Monetary(readonly=True, help="What came back of it.")
    won_told = fields.Boolean(readonly=True, help="The gateway said how much came back.")
    fee = fields.Monetary(readonly=True)
    fee_returned = fields.Boolean(readonly=True)
    reason = fields.Char(readonly=True)
    payment_external_id = fields.Char(readonly=True, index="btree_not_null")
    payment_id = fields.Many2one("retail.payment", readonly=True, index="btree_not_null")
    order_external_id = fields.Char(readonly=True)
    order_binding_id = fields.Many2one(
        "retail.order.binding", string="Order", readonly=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip
    opened_at = fields.Datetime(readonly=True)
    respond_until = fields.Datetime(readonly=True, help="The last moment for evidence (UTC).")
    closed_at = fields.Datetime(readonly=True)
    test = fields.Boolean(readonly=True)
    entry_ids = fields.One2many("retail.ledger.entry", "dispute_id", readonly=True)
    was_taken = fields.Boolean(
        readonly=True, help="A payout shows that the bank has taken the money, whatever was told."
    )
    round = fields.Integer(
        readonly=True, default=1, help="How often the bank has taken the money of this dispute."
    )
    loss_move_id = fields.Many2one(
        "account.move", string="Loss", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    to_close = fields.Boolean(readonly=True, help="Its lane has to look whether it is decided.")

    _to_close_index = models.Index("(gateway_id) WHERE to_close")

    def _exact(self, amount):
        return Decimal(str(round(amount, self.currency_id.decimal_places)))
