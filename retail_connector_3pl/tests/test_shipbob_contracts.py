"""What ShipBob published: every sample is read, every example of an answer is read or refused."""

import unittest

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import ReceiptState
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    StoredMessage,
    strict_json,
)

from ..providers.shipbob.messages import of_shipment, polled
from ..providers.shipbob.parse import parse
from ..providers.shipbob.topics import POLLED
from ..providers.shipbob.vocabulary import RECEIPTS, TRACKINGS
from .shipbob_common import NOW, contracts_root, sample, shipment, specification

# What reads the answer of an operation: under which topic, and which part of the answer.
READ = {
    "/order": ("poll/order", lambda rows: rows),
    "/order/{orderId}": ("poll/order", lambda row: [row]),
    "/return": ("poll/return", lambda page: page["items"]),
    "/return/{id}": ("poll/return", lambda row: [row]),
    "/receiving": ("poll/receipt", lambda rows: rows),
    "/receiving/{id}": ("poll/receipt", lambda row: [row]),
    "/product": ("poll/product", lambda page: page["items"]),
    "/product/{productId}": ("poll/product", lambda row: [row]),
    "/shipments-tracking": ("poll/tracking", lambda rows: rows),
    "/invoices": ("poll/invoice", lambda page: [{**row, "currency_code": "USD"}
                                                for row in page["items"]]),
}  # fmt: skip


def examples(version):
    """Yield the published examples of what we read: topic and content."""
    for path, (topic, rows_of) in READ.items():
        operation = specification(version)["paths"].get(f"/{version}{path}", {}).get("get")
        content = (operation or {}).get("responses", {}).get("200", {}).get("content", {})
        for shown in content.values():
            if "example" in shown:
                for row in rows_of(shown["example"]):
                    yield topic, row


@tagged("post_install", "-at_install")
@unittest.skipIf(contracts_root() is None, "The contracts are not here.")
class TestShipBobContracts(BaseCase):
    def test_every_example_of_the_specifications_is_read(self):
        for version in ("2025-07", "2026-01"):
            found = list(examples(version))
            self.assertGreater(len(found), 5)
            for topic, row in found:
                with self.subTest(version=version, topic=topic):
                    message = polled(topic, row, NOW)
                    self.assertEqual(message.kind, POLLED[topic].kind)

    def test_shipments_of_the_examples_are_read(self):
        for version in ("2025-07", "2026-01"):
            for topic, row in examples(version):
                for one in row.get("shipments") or () if topic == "poll/order" else ():
                    left = {**row, "shipments": [{**one, "status": "Completed"}]}
                    message = polled("poll/shipment", of_shipment(left, one["id"]), NOW)
                    self.assertEqual(message.kind, "shipment")

    def test_sample_of_a_receiving_order(self):
        shown = sample("wro_1")
        found = parse(StoredMessage("poll/receipt", None, strict_json.dumps(shown), {}))
        self.assertEqual(found.state, ReceiptState.COMPLETED)
        self.assertEqual([line.quantity for line in found.lines], [100, 100, 100])
        self.assertEqual({line.sku for line in found.lines}, {"100", "101", "102"})
        self.assertEqual(found.announcement_reference, "POTEST1")

    def test_samples_of_products(self):
        for shown in sample("products_2_0"):
            found = parse(StoredMessage("poll/product", None, strict_json.dumps(shown), {}))
            (variant,) = found.variants
            self.assertEqual((variant.sku, variant.external_id), ("100", "8598495"))

    def test_every_published_word_has_a_meaning(self):
        for version in ("2025-07", "2026-01"):
            schemas = specification(version)["components"]["schemas"]
            words = {name.rpartition(".")[2]: set(one["enum"]) for name, one in schemas.items()
                     if one.get("enum")}  # fmt: skip
            self.assertLessEqual(words["ReceivingStatus"], set(RECEIPTS))
        tracking = next(one for name, one in schemas.items()
                        if name.endswith("ShipmentTrackingResponse"))  # fmt: skip
        self.assertLessEqual(set(tracking["properties"]["status"]["enum"]), set(TRACKINGS))


# What replaces each field in turn.
HOSTILE = (
    None, True, -1, 1.5, "", "\u202e", "x" * 400, "9" * 5000, [], {}, [None], [[]], {"id": "x"},
    "2026-13-45T99:99:99Z", 10**30,
)  # fmt: skip


def changed(content):
    """Yield a content with each of its fields replaced, and left out."""
    for key, value in content.items():
        yield {name: one for name, one in content.items() if name != key}
        for hostile in HOSTILE:
            yield {**content, key: hostile}
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, dict):
            for part in changed(inner):
                yield {**content, key: [part] if isinstance(value, list) else part}


@tagged("post_install", "-at_install")
class TestShipBobHostile(BaseCase):
    def check(self, topic, content):
        try:
            body = strict_json.dumps(content)
            found = parse(StoredMessage(topic, None, body, {}))
        except MalformedPayloadError as error:
            self.assertNotIn("x" * 40, str(error))
            return
        again = type(found).model_validate_json(found.model_dump_json())
        self.assertEqual(again, found)

    def test_no_field_of_a_shipment_breaks_more_than_its_message(self):
        whole = {"order": {"id": 5, "reference_id": "R", "status": "Processing", "shipments": []}}
        for shown in changed(shipment(7)):
            order = {**whole["order"], "shipments": [shown]}
            self.check("poll/shipment", {"order": order, "shipment_id": 7})
            self.check("poll/order", order)
            self.check("order.shipment.delivered", shown)

    @unittest.skipIf(contracts_root() is None, "The contracts are not here.")
    def test_no_field_of_any_example_breaks_more_than_its_message(self):
        for topic, row in examples("2026-01"):
            for shown in changed(row):
                self.check(topic, shown)

    def test_no_field_of_a_count_breaks_more_than_its_message(self):
        level = {"location_id": 10, "on_hand_quantity": 1, "fulfillable_quantity": 1}
        items = [{"inventory_id": 81, "sku": "MUG", "locations": [level]}]
        for shown in changed({"location_id": "10", "taken_at": "2026-04-02T12:00:00Z", "part": 1,
                              "parts": 1, "items": items}):  # fmt: skip
            self.check("poll/stock", shown)
