import unittest

from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from ..decisions.secrets_box import SecretBox, box_of, last_four
from ..providers.errors import ConfigurationError

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


class TestSecretBox(unittest.TestCase):
    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_what_is_sealed_opens_and_does_not_show(self, secret):
        sealed = SecretBox([NEW]).seal(secret)
        self.assertEqual(SecretBox([NEW]).open(sealed), secret)
        if len(secret) > 4:
            self.assertNotIn(secret, sealed)

    def test_former_key_still_opens_and_new_one_seals(self):
        sealed = SecretBox([OLD]).seal("s")
        both = SecretBox([NEW, OLD])
        self.assertEqual(both.open(sealed), "s")
        self.assertEqual(SecretBox([NEW]).open(both.reseal(sealed)), "s")

    def test_lost_key_says_what_to_do(self):
        with self.assertRaisesRegex(ConfigurationError, "former key"):
            SecretBox([NEW]).open(SecretBox([OLD]).seal("s"))

    def test_missing_or_bad_key_says_what_to_do(self):
        for keys in ("", " , ", "short"):
            with self.assertRaisesRegex(ConfigurationError, "RETAIL_CONNECTOR_KEY"):
                box_of(keys)

    def test_short_secret_shows_nothing(self):
        self.assertEqual(last_four("12345678901"), "")
        self.assertEqual(last_four("123456789012"), "9012")
