import json
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import AuthenticationError, RawRequest

from ..providers.square.signature import HEADER, OLD_HEADER, sign
from .square_common import NOW, SECRET, URL, event, payment, provider, read, received, signed

BODY = json.dumps(event("order.updated", "order_updated", {"order_id": "O1"})).encode()


@tagged("post_install", "-at_install")
class TestSquareSignature(BaseCase):
    """Square signs its own address of us, and the body."""

    def test_the_address_is_signed(self):
        self.assertTrue(provider().verify(signed(BODY)).messages)
        elsewhere = RawRequest(BODY, signed(BODY).headers, NOW, URL + "/")
        with self.assertRaises(AuthenticationError):
            provider().verify(elsewhere)

    def test_the_configured_address_counts_and_not_ours(self):
        """Behind a proxy Odoo may see another address than Square was given."""
        public = "https://shop.example/hooks"
        request = RawRequest(BODY, {HEADER: sign(SECRET, public, BODY)}, NOW, "http://10.0.0.1/x")
        self.assertTrue(provider(notification_url=public).verify(request).messages)
        with self.assertRaises(AuthenticationError):
            provider().verify(request)

    def test_the_old_header_is_not_enough(self):
        request = RawRequest(BODY, {OLD_HEADER: "x" * 28}, NOW, URL)
        with self.assertRaisesRegex(AuthenticationError, "SHA-1"):
            provider().verify(request)

    def test_the_old_header_beside_the_new_one_changes_nothing(self):
        self.assertTrue(provider().verify(signed(BODY, **{OLD_HEADER: "whatever"})).messages)


@tagged("post_install", "-at_install")
class TestSquareWebhook(BaseCase):
    """One event may be several messages, each in the queue of what it is about."""

    def test_an_order_that_changed_is_asked_for(self):
        shown = {"order_id": "O1", "state": "OPEN", "version": 2, "location_id": "L1",
                 "updated_at": "2026-04-02T15:00:00Z"}  # fmt: skip
        (notice,) = read(event("order.updated", "order_updated", shown))
        self.assertEqual((notice.kind, notice.entity_key), ("notice", "pos_ticket:O1"))
        self.assertEqual(notice.updated_at.isoformat(), "2026-04-02T15:00:00+00:00")
        self.assertFalse(notice.is_partial)

    def test_a_payment_is_one_and_makes_its_order_worth_asking_for(self):
        paid, notice = read(event("payment.updated", "payment", payment("P1", 500, order_id="O1")))
        self.assertEqual((paid.kind, paid.external_id), ("payment", "P1"))
        self.assertEqual(notice.entity_key, "pos_ticket:O1")

    def test_cash_is_no_payment_of_the_gateway(self):
        shown = payment("P1", 500, source_type="CASH", order_id="O1")
        (notice,) = read(event("payment.created", "payment", shown))
        self.assertEqual(notice.kind, "notice")

    def test_cash_without_an_order_is_kept_and_tells_nothing(self):
        shown = event("payment.created", "payment", payment("P1", 500, source_type="CASH"))
        (message,) = received(provider(), shown)
        self.assertIsNone(message.kind)

    def test_messages_of_one_event_have_identities_of_their_own(self):
        shown = event("payment.updated", "payment", payment("P1", 500, order_id="O1"))
        first, second = received(provider(), shown)
        self.assertEqual((first.event_id, second.event_id), ("ev-1", "ev-1#1"))
        self.assertEqual(received(provider(), shown), (first, second))

    def test_each_count_is_a_message_and_only_what_can_be_sold(self):
        counts = [
            {"catalog_object_id": item, "location_id": "L1", "state": state, "quantity": "7",
             "calculated_at": "2026-04-02T15:00:00.10296Z"}
            for item, state in (("V1", "IN_STOCK"), ("V2", "WASTE"), ("V3", "IN_STOCK"))
        ]  # fmt: skip
        levels = read(event("inventory.count.updated", "inventory_counts", counts))
        self.assertEqual([level.external_id for level in levels], ["V1:L1", "V3:L1"])
        self.assertEqual({level.available for level in levels}, {7})

    def test_counts_of_nothing_that_can_be_sold_are_kept(self):
        counts = [{"catalog_object_id": "V1", "location_id": "L1", "state": "SOLD"}]
        shown = event("inventory.count.updated", "inventory_counts", counts)
        (message,) = received(provider(), shown)
        self.assertIsNone(message.kind)

    def test_a_payout_is_told_and_its_entries_are_asked_for(self):
        shown = {"id": "po_1", "location_id": "L1", "status": "PAID", "type": "BATCH",
                 "amount_money": {"amount": 457, "currency_code": "EUR"}}  # fmt: skip
        payout, notice = read(event("payout.paid", "payout", shown))
        self.assertFalse(payout.transactions_complete)
        self.assertTrue(notice.is_partial)
        self.assertEqual(notice.entity_key, payout.entity_key)

    def test_a_changed_catalogue_is_read_as_a_whole(self):
        (notice,) = read(event("catalog.version.updated", "catalog_version", {}))
        self.assertTrue(notice.whole_list)
        self.assertEqual(notice.entity_kind, "product")

    def test_an_event_that_is_broken_is_shown_as_what_it_should_be(self):
        for kind, name, shown in (
            ("payment.created", "payment", {"id": "P1", "total_money": {"amount": "5"}}),
            ("payout.sent", "payout", {"id": "po_1"}),
            ("order.created", "order_created", None),
        ):
            with self.subTest(kind=kind):
                content = event(kind, name, shown)
                content["data"].pop("id")
                (message,) = received(provider(), content)
                self.assertIsNotNone(message.kind)

    def test_a_forged_event_never_reaches_the_reader(self):
        path = "odoo.addons.retail_connector_pos.providers.square.provider.to_messages"
        with patch(path) as reader, self.assertRaises(AuthenticationError):
            provider().verify(signed(BODY, "another key"))
        reader.assert_not_called()

    def test_an_unknown_type_is_kept(self):
        (message,) = received(provider(), event("loyalty.account.created", "loyalty_account", {}))
        self.assertEqual((message.kind, message.topic), (None, "loyalty.account.created"))
