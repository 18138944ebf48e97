from odoo.tests import tagged

from odoo.addons.retail_connector_base.tests.privacy import where_found

from .common import PaymentCase

EMAIL = "zebulon.canary@example.org"


@tagged("post_install", "-at_install")
class TestPaymentErasure(PaymentCase):
    """What payments keep of a person who asks to be forgotten."""

    def erase(self, **values):
        """Forget somebody; return the request."""
        erasure = self.env["retail.erasure"].create(
            {
                "company_id": self.company.id,
                "backend_id": self.backend.id,
                "requested_by_id": self.env.uid,
                **values,
            }
        )
        erasure._step_bindings(0)
        return erasure

    def test_the_payer_is_forgotten_and_the_payment_stays(self):
        order = self.order(partner=self.env["res.partner"].create({"name": "Zebulon"}))
        named = self.payment_message(payer_email=EMAIL.upper())
        of_order = self.payment_message(order=order, payer_email="other@example.org")
        other = self.payment_message(payer_email="ada@example.org")
        self.drain(named, of_order, other)
        erasure = self.erase(email=EMAIL, order_external_ids=[order.external_id])
        self.assertFalse(self.payment(named).payer_email)
        self.assertFalse(self.payment(of_order).payer_email)
        self.assertEqual(self.payment(other).payer_email, "ada@example.org")
        self.assertEqual(self.payment(named).amount, 100)
        found = [place for place in where_found(self.env, EMAIL) if "erasure" not in place]
        self.assertEqual(found, [])
        self.assertEqual(erasure.line_ids.filtered(lambda line: line.store == "Payments").erased, 2)

    def test_a_shop_that_leaves_leaves_no_payer(self):
        message = self.payment_message(payer_email=EMAIL)
        self.drain(message)
        self.erase(type="shop")
        self.assertFalse(self.payment(message).payer_email)
