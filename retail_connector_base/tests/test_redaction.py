from odoo.tests import BaseCase, tagged

from ..providers.redaction import MASK, redact_headers, redact_text, redact_url


@tagged("post_install", "-at_install")
class TestRedaction(BaseCase):
    def test_secrets_cards_and_addresses_are_masked(self):
        for canary in (
            "shpat_0123456789abcdef",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "Bearer abc.def-123",
            "client_secret=hush-hush",
            '"access_token": "hush-hush"',
            "4111 1111 1111 1111",
            "4111111111111111",
            "ada@example.com",
        ):
            with self.subTest(canary=canary):
                text = redact_text(f"before {canary} after")
                self.assertNotIn(canary, text)
                self.assertIn(MASK, text)
                self.assertNotIn("hush-hush", text)

    def test_order_numbers_stay_readable(self):
        self.assertEqual(redact_text("order 820982911946154500"), "order 820982911946154500")

    def test_text_is_bounded(self):
        self.assertLessEqual(len(redact_text("x" * 100_000)), 500)

    def test_unknown_headers_are_masked(self):
        shown = redact_headers({"Content-Type": "a", "X-Shopify-Access-Token": "secret"})
        self.assertEqual(shown, {"Content-Type": "a", "X-Shopify-Access-Token": MASK})

    def test_address_loses_user_and_query(self):
        url = redact_url("https://user:pw@shop.example/a?token=secret#x")
        self.assertEqual(url, f"https://shop.example/a?{MASK}")
