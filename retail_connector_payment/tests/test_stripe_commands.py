from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import (
    CapturePayment,
    Money,
    RefundPayment,
    UpdateTracking,
    VoidPayment,
)
from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    HttpResponse,
    RateLimitedError,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
    UnsupportedError,
)

from ..providers.stripe.http import ReplayedFailureError, ReplayedRefusalError, StripeHttp
from ..providers.stripe.once import KEYS, idempotency_key
from .stripe_common import FakeHttp, charge, intent, listed, provider, refund


def money(amount, currency="EUR"):
    return Money(amount=Decimal(amount), currency=currency)


def giving_back(amount="10.00", **values):
    return RefundPayment(
        **{"payment_external_id": "ch_1", "amount": money(amount), "reference": "RINV/7", **values}
    )


@tagged("post_install", "-at_install")
class TestStripeCommands(BaseCase):
    def test_a_refund_carries_our_key_and_reference(self):
        http = FakeHttp(lambda method, path, fields: refund())
        result = provider(http).send(giving_back(reason="fraudulent"), "key-1")
        self.assertEqual(result.external_ids, ("re_1",))
        sent = {"amount": "1000", "charge": "ch_1", "metadata[retail_key]": "key-1",
                "metadata[reference]": "RINV/7", "reason": "fraudulent"}  # fmt: skip
        self.assertEqual(http.calls, [("POST", "refunds", sent)])
        self.assertEqual(http.keys, ["key-1"])

    def test_other_reasons_go_along_as_a_text(self):
        http = FakeHttp(lambda method, path, fields: refund())
        provider(http).send(giving_back(payment_external_id="pi_1", reason="Too small"), "key-1")
        fields = http.calls[0][2]
        self.assertEqual(fields["metadata[reason]"], "Too small")
        self.assertEqual(fields["payment_intent"], "pi_1")
        self.assertNotIn("reason", fields)

    def test_what_cannot_be_paid_is_not_sent(self):
        http = FakeHttp(lambda method, path, fields: refund())
        with self.assertRaises(RejectedError):
            provider(http).send(giving_back("10.005"), "key-1")
        self.assertEqual(http.calls, [])

    def test_a_refund_is_found_by_our_key_alone(self):
        """Others may have given the same amount back by hand."""
        rows = [refund(id="re_3"), refund(id="re_2", metadata={"retail_key": "key-1"})]
        http = FakeHttp(lambda method, path, fields: listed(*rows))
        self.assertEqual(provider(http).look_up(giving_back(), "key-1").external_ids, ("re_2",))
        self.assertIsNone(provider(http).look_up(giving_back(), "key-2"))
        self.assertEqual(http.calls[0][2], {"charge": "ch_1", "limit": "100"})

    def test_a_capture_leaves_our_key_on_the_intent(self):
        command = CapturePayment(payment_external_id="pi_1", amount=money("30"))
        http = FakeHttp(lambda method, path, fields: intent(status="succeeded"))
        self.assertEqual(provider(http).send(command, "key-1").external_ids, ("ch_1",))
        sent = {"amount_to_capture": "3000", "metadata[retail_capture_key]": "key-1"}
        self.assertEqual(http.calls, [("POST", "payment_intents/pi_1/capture", sent)])
        self.assertIsNone(provider(http).look_up(command, "key-1"))
        done = intent(metadata={"retail_capture_key": "key-1"})
        http = FakeHttp(lambda method, path, fields: done)
        self.assertEqual(provider(http).look_up(command, "key-1").external_ids, ("ch_1",))

    def test_a_capture_that_is_not_the_last_says_so(self):
        command = CapturePayment(payment_external_id="pi_1", amount=money("30"), final=False)
        http = FakeHttp(lambda method, path, fields: intent())
        provider(http).send(command, "key-1")
        self.assertEqual(http.calls[0][2]["final_capture"], "false")

    def test_a_void_cancels_the_intent(self):
        command = VoidPayment(payment_external_id="pi_1")
        http = FakeHttp(lambda method, path, fields: intent(status="canceled"))
        self.assertEqual(provider(http).send(command, "key-1").external_ids, ("pi_1:void",))
        self.assertEqual(http.calls, [("POST", "payment_intents/pi_1/cancel", {})])
        self.assertTrue(provider(http).look_up(command, "key-1"))
        held = FakeHttp(lambda method, path, fields: intent())
        self.assertIsNone(provider(held).look_up(command, "key-1"))

    def test_charges_without_an_intent_are_captured_and_set_free_too(self):
        http = FakeHttp(lambda method, path, fields: charge())
        provider(http).send(CapturePayment(payment_external_id="ch_1", amount=money("1")), "k")
        provider(http).send(VoidPayment(payment_external_id="ch_1"), "k")
        self.assertEqual([path for _m, path, _f in http.calls], ["charges/ch_1/capture", "refunds"])

    def test_other_commands_are_refused(self):
        command = UpdateTracking(order_external_id="1", fulfillment_external_id="2")
        for call in (provider().send, provider().look_up):
            with self.assertRaises(UnsupportedError):
                call(command, "key-1")


