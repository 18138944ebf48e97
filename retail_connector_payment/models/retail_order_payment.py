from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import (
    PaymentKind,
    PaymentState,
    TransactionState,
)
from odoo.addons.retail_connector_base.decisions.hold import HoldReason
from odoo.addons.retail_connector_base.decisions.order_process import Step

from ..decisions.order_payment import (
    LOST,
    Standing,
    Transaction,
    counted_state,
    figures_of,
    standing,
)

STANDINGS = [(each.value, each.value.replace("_", " ").title()) for each in Standing]
# Orders whose goods have not been asked for yet: only they are held again.
NOT_RELEASED = ("received", "confirmed")
WORDS = frozenset(state.value for state in PaymentState)
# Whoever makes or changes an order decides itself what holds it.
QUIET = "retail_payments_quiet"


class RetailOrderBinding(models.Model):
    """How far the money of an order has come, by its payments, and what follows from it.

    ``payment_state`` is what counts: the channel's word or that of the payments, whichever tells
    more (``decisions/order_payment.py``).
    """

    _inherit = "retail.order.binding"

    name = fields.Char(index="btree_not_null")
    money_state = fields.Selection(
        STANDINGS, readonly=True, string="By Its Payments", help="What its payments alone tell."
    )
    captured_amount = fields.Monetary(readonly=True, string="Captured")
    refunded_amount = fields.Monetary(readonly=True, string="Refunded")
    authorized_amount = fields.Monetary(
        readonly=True, string="Authorised", help="What is authorised and not taken yet."
    )

    channel_payment_state = fields.Char(
        readonly=True, help="What the channel said of the payment before its payments were known."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override: payments that came before their orders are theirs now."""
        orders = super().create(vals_list)
        orders.with_context(**{QUIET: True}).sudo()._find_payments()
        return orders

    def write(self, vals):
        """Override: what pays an order in part may pay all of it once it costs less."""
        result = super().write(vals)
        if "amount_total" in vals:
            counted = self.filtered("money_state")
            counted.with_context(**{QUIET: True})._count_payments()
        return result

    def _find_payments(self):
        """Tie payments that wait for these orders, and suggest those that may be theirs.

        What holds the orders is left to whoever makes them.
        """
        waiting = self.env["retail.payment"]._unmatched_of(self)
        if waiting:
            waiting._follow()
        self.env["retail.payment"]._suggest_for(self)

    # Counting

    def _count_payments(self):
        """Count the payments of orders anew; hold them or let them go on as their money says.

        The row changes with each payment that moves money: of two that are imported at the same
        moment one is imported again, and sees the other.
        """
        for order in self:
            figures = figures_of(order._transactions())
            values = order._money_values(figures)
            changed = {name: value for name, value in values.items() if order[name] != value}
            if changed:
                order.write(changed)
        if not self.env.context.get(QUIET):
            self._follow_money()

    def _money_values(self, figures):
        total = self.payment_ids._exact(self.amount_total, self.currency_id)
        facts, word = standing(figures, total), self._channel_word()
        return {
            "captured_amount": float(figures.captured),
            "refunded_amount": float(figures.refunded),
            "authorized_amount": float(figures.open_amount),
            "money_state": facts.value,
            "channel_payment_state": word.value if word else False,
            "payment_state": counted_state(word, facts).value,
        }

    def _channel_word(self):
        """Return what the channel said of the payment last, ``None`` when it said nothing."""
        word = (self.snapshot or {}).get("payment_state")
        if not word:
            word = self.channel_payment_state if self.money_state else self.payment_state
        return PaymentState(word) if word in WORDS else None

    def _counted_payment_state(self, word):
        """Override: the payments may tell more than the channel."""
        if not self or not self.money_state:
            return super()._counted_payment_state(word)
        return counted_state(word, Standing(self.money_state))

    def _transactions(self):
        """Return the payments of an order in its currency. Tests move no money."""
        self.ensure_one()
        return [self._transaction(p) for p in self.payment_ids if not p.test]

    def _transaction(self, payment):
        links = {f"={name}" for name in (payment.external_id, payment.authorization) if name}
        # A shop's reports of a gateway that reports by itself are of the same money.
        gateway = payment.gateway_id.booked_by_id or payment.gateway_id
        if gateway.booking != "none" and self._is_reported_twice(gateway):
            links.add(f"gateway:{gateway.id}")
        return Transaction(
            reporter=payment.backend_id.id,
            name=payment.external_id,
            kind=PaymentKind(payment.kind),
            state=TransactionState(payment.state),
            amount=self._in_currency(payment),
            parent=payment.parent_external_id or None,
            links=frozenset(links),
            expired=payment._has_lapsed(),
            had_succeeded=payment.has_succeeded,
        )

    def _is_reported_twice(self, gateway):
        return any(p.gateway_id.booked_by_id == gateway for p in self.payment_ids)

    def _in_currency(self, payment):
        """Return a payment's amount in the order's currency.

        The channel's own two totals are its rate, where it told both.
        """
        own, theirs = self.currency_id, payment.currency_id
        if own == theirs:
            return payment._decimal(payment.amount)
        if theirs.name == self.other_currency and self.other_amount_total:
            amount = payment.amount * self.amount_total / self.other_amount_total
        else:
            day = payment.processed_at or fields.Date.context_today(self)
            amount = theirs._convert(payment.amount, own, self.company_id, day)
        return payment._exact(amount, own)

    # What follows

    def _follow_money(self):
        """Lift the payment hold where the money suffices; hold again where it was lost."""
        alive = self.filtered(lambda order: order.state != "cancelled" and order.payment_state)
        enough = alive.filtered(
            lambda order: order._payment_suffices(PaymentState(order.payment_state))
        )
        enough.filtered(lambda order: order.money_state != Standing.NONE.value)._record_steps(
            Step.PAID
        )
        held = enough.filtered(lambda order: order._is_held_for_payment())
        if held:
            self.env["retail.order.hold"].sudo()._lift(held, HoldReason.PAYMENT)
            held._go_on()
        (alive - enough).filtered(lambda order: order._has_lost_payment())._hold_for_payment()
        alive._request_captures()

    def _is_held_for_payment(self):
        return any(hold.reason == HoldReason.PAYMENT.value for hold in self.hold_ids)

    def _has_lost_payment(self):
        return self.state in NOT_RELEASED and Standing(self.money_state) in LOST

    def _hold_for_payment(self):
        """Hold orders whose payment was voided, expired or failed; the record shows it."""
        if self:
            note = self.env._("Its payment was voided, expired or failed.")
            self.env["retail.order.hold"].sudo()._hold(self, HoldReason.PAYMENT, note)
            self._take_back_payment()
