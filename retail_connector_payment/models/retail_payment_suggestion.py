from odoo import fields, models
from odoo.exceptions import AccessError, UserError

# How many days may lie between an order and its payment.
WINDOW_DAYS = 14

SIMILAR = """
    INSERT INTO retail_payment_suggestion
           (payment_id, order_binding_id, company_id, reason,
            create_uid, write_uid, create_date, write_date)
    SELECT payment.id, bound.id, payment.company_id, 'similar', %(uid)s, %(uid)s,
           now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
      FROM retail_payment payment
      JOIN res_partner customer ON customer.email_normalized = lower(trim(payment.payer_email))
      JOIN sale_order sale ON customer.id IN (sale.partner_id, sale.partner_invoice_id)
       AND sale.company_id = payment.company_id
      JOIN retail_order_binding bound ON bound.odoo_id = sale.id
       AND bound.amount_total = payment.amount AND bound.currency_id = payment.currency_id
     WHERE payment.order_binding_id IS NULL AND payment.payer_email IS NOT NULL
       AND payment.kind IN ('sale', 'capture', 'authorization') AND payment.test IS NOT TRUE
       AND bound.state <> 'cancelled'
       AND sale.date_order BETWEEN payment.processed_at - %(window)s * interval '1 day'
                               AND payment.processed_at + %(window)s * interval '1 day'
       AND payment.id IN %(payments)s AND bound.id IN %(orders)s
        ON CONFLICT (payment_id, order_binding_id) DO NOTHING
"""
# Either side may be new: the one that is not is left out of the condition.
OF_PAYMENTS = SIMILAR.replace(" AND bound.id IN %(orders)s", "")
OF_ORDERS = SIMILAR.replace("payment.id IN %(payments)s AND ", "")


class RetailPaymentSuggestion(models.Model):
    """An order that a payment may belong to: a person decides."""

    _name = "retail.payment.suggestion"
    _description = "Retail Payment: suggested order"
    _inherit = ["retail.once.mixin"]
    _order = "payment_id, id"
    _rec_name = "order_binding_id"

    payment_id = fields.Many2one(
        "retail.payment", required=True, readonly=True, ondelete="cascade", index=True
    )
    order_binding_id = fields.Many2one(
        "retail.order.binding",
        string="Order",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    reason = fields.Selection(
        [
            ("similar", "Same Amount and E-mail"),
            ("several", "Named, but Not the Only One"),
        ],
        required=True,
        readonly=True,
    )
    customer_id = fields.Many2one(related="order_binding_id.odoo_id.partner_id")
    currency_id = fields.Many2one(related="order_binding_id.currency_id")
    amount_total = fields.Monetary(related="order_binding_id.amount_total", string="Total")
    local_date = fields.Date(related="order_binding_id.local_date", string="Day of Sale")
    payment_state = fields.Selection(related="order_binding_id.payment_state")

    _identity_unique = models.UniqueIndex(
        "(payment_id, order_binding_id)", "An order is suggested once for a payment."
    )

    def action_accept(self):
        """Tie the payment to this order, for good; the others are not suggested any more."""
        self.ensure_one()
        self.payment_id._belongs_to(self.order_binding_id)
        return True


class RetailPayment(models.Model):
    """The orders that payments may belong to."""

    _inherit = "retail.payment"

    suggestion_ids = fields.One2many("retail.payment.suggestion", "payment_id", readonly=True)

    def _suggest_orders(self, order_ids, reason):
        """Suggest orders to a person."""
        self.env["retail.payment.suggestion"].sudo()._insert_once(
            ("payment_id", "order_binding_id"),
            [
                {
                    "payment_id": payment.id,
                    "order_binding_id": order_id,
                    "company_id": payment.company_id.id,
                    "reason": reason,
                }
                for payment in self
                for order_id in order_ids
            ],
        )
        self.invalidate_recordset(["suggestion_ids"], flush=False)

    def _suggest_similar(self):
        """Suggest the orders of the same amount, currency, e-mail and time to these payments."""
        unknown = self.filtered(lambda p: not p.order_binding_id and p.payer_email)
        if unknown:
            self._insert_similar(OF_PAYMENTS, payments=unknown)

    def _insert_similar(self, query, **records):
        self.env.flush_all()
        ids = {name: tuple(found.ids) for name, found in records.items()}
        self.env.cr.execute(query, {"uid": self.env.uid, "window": WINDOW_DAYS, **ids})
        self.invalidate_model(["suggestion_ids"], flush=False)

    def _belongs_to(self, order):
        """Tie a payment to the order that an accountant names."""
        self.ensure_one()
        self.check_access("read")
        order.check_access("read")
        if not self.env.user.has_group("retail_connector_base.group_accountant"):
            raise AccessError(self.env._("An accountant decides to which order a payment belongs."))
        payment = self.sudo()
        if payment.order_binding_id:
            raise UserError(
                self.env._(
                    "%(payment)s belongs to order %(order)s already.",
                    payment=payment.external_id,
                    order=payment.order_binding_id.name,
                )
            )
        if order.company_id != payment.company_id:
            raise UserError(self.env._("The order is another company's."))
        payment._set_order(order.sudo(), "person")
        detail = {"order": order.name or order.odoo_id.name, "amount": payment.amount}
        self.env["retail.audit"]._log("payment.matched", self, self.backend_id, detail=detail)
        payment._follow()

    def _suggest_for(self, orders):
        """Suggest new orders to the payments without one that look like theirs."""
        waiting = [
            ("order_binding_id", "=", False),
            ("payer_email", "!=", False),
            ("company_id", "in", orders.company_id.ids),
        ]
        if orders and self.sudo().search_count(waiting, limit=1):
            self._insert_similar(OF_ORDERS, orders=orders)
