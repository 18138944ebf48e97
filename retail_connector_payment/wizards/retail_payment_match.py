from odoo import fields, models


class RetailPaymentMatch(models.TransientModel):
    """Asks for the order of a payment that nothing ties to one."""

    _name = "retail.payment.match"
    _description = "Retail Payment: choose the order"

    payment_id = fields.Many2one("retail.payment", required=True, readonly=True)
    company_id = fields.Many2one(related="payment_id.company_id")
    currency_id = fields.Many2one(related="payment_id.currency_id")
    amount = fields.Monetary(related="payment_id.amount")
    payer_email = fields.Char(related="payment_id.payer_email")
    reference = fields.Char(related="payment_id.reference")
    order_binding_id = fields.Many2one(
        "retail.order.binding",
        string="Order",
        required=True,
        domain="[('company_id', '=', company_id), ('state', '!=', 'cancelled')]",
    )

    def action_match(self):
        """Tie the payment to the chosen order."""
        self.ensure_one()
        self.payment_id._belongs_to(self.order_binding_id)
        return {"type": "ir.actions.act_window_close"}
