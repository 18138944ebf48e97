from datetime import datetime, timezone
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from odoo.tests import BaseCase, tagged

from ..canonical import KINDS, Price
from ..canonical.event import EVENTS
from ..canonical.reading import read
from ..canonical.schemas import all_schemas
from ..canonical.versions import VERSIONS, resolve
from ..providers.strict_json import loads

SEEN = {"external_id": "p1", "sku": "A", "currency": "EUR"}


def price(**values):
    """Read a price as the API does."""
    return read(Price, {**SEEN, "amount": "1", **values})


@tagged("post_install", "-at_install")
class TestCanonicalReading(BaseCase):
    """What others write is read strictly."""

    @given(st.decimals(-(10**14), 10**14, places=6))
    def test_an_amount_stays_exact_as_text_and_as_number(self, amount):
        self.assertEqual(price(amount=format(amount, "f")).amount, amount)
        self.assertEqual(price(amount=loads(format(amount, "f").encode())).amount, amount)

    def test_what_only_looks_like_a_number_is_none(self):
        for text in ("1e5", " 1", "1_000", "+1", "NaN", "", "٣", "1.", "0x1", "9" * 16, True, []):
            with self.assertRaises(ValidationError, msg=repr(text)):
                price(amount=text)

    def test_a_hostile_number_is_refused_at_once(self):
        for body in (b"1e999999999", b"1e300", b"-1e16"):
            with self.assertRaises(ValidationError, msg=body):
                price(amount=loads(body))

    def test_texts_are_no_truth_values_and_numbers_no_moments(self):
        for values in ({"taxes_included": "yes"}, {"updated_at": 1}, {"valid_from": "2026-01-01"}):
            with self.assertRaises(ValidationError, msg=values):
                price(**values)

    def test_a_moment_needs_its_time_zone(self):
        with self.assertRaises(ValidationError):
            price(updated_at="2026-01-01T00:00:00")
        moment = price(updated_at="2026-01-01T02:00:00+02:00").updated_at
        self.assertEqual(moment, datetime(2026, 1, 1, tzinfo=timezone.utc))

    def test_what_was_read_is_read_again_from_what_is_stored(self):
        first = price(amount=Decimal("12.345"), valid_from="2026-01-01T00:00:00Z")
        self.assertEqual(read(Price, loads(first.model_dump_json().encode())), first)


@tagged("post_install", "-at_install")
class TestVersions(BaseCase):
    """The versions of schemas."""

    def test_every_kind_has_its_newest_version_first(self):
        for kind, model in KINDS.items():
            self.assertEqual(resolve(kind).version, model.schema_version)
            self.assertFalse(resolve(kind).deprecated_at)

    def test_an_unknown_version_is_none(self):
        with self.assertRaises(KeyError):
            resolve("order", "9.9")

    def test_an_older_version_does_not_know_later_fields(self):
        old = resolve("product", "1.0")
        data = {"title": "A", "images": [], "variants": [{"sku": "a"}, {"weight_grams": 1}]}
        self.assertEqual(old.check(data), ["/images", "/variants/1/weight_grams"])
        self.assertEqual(resolve("product").check(data), [])
        self.assertEqual(old.check([]), [])

    def test_an_older_version_ends_at_its_sunset(self):
        old = resolve("order", "1.0")
        self.assertFalse(old.is_over(old.deprecated_at))
        self.assertTrue(old.is_over(old.sunset_at))
        self.assertFalse(resolve("order").is_over(old.sunset_at))

    def test_the_schema_of_an_older_version_lacks_what_came_later(self):
        schemas = all_schemas()
        self.assertEqual(len(schemas), sum(map(len, VERSIONS.values())) + len(EVENTS))
        customer = "$defs", "Customer", "properties"
        for name, expected in (("order/1.0", False), ("order/1.1", True)):
            node = schemas[name]
            for key in customer:
                node = node[key]
            self.assertEqual("consents" in node, expected, name)
        self.assertTrue(schemas["order/1.0"]["deprecated"])
