import json
import unittest
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import DisputeState, PaymentKind, PayoutState
from odoo.addons.retail_connector_base.providers import StoredMessage

from ..providers.stripe.topics import TOPICS
from .stripe_common import FakeHttp, contract, contracts_root, listed, provider, read, signed
from .test_stripe_payout import fetched

RESOURCES = "openapi/fixtures3"


def of_event(name):
    """Return what a published event is read as."""
    adapter = provider()
    (message,) = adapter.verify(signed(json.dumps(contract(f"events/{name}")).encode())).messages
    return adapter.parse(StoredMessage(message.topic, message.kind, message.body, message.headers))


@tagged("post_install", "-at_install")
@unittest.skipUnless(contracts_root(), "the published contracts are not beside this checkout")
class TestStripeContracts(BaseCase):
    """What the published samples are read as, derived by hand from the payloads."""

    def test_charges(self):
        found = of_event("charge.succeeded")
        self.assertEqual((found.payment_kind, found.amount.amount), (PaymentKind.SALE, 20))
        self.assertEqual(found.processed_at.isoformat(), "2022-03-26T18:40:32+00:00")
        self.assertTrue(found.test)
        self.assertEqual(of_event("charge.captured").payment_kind, PaymentKind.CAPTURE)
        failed = of_event("charge.failed")
        self.assertEqual(failed.failure, "card_declined: Your card was declined.")
        # Of 2013, before a charge had a status.
        self.assertEqual(of_event("charge.updated").state, "success")

    def test_a_failed_intent_and_its_charge_are_one_payment(self):
        of_intent, of_charge = of_event("payment_intent.payment_failed"), of_event("charge.failed")
        self.assertEqual(of_intent.entity_key, of_charge.entity_key)
        self.assertEqual(of_intent.failure, of_charge.failure)

    def test_refunds(self):
        found = of_event("charge.refunded")
        self.assertEqual((found.payment_kind, found.amount.amount), (PaymentKind.REFUND, 1))
        self.assertEqual(found.parent_external_id, "ch_000000000000000000000000")

    def test_disputes(self):
        found = of_event("charge.dispute.created")
        self.assertIs(found.state, DisputeState.INQUIRY)
        self.assertEqual(found.respond_until.isoformat(), "2022-04-04T23:59:59+00:00")

    def test_payouts(self):
        found = of_event("payout.paid")
        self.assertEqual((found.state, found.amount.amount), (PayoutState.PAID, 11))
        self.assertEqual(str(found.arrival_date), "2022-03-28")
        self.assertFalse(found.automatic)

    def test_all_events_are_kept_and_those_of_ours_read(self):
        adapter = provider()
        for path in sorted((contracts_root() / "events").glob("*.json")):
            body = path.read_bytes()
            (message,) = adapter.verify(signed(body)).messages
            with self.subTest(event=path.stem):
                self.assertEqual(message.topic, json.loads(body)["type"])
                voids_nothing = message.topic == "payment_intent.canceled"
                known = message.topic in TOPICS and not voids_nothing
                self.assertEqual(message.kind is not None, known)

    def test_another_projects_sample(self):
        shown = contract("pay/charge.succeeded")["object"]
        found = read("charge.succeeded", shown)
        self.assertEqual((found.external_id, found.amount.amount), ("ch_chargeid", 5))

    def test_objects_of_the_newest_version(self):
        resources = contract(RESOURCES)["resources"]
        payment = read("charge.succeeded", resources["charge"])
        self.assertIs(payment.payment_kind, PaymentKind.AUTHORIZATION)
        self.assertEqual(read("refund.created", resources["refund"]).amount.amount, 1)
        dispute = read("charge.dispute.created", resources["dispute"])
        self.assertIs(dispute.state, DisputeState.INQUIRY)
        payout = fetched(resources["payout"], resources["balance_transaction"])
        self.assertEqual((payout.amount.amount, len(payout.transactions)), (11, 1))
        self.assertEqual(payout.transactions[0].net, 1)
        self.assertTrue(payout.transactions_complete)

    def test_a_balance_transaction_with_its_fee(self):
        row = contract("objects/balance_transaction_txn_fake_ch_fakefakefakefakefake0001")
        (found,) = fetched(contract(RESOURCES)["resources"]["payout"], row).transactions
        self.assertEqual((found.gross.amount, found.fee, found.net),
                         (20, Decimal("0.88"), Decimal("19.12")))  # fmt: skip
        self.assertEqual(found.payment_external_id, "ch_fakefakefakefakefake0001")

    def test_endpoints_of_others_are_left_alone(self):
        """The published endpoint leads elsewhere: ours is made beside it."""
        other = contract("objects/webhook_endpoint_fake0001")
        http = FakeHttp(lambda method, path, fields: listed(other) if method == "GET" else {})
        report = provider(http).sync_subscriptions("https://odoo.example/retail/v1/hooks/key")
        self.assertTrue(report.created)
        self.assertEqual([method for method, _path, _fields in http.calls], ["GET", "POST"])
