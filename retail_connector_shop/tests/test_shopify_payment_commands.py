"""Money that Odoo asks the shop to move: once, in the right currency, and found again."""

from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import (
    CapturePayment,
    Money,
    RefundPayment,
    VoidPayment,
)
from odoo.addons.retail_connector_base.providers import (
    RejectedError,
    UnknownOutcomeError,
)

from .shopify_common import FakeHttp, provider
from .shopify_gateway import ORDER, Gateway, transaction_gid


def refund(payment="1", amount="40.00", currency="EUR", reference="RINV/1", **values):
    return RefundPayment(
        payment_external_id=payment,
        order_external_id="3",
        amount=Money(amount=Decimal(amount), currency=currency),
        reference=reference,
        **values,
    )


def capture(amount="100.00", payment="1", **values):
    money = Money(amount=Decimal(amount), currency="EUR")
    return CapturePayment(payment_external_id=payment, amount=money, **values)


class PaymentCommandCase(BaseCase):
    def shop(self, *kinds, **values):
        self.gateway = Gateway(*kinds, **values)
        return provider(FakeHttp(self.gateway.answer))


@tagged("post_install", "-at_install")
class TestShopifyRefundPayment(PaymentCommandCase):
    def test_money_goes_back_by_the_transaction_that_took_it(self):
        shop = self.shop("SALE")
        result = shop.send(refund(reason="Broken"), "key-1")
        self.assertEqual((result.external_ids, result.notes), (("2",), ()))
        (sent,) = self.gateway.sent
        self.assertEqual(sent["key"], "key-1")
        self.assertEqual(
            sent["input"],
            {
                "orderId": ORDER,
                "currency": "EUR",
                "note": "RINV/1: Broken",
                "notify": False,
                "transactions": [
                    {
                        "orderId": ORDER,
                        "parentId": transaction_gid(1),
                        "kind": "REFUND",
                        "gateway": "shopify_payments",
                        "amount": "40.00",
                    }
                ],
            },
        )

    def test_a_lost_answer_is_looked_up_and_found(self):
        shop = self.shop("SALE")
        self.gateway.lost = True
        with self.assertRaises(UnknownOutcomeError):
            shop.send(refund(), "key-1")
        self.gateway.lost = False
        self.assertEqual(shop.look_up(refund(), "key-1").external_ids, ("2",))
        self.assertEqual(shop.send(refund(), "key-1", ()).external_ids, ("2",))
        self.assertEqual(len(self.gateway.refunds), 1)

    def test_the_same_key_sent_blindly_has_one_effect(self):
        shop = self.shop("SALE")
        first, again = (shop.send(refund(), "key-1") for _ in range(2))
        self.assertEqual(first, again)
        self.assertEqual(len(self.gateway.refunds), 1)

    def test_another_refund_is_not_taken_for_this_one(self):
        shop = self.shop("SALE")
        shop.send(refund(reference="RINV/2"), "key-2")
        self.assertIsNone(shop.look_up(refund(), "key-1"))
        shop.send(refund(amount="10.00"), "key-3")
        self.assertIsNone(shop.look_up(refund(), "key-1"))
        made = shop.send(refund(), "key-1").external_ids
        self.assertIsNone(shop.look_up(refund(), "key-4", made))

    def test_of_an_authorisation_its_capture_is_given_back(self):
        shop = self.shop("AUTHORIZATION")
        shop.send(capture(), "key-1")
        shop.send(refund(), "key-2")
        (asked,) = self.gateway.sent[-1]["input"]["transactions"]
        self.assertEqual(asked["parentId"], transaction_gid(2))

    def test_what_took_no_money_gives_none_back(self):
        for kinds in (("AUTHORIZATION",), ("VOID",), ("REFUND",)):
            with self.assertRaisesRegex(RejectedError, "none that can be given back"):
                self.shop(*kinds).send(refund(), "key-1")
            self.assertEqual(self.gateway.sent, [])

    def test_which_of_two_captures_is_meant_is_not_guessed(self):
        shop = self.shop("AUTHORIZATION", multi=True)
        for number in (1, 2):
            shop.send(capture("50.00", final=False), f"key-{number}")
        with self.assertRaisesRegex(RejectedError, "2 captures"):
            shop.send(refund(), "key-3")
        self.assertEqual(shop.send(refund("2"), "key-3").external_ids, ("4",))

    def test_another_currency_is_refused_before_anything_is_sent(self):
        shop = self.shop("SALE")
        with self.assertRaisesRegex(RejectedError, "is in EUR: USD"):
            shop.send(refund(currency="USD"), "key-1")
        self.assertEqual(self.gateway.sent, [])

    def test_what_the_shop_refuses_is_refused(self):
        shop = self.shop("SALE")
        self.gateway.refusal = "Refund amount is more than what was paid."
        with self.assertRaisesRegex(RejectedError, "more than what was paid"):
            shop.send(refund(), "key-1")

    def test_what_is_still_under_way_is_unknown(self):
        shop = self.shop("SALE")
        self.gateway.refusal = "This request is currently in progress, please try again."
        with self.assertRaises(UnknownOutcomeError):
            shop.send(refund(), "key-1")

    def test_what_the_gateway_refuses_is_refused_and_not_found(self):
        shop = self.shop("SALE")
        self.gateway.says = "FAILURE"
        with self.assertRaisesRegex(RejectedError, "The gateway refused: card_declined"):
            shop.send(refund(), "key-1")
        self.assertIsNone(shop.look_up(refund(), "key-1"))

    def test_what_waits_for_the_gateway_is_said(self):
        shop = self.shop("SALE")
        self.gateway.says = "PENDING"
        result = shop.send(refund(), "key-1")
        self.assertEqual(result.external_ids, ("2",))
        self.assertIn("has not confirmed", result.notes[0])

    def test_payments_that_the_shop_does_not_know_are_refused(self):
        for number in ("9", "x", "", "gid://shopify/OrderTransaction/1"):
            with self.assertRaises(RejectedError):
                self.shop("SALE").send(refund(number), "key-1")


