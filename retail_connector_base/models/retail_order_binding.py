from odoo import api, fields, models

from ..canonical import FulfillmentState, Order, PaymentState
from ..decisions.order_process import may_become

STATES = [
    ("received", "Received"),
    ("confirmed", "Confirmed"),
    ("released", "Released"),
    ("partly_shipped", "Partly Shipped"),
    ("shipped", "Shipped"),
    ("delivered", "Delivered"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]


class RetailOrderBinding(models.Model):
    """An order of a channel and the sale order it became."""

    _name = "retail.order.binding"
    _description = "Retail Order Binding"
    _inherit = ["retail.binding", "retail.order.process.mixin"]
    _rec_name = "name"

    _canonical_kind = "order"

    odoo_id = fields.Many2one(
        "sale.order", string="Sale Order", required=True, index=True, ondelete="restrict"
    )
    name = fields.Char(string="Channel's Number", readonly=True)
    state = fields.Selection(
        STATES, required=True, default="received", readonly=True, index=True, help="Only forwards."
    )
    payment_state = fields.Selection(
        [(state.value, state.value.replace("_", " ").title()) for state in PaymentState],
        string="Payment",
        readonly=True,
    )
    fulfillment_state = fields.Selection(
        [(state.value, state.value.title()) for state in FulfillmentState],
        string="Fulfilment at the Channel",
        readonly=True,
    )
    payment_gateways = fields.Char(readonly=True, help="How the customer pays.")
    local_date = fields.Date(readonly=True, help="Day of the sale in the shop's time zone.")
    currency_side = fields.Selection(
        [("shop", "Shop Currency"), ("presentment", "Customer's Currency")],
        required=True,
        readonly=True,
        default="shop",
        help="Which of the channel's two amounts the order has; frozen with its first import.",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount_total = fields.Monetary(readonly=True, help="The channel's total in this currency.")
    amount_tax = fields.Monetary(readonly=True, help="The channel's taxes in this currency.")
    other_currency = fields.Char(readonly=True, help="The currency that was not chosen.")
    other_amount_total = fields.Float(
        string="Total in Other Currency", digits=0, readonly=True, help="The channel's own figure."
    )
    tags = fields.Char(readonly=True)
    snapshot = fields.Json(
        readonly=True, help="The channel's state that was applied last, for the next comparison."
    )
    line_ids = fields.One2many("retail.order.line.binding", "order_binding_id", string="Lines")
    hold_ids = fields.One2many("retail.order.hold", "binding_id", string="Holds")
    is_held = fields.Boolean(compute="_compute_is_held", store=True, string="Held")
    hold_reasons = fields.Char(compute="_compute_is_held", store=True, string="Held for")

    @api.depends("hold_ids.active", "hold_ids.reason")
    def _compute_is_held(self):
        labels = dict(self.env["retail.order.hold"]._fields["reason"].selection)
        for binding in self:
            reasons = [labels[hold.reason] for hold in binding.hold_ids if hold.active]
            binding.is_held = bool(reasons)
            binding.hold_reasons = ", ".join(dict.fromkeys(reasons))

    def _advance(self, state):
        """Let orders reach a state; those that are further on stay where they are."""
        self.filtered(lambda binding: may_become(binding.state, state)).write({"state": state})

    def _imported_order(self) -> Order:
        """Return the channel's state that was applied last."""
        self.ensure_one()
        return Order.model_validate(self.snapshot)
