import json
from contextlib import suppress
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..providers import MalformedPayloadError, strict_json
from .conformance import HOSTILE

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_characters="\x00")),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abc"), inner),
)


@tagged("post_install", "-at_install")
class TestStrictJson(BaseCase):
    @given(values)
    def test_reads_what_json_writes(self, value):
        self.assertEqual(strict_json.loads(json.dumps(value).encode()), value)

    @given(st.binary())
    def test_raises_one_error_for_any_bytes(self, body):
        with suppress(MalformedPayloadError):
            strict_json.loads(body)

    def test_fractions_are_exact(self):
        self.assertEqual(strict_json.loads(b'{"a": 0.1}'), {"a": Decimal("0.1")})

    def test_byte_order_mark_is_skipped(self):
        self.assertEqual(strict_json.loads(b"\xef\xbb\xbf[1]"), [1])

    def test_hostile_content_raises_or_is_harmless(self):
        harmless = 0
        for body in HOSTILE:
            try:
                strict_json.loads(body)
                harmless += 1
            except MalformedPayloadError as error:
                self.assertLess(len(str(error)), 200)
        self.assertLess(harmless, len(HOSTILE))
