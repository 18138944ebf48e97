import re
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..canonical import Money
from ..providers import MalformedPayloadError, RawRequest, strict_json
from ..providers.json_node import JsonNode
from ..providers.reading import understood


class Named(JsonNode):
    """A vendor whose ids begin with its name."""

    identifiers = re.compile(r"acme-(\d+)")


@tagged("post_install", "-at_install")
class TestJsonNode(BaseCase):
    """Reading field by field."""

    def test_ids_look_as_the_vendor_writes_them_in_all_its_objects(self):
        node = Named({"id": "acme-7", "part": {"id": "acme-8"}, "parts": [{"id": "acme-9"}]})
        found = [node, node.child("part"), *node.children("parts")]
        self.assertEqual([one.identifier() for one in found], ["7", "8", "9"])
        self.assertIsInstance(found[2], Named)
        with self.assertRaises(MalformedPayloadError):
            JsonNode({"id": "acme-7"}).identifier()

    def test_errors_name_the_whole_path_and_no_value(self):
        node = JsonNode({"lines": [{"price": "canary"}]})
        with self.assertRaises(MalformedPayloadError) as caught:
            next(iter(node.children("lines"))).decimal("price")
        self.assertIn("lines[0].price", str(caught.exception))
        self.assertNotIn("canary", str(caught.exception))

    def test_numbers_are_exact_and_bounded(self):
        node = JsonNode({"a": "0.10", "b": Decimal("1e300"), "c": "9" * 30, "d": True})
        self.assertEqual(node.decimal("a"), Decimal("0.10"))
        for key in "bcd":
            with self.subTest(key=key), self.assertRaises(MalformedPayloadError):
                node.decimal(key)


@tagged("post_install", "-at_install")
class TestReading(BaseCase):
    """Whatever goes wrong is one error."""

    def test_what_does_not_fit_is_malformed_and_shows_no_value(self):
        for read in (
            lambda: Money(amount="canary", currency="EUR"),
            lambda: int("canary"),
            lambda: Decimal(1) / 0,
        ):
            with self.assertRaises(MalformedPayloadError) as caught:
                understood(read)
            self.assertNotIn("canary", str(caught.exception))

    def test_sums_are_exact(self):
        wanted = Decimal("1e28") + 0
        self.assertEqual(understood(lambda: wanted + Decimal("0.0000000001") - wanted),
                         Decimal("0.0000000001"))  # fmt: skip

    def test_bugs_of_ours_are_not_the_senders(self):
        with self.assertRaises(KeyError):
            understood(lambda: {}["absent"])

    def test_the_same_content_has_the_same_bytes(self):
        one, other = {"a": Decimal("1.5"), "b": 1}, {"b": 1, "a": Decimal("1.50")}
        self.assertEqual(strict_json.dumps(one), strict_json.dumps(other))

    def test_headers_are_kept_printable_and_bounded(self):
        request = RawRequest(b"", {"a": "x\x00\udcffy", "b": "z" * 5_000, "c": ""}, None)
        kept = request.kept(["a", "b", "c", "d"])
        self.assertEqual(kept["a"], "xy")
        self.assertLess(len(kept["b"]), 100)
        self.assertEqual(set(kept), {"a", "b"})
