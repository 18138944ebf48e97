import base64

from odoo.tests import BaseCase, tagged

from ..providers import AuthenticationError
from ..providers.signature import hmac_sha256_base64, require_hmac_sha256_base64


@tagged("post_install", "-at_install")
class TestSignature(BaseCase):
    def test_known_vector(self):
        """RFC 4231, test case 2, in base64."""
        digest = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        found = hmac_sha256_base64("Jefe", b"what do ya want for nothing?")
        self.assertEqual(base64.b64decode(found).hex(), digest)

    def test_every_valid_secret_is_tried(self):
        given = hmac_sha256_base64("new", b"body").decode()
        require_hmac_sha256_base64(given, ["old", "new"], b"body")

    def test_no_secret_means_refused(self):
        for secrets in ((), ("",)):
            with self.assertRaises(AuthenticationError):
                empty = hmac_sha256_base64("", b"body").decode()
                require_hmac_sha256_base64(empty, secrets, b"body")

    def test_any_text_can_be_compared(self):
        for given in ("", "ÄÖÜ", "\udcff", "x" * 100_000):
            with self.assertRaises(AuthenticationError):
                require_hmac_sha256_base64(given, ["secret"], b"body")