@tagged("post_install", "-at_install")
class TestStripeOnce(BaseCase):
    """A key whose request is over without an effect is used up; no other is ever changed."""

    def answers(self, *posts, found=()):
        queue = list(posts)

        def answer(method, path, fields):
            return queue.pop(0) if method == "POST" else listed(*found)

        return FakeHttp(answer)

    def test_a_used_up_key_gives_way_to_the_next(self):
        for error in (ReplayedRefusalError("old"), ReplayedFailureError("old")):
            http = self.answers(error, refund())
            self.assertTrue(provider(http).send(giving_back(), "key-1"))
            self.assertEqual([key for key in http.keys if key], ["key-1", "key-1#1"])

    def test_what_had_its_effect_after_all_is_found(self):
        done = refund(id="re_5", metadata={"retail_key": "key-1"})
        http = self.answers(ReplayedFailureError("old"), found=[done])
        result = provider(http).send(giving_back(), "key-1")
        self.assertEqual(result.external_ids, ("re_5",))
        self.assertEqual(len(http.calls), 2)

    def test_a_first_answer_never_leads_to_a_second_request(self):
        for error in (RejectedError("no"), UnknownOutcomeError("?"), TransientError("busy")):
            http = self.answers(error)
            with self.assertRaises(type(error)):
                provider(http).send(giving_back(), "key-1")
            self.assertEqual(len(http.calls), 1)

    def test_the_last_key_ends_it(self):
        http = self.answers(*[ReplayedRefusalError("old")] * (KEYS + 1))
        with self.assertRaises(ReplayedRefusalError):
            provider(http).send(giving_back(), "key-1")
        self.assertEqual(len([key for key in http.keys if key]), KEYS)

    def test_keys_are_short_enough(self):
        names = {idempotency_key(key, n) for key in ("k" * 300, "ключ", "k") for n in range(3)}
        self.assertEqual(len(names), 9)
        self.assertTrue(all(len(name) <= 255 and name.isascii() for name in names))


@tagged("post_install", "-at_install")
class TestStripeErrors(BaseCase):
    def error(self, status, body=b"{}", harmless=False, **headers):
        answer = HttpResponse(status, {k.replace("_", "-"): v for k, v in headers.items()}, body)
        with self.assertRaises(Exception) as caught:
            StripeHttp._raise_for_status(answer, "https://api.stripe.com/v1/refunds", harmless)
        return caught.exception

    def test_the_class_decides_what_happens_next(self):
        busy = b'{"error": {"code": "idempotency_key_in_use", "message": "wait"}}'
        kinds = {400: RejectedError, 402: RejectedError, 404: RejectedError, 409: TransientError,
                 401: AuthenticationError, 403: AuthenticationError, 429: RateLimitedError,
                 500: UnknownOutcomeError, 503: UnknownOutcomeError}  # fmt: skip
        for status, kind in kinds.items():
            self.assertIs(type(self.error(status)), kind, status)
        self.assertIs(type(self.error(409, busy)), TransientError)
        self.assertIs(type(self.error(500, harmless=True)), TransientError)
        self.assertEqual(self.error(429, retry_after="7").retry_after, 7)

    def test_a_refusal_says_why_without_secrets(self):
        body = (
            b'{"error": {"code": "card_declined", "decline_code": "lost_card", "message":'
            b' "Declined for ada@example.com with sk_live_canary4111"}}'
        )
        text = str(self.error(402, body))
        self.assertIn("card_declined", text)
        self.assertIn("lost_card", text)
        self.assertNotIn("ada@", text)
        self.assertNotIn("canary4111", text)

    def test_replayed_answers_are_told_apart(self):
        replayed = {"idempotent_replayed": "true"}
        self.assertIs(type(self.error(402, **replayed)), ReplayedRefusalError)
        self.assertIs(type(self.error(500, **replayed)), ReplayedFailureError)

    def test_bodies_that_are_no_errors_do_no_harm(self):
        for body in (b"", b"<html>", b"[]", b'{"error": "no"}', b'{"error": {"code": 7}}', b"\xff"):
            self.assertIs(type(self.error(400, body)), RejectedError)