@tagged("post_install", "-at_install")
class TestShopifyCaptureAndVoid(PaymentCommandCase):
    def test_an_authorisation_is_captured(self):
        shop = self.shop("AUTHORIZATION")
        self.assertEqual(shop.send(capture(), "key-1").external_ids, ("2",))
        (sent,) = self.gateway.sent
        self.assertEqual(
            sent["input"],
            {
                "id": ORDER,
                "parentTransactionId": transaction_gid(1),
                "amount": "100.00",
                "currency": "EUR",
            },
        )

    def test_the_last_of_several_captures_says_so(self):
        shop = self.shop("AUTHORIZATION", multi=True)
        for final in (False, True):
            shop.send(capture("50.00", final=final), f"key-{final}")
        self.assertEqual(
            [sent["input"]["finalCapture"] for sent in self.gateway.sent], [False, True]
        )

    def test_a_lost_capture_is_found_before_it_is_sent_again(self):
        shop = self.shop("AUTHORIZATION")
        self.gateway.lost = True
        with self.assertRaises(UnknownOutcomeError):
            shop.send(capture(), "key-1")
        self.gateway.lost = False
        self.assertEqual(shop.look_up(capture(), "key-1").external_ids, ("2",))
        self.assertEqual(shop.send(capture(), "key-1", ()).external_ids, ("2",))
        self.assertEqual(len(self.gateway.sent), 1)

    def test_a_capture_of_another_command_is_not_this_one(self):
        shop = self.shop("AUTHORIZATION", multi=True)
        made = shop.send(capture("50.00", final=False), "key-1").external_ids
        self.assertIsNone(shop.look_up(capture("50.00"), "key-2", made))
        self.assertIsNone(shop.look_up(capture("49.00"), "key-2"))

    def test_an_authorisation_is_set_free_once(self):
        shop = self.shop("AUTHORIZATION")
        command = VoidPayment(payment_external_id="1")
        self.assertIsNone(shop.look_up(command, "key-1"))
        self.assertEqual(shop.send(command, "key-1").external_ids, ("2",))
        self.gateway.refusal = "Transaction must be voidable."
        self.assertEqual(shop.send(command, "key-2").external_ids, ("2",))
        self.assertEqual(shop.look_up(command, "key-1").external_ids, ("2",))

    def test_what_cannot_be_set_free_is_refused(self):
        shop = self.shop("AUTHORIZATION")
        self.gateway.refusal = "Transaction must be voidable."
        with self.assertRaisesRegex(RejectedError, "voidable"):
            shop.send(VoidPayment(payment_external_id="1"), "key-1")

    def test_an_answer_without_a_transaction_is_no_success(self):
        shop = self.shop("AUTHORIZATION")
        done = {"transaction": None, "userErrors": []}
        self.gateway._Capture = lambda variables: {"orderCapture": done}
        with self.assertRaises(UnknownOutcomeError):
            shop.send(capture(), "key-1")
