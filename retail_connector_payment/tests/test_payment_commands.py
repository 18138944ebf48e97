from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import CapturePayment, Money, VoidPayment
from odoo.addons.retail_connector_base.tests.common import offer_sample_provider

from .common import PaymentCase
from .refund_provider import RefundingProvider, make_refunding_backend, take


@tagged("post_install", "-at_install")
class TestPaymentCommands(PaymentCase):
    """Which commands about authorisations are still wanted when it is their turn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry, RefundingProvider))
        cls.backend = make_refunding_backend(cls.env, cls.company)
        cls.payment = take(cls.backend, kind="authorization", external_id="AUTH")

    def is_wanted(self, command):
        """Put a command and ask its exporter."""
        row = self.env["retail.outbox.command"]._put(
            self.backend, command, f"{command.kind}-{command.payment_external_id}"
        )
        return row._exporter(row.kind)._is_wanted(row)

    def capture(self, name="AUTH"):
        """Return a command that takes the authorised money."""
        money = Money(amount="100.00", currency="EUR")
        return CapturePayment(payment_external_id=name, amount=money)

    def test_an_authorisation_is_captured_or_set_free(self):
        self.assertTrue(self.is_wanted(self.capture()))
        self.assertTrue(self.is_wanted(VoidPayment(payment_external_id="AUTH")))

    def test_a_payment_that_is_not_known_here_is_the_gateways_to_judge(self):
        self.assertTrue(self.is_wanted(self.capture("UNKNOWN")))

    def test_what_was_set_free_is_neither_captured_nor_set_free_again(self):
        take(self.backend, kind="void", external_id="V", parent_external_id="AUTH")
        self.assertFalse(self.is_wanted(self.capture()))
        self.assertFalse(self.is_wanted(VoidPayment(payment_external_id="AUTH")))

    def test_what_was_captured_is_not_set_free(self):
        take(self.backend, kind="capture", external_id="C", parent_external_id="AUTH")
        self.assertFalse(self.is_wanted(VoidPayment(payment_external_id="AUTH")))

    def test_a_failed_authorisation_is_not_captured(self):
        self.payment.state = "failure"
        self.assertFalse(self.is_wanted(self.capture()))

    def test_what_the_gateway_knew_before_is_not_the_commands_effect(self):
        take(self.backend, kind="capture", external_id="C", parent_external_id="AUTH")
        self.env.cr.execute("UPDATE retail_payment SET create_date = '2026-01-01'")
        self.env.invalidate_all()
        row = self.env["retail.outbox.command"]._put(self.backend, self.capture(), "k")
        self.assertEqual(row._exporter(row.kind)._known_ids(row), {"C"})
