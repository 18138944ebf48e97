from odoo import fields, models

from ..canonical import PaymentKind, TransactionState

KINDS = [
    (PaymentKind.AUTHORIZATION.value, "Authorisation"),
    (PaymentKind.CAPTURE.value, "Capture"),
    (PaymentKind.SALE.value, "Sale"),
    (PaymentKind.REFUND.value, "Refund"),
    (PaymentKind.VOID.value, "Void"),
    (PaymentKind.CHANGE.value, "Change"),
    (PaymentKind.UNKNOWN.value, "Unknown"),
]
STATES = [
    (TransactionState.PENDING.value, "Pending"),
    (TransactionState.SUCCESS.value, "Succeeded"),
    (TransactionState.FAILURE.value, "Failed"),
    (TransactionState.ERROR.value, "Error"),
    (TransactionState.UNKNOWN.value, "Unknown"),
]


class RetailPayment(models.Model):
    """A transaction of a gateway, as it or the channel told it. Kept whether it is booked or not.

    ``amount`` is positive; ``kind`` gives its direction.
    """

    _name = "retail.payment"
    _description = "Retail Payment"
    _inherit = ["retail.binding"]
    _order = "processed_at desc, id desc"

    _canonical_kind = "payment"

    gateway_id = fields.Many2one(
        "retail.gateway", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    order_external_id = fields.Char(
        readonly=True, index="btree_not_null", help="The order's id where the channel told it."
    )
    order_binding_id = fields.Many2one(
        "retail.order.binding", string="Order", readonly=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip
    matched_by = fields.Selection(
        [
            ("order", "The Order's Id"),
            ("transaction", "The Shop's Transaction"),
            ("reference", "Our Reference"),
            ("person", "A Person"),
        ],
        readonly=True,
        help="What tied the payment to its order.",
    )
    parent_external_id = fields.Char(
        readonly=True, index="btree_not_null", help="What it captures, voids or refunds."
    )
    authorization = fields.Char(
        readonly=True, index="btree_not_null", help="The gateway's own name of it."
    )
    reference = fields.Char(readonly=True, index="btree_not_null")
    payer_email = fields.Char(readonly=True)
    processed_at = fields.Datetime(readonly=True)
    expires_at = fields.Datetime(
        readonly=True, index="btree_not_null", help="When an authorisation lapses (UTC)."
    )
    failure = fields.Char(readonly=True, help="Why it failed, in the gateway's words.")
    test = fields.Boolean(readonly=True, help="It moved no money.")


class RetailOrderBinding(models.Model):
    """The payments of an order."""

    _inherit = "retail.order.binding"

    payment_ids = fields.One2many("retail.payment", "order_binding_id", readonly=True)
