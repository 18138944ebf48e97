from odoo import fields, models


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
    is_settled = fields.Boolean(readonly=True, help="It is posted, or there was nothing to post.")
    awaited = fields.Boolean(readonly=True, help="Its payout waits for what it settles.")

    _external_unique = models.UniqueIndex(
        "(payout_id, external_id)", "A transaction is in a payout once."
    )
    _gateway_index = models.Index("(gateway_id, external_id)")
    _payment_index = models.Index("(gateway_id, payment_external_id)")
