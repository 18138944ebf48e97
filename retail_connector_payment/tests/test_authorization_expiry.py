from datetime import timedelta, timezone

from odoo import fields
from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import PaymentKind

from .common import PaymentCase


@tagged("post_install", "-at_install")
class TestAuthorizationExpiry(PaymentCase):
    """Authorisations that lapse."""

    def authorized(self, hours, order=None, **values):
        """Let the gateway tell of an authorisation that lapses in some hours; return it."""
        order = order or self.order(payment_state="pending")
        lapses = fields.Datetime.now().replace(tzinfo=timezone.utc) + timedelta(hours=hours)
        message = self.payment_message(
            order=order, payment_kind=PaymentKind.AUTHORIZATION, expires_at=lapses, **values
        )
        self.drain(message)
        return self.payment(message)

    def sweep(self):
        self.env["retail.payment"]._sweep_authorizations()

    def follow(self, payment, kind, amount="100.00"):
        """Capture or void an authorisation."""
        self.drain(
            self.payment_message(
                amount,
                order=payment.order_binding_id,
                payment_kind=kind,
                parent_external_id=payment.external_id,
            )
        )

    def exception(self):
        return self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("code", "=", "authorization_expires")]
        )

    def test_somebody_is_told_in_time_with_order_and_amount(self):
        self.backend.owner_id = self.env.user
        payment = self.authorized(47)
        self.sweep()
        exception = self.exception()
        self.assertEqual((exception.state, exception.amount_at_risk), ("open", 100))
        self.assertIn(payment.order_binding_id.name, exception.title)
        self.assertTrue(exception.activity_ids)
        self.sweep()
        self.assertEqual(exception.occurrence_count, 1)

    def test_the_sweeper_does_it(self):
        self.authorized(1)
        self.env["retail.inbox.sweeper"]._sweep()
        self.assertEqual(self.exception().state, "open")

    def test_nobody_is_told_too_early_or_where_it_is_not_wanted(self):
        self.authorized(49)
        self.sweep()
        self.assertFalse(self.exception())
        self.backend.authorization_warning = 0
        self.authorized(1)
        self.sweep()
        self.assertFalse(self.exception())

    def test_nothing_is_at_stake_in_a_test_or_in_an_order_that_is_paid(self):
        self.authorized(1, test=True)
        order = self.order()
        self.drain(self.payment_message(order=order))
        self.authorized(1, order)
        self.sweep()
        self.assertFalse(self.exception())

    def test_a_capture_or_a_void_solves_it(self):
        for kind in (PaymentKind.CAPTURE, PaymentKind.VOID):
            payment = self.authorized(1)
            self.sweep()
            self.assertEqual(self.problems(), ["authorization_expires"])
            self.follow(payment, kind)
            self.assertEqual(self.problems(), [])

    def test_what_is_left_of_it_is_still_at_stake(self):
        payment = self.authorized(1)
        self.follow(payment, PaymentKind.CAPTURE, "60.00")
        self.sweep()
        self.assertEqual(self.exception().amount_at_risk, 40)

    def test_an_order_whose_authorisation_lapsed_is_held(self):
        payment = self.authorized(1)
        order = payment.order_binding_id
        self.assertEqual((order.payment_state, order.is_held), ("authorized", False))
        payment.expires_at = fields.Datetime.now() - timedelta(minutes=1)
        self.sweep()
        self.assertEqual((order.payment_state, order.money_state), ("expired", "expired"))
        self.assertEqual(order.hold_reasons, "Payment")
        self.assertEqual(payment.expiry, "expired")

    def test_a_new_payment_lets_the_order_go_on(self):
        payment = self.authorized(1)
        payment.expires_at = fields.Datetime.now() - timedelta(minutes=1)
        self.sweep()
        order = payment.order_binding_id
        self.drain(self.payment_message(order=order))
        self.assertEqual((order.payment_state, order.is_held), ("paid", False))
