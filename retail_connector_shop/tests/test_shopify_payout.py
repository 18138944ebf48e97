"""Payouts of Shopify Payments: figures, types, and how they are put together from two lists."""

import gzip
import json
import unittest
from datetime import datetime, timezone
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import BalanceCategory, PayoutState
from odoo.addons.retail_connector_base.providers import (
    Balance,
    MalformedPayloadError,
    StoredMessage,
    TransientError,
)

from ..providers.shopify.balance_types import ADJUSTMENTS, CATEGORIES, categorise
from ..providers.shopify.parse import parse
from ..providers.shopify.payout import STATES
from .contract_orders import contracts_root
from .shopify_common import NOW, FakeHttp, provider, read

ROOT = contracts_root()
PAYOUT = "gid://shopify/ShopifyPaymentsPayout/77"
SINCE = datetime(2026, 4, 1, tzinfo=timezone.utc)


def line(number, kind="CHARGE", amount="10.0", fee="0.5", net="9.5", **values):
    """Return a balance transaction as it is kept."""
    entry = {"id": f"gid://shopify/ShopifyPaymentsBalanceTransaction/{number}", "type": kind}
    return entry | {"amount": amount, "fee": fee, "net": net, "currency": "EUR"} | values


def kept(*lines, net="9.5", **values):
    """Return the payload of a payout."""
    payout = {
        "id": PAYOUT,
        "status": "PAID",
        "issuedAt": "2026-04-02T06:00:00Z",
        "transactionType": "DEPOSIT",
        "net": {"amount": net, "currencyCode": "EUR"},
    }
    return {"payout": payout | values, "transactions": list(lines)}


def node(number, payout=PAYOUT, **values):
    """Return a balance transaction as the API answers it."""
    money = {"amount": "10.0", "currencyCode": "EUR"}
    entry = {
        "id": f"gid://shopify/ShopifyPaymentsBalanceTransaction/{number}",
        "type": "CHARGE",
        "sourceType": "CHARGE",
        "sourceId": "5",
        "sourceOrderTransactionId": "5",
        "transactionDate": "2026-04-01T10:00:00Z",
        "adjustmentReason": None,
        "test": False,
        "amount": money,
        "fee": {"amount": "0.5"},
        "net": {"amount": "9.5"},
        "associatedOrder": {"id": "gid://shopify/Order/3"},
        "associatedPayout": {"id": payout},
    }
    return entry | values


def connection(nodes, end=None):
    return {"nodes": nodes, "pageInfo": {"hasNextPage": bool(end), "endCursor": end}}


def published_values(name):
    """Return the values of an enum of the published schema, in lower case."""
    file = ROOT / "graphql/admin_2026-04.introspection.json.gz"
    content = json.loads(gzip.decompress(file.read_bytes()))
    types = content.get("data", content)["__schema"]["types"]
    (found,) = [one for one in types if one["name"] == name]
    return {value["name"].lower() for value in found["enumValues"]}


@tagged("post_install", "-at_install")
@unittest.skipUnless(ROOT, "the folder of contracts is absent")
class TestShopifyPayoutWords(BaseCase):
    def test_every_published_type_is_in_the_table_and_no_other(self):
        self.assertEqual(set(CATEGORIES), published_values("ShopifyPaymentsTransactionType"))

    def test_every_published_source_is_in_the_table_and_no_other(self):
        self.assertEqual(set(ADJUSTMENTS), published_values("ShopifyPaymentsSourceType"))

    def test_every_published_state_is_in_the_table_and_no_other(self):
        self.assertEqual(set(STATES), published_values("ShopifyPaymentsPayoutStatus"))


@tagged("post_install", "-at_install")
class TestShopifyPayout(BaseCase):
    def paid(self, *lines, **values):
        return read(kept(*lines, **values), "poll/payouts")

    def test_the_figures_of_the_samples_tie(self):
        """44.52 - 1.32 + 2.13 - 0.12 - 3.54 + 0.23 = 41.90 (``rest_fixtures/payouts.json``)."""
        payout = self.paid(
            line(1, "CHARGE", "44.52", "1.32", "43.20"),
            line(2, "ADJUSTMENT", "2.13", "0.12", "2.01"),
            line(3, "REFUND", "-3.54", "-0.23", "-3.31"),
            line(4, "TRANSFER", "-41.90", "0.0", "-41.90"),
            net="41.9",
        )
        self.assertEqual(payout.amount.amount, sum(one.net for one in payout.transactions))
        self.assertEqual(
            [one.fee for one in payout.transactions],
            [Decimal("1.32"), Decimal("0.12"), Decimal("-0.23")],
        )
        self.assertEqual([one.external_id for one in payout.transactions], ["1", "2", "3"])
        for one in payout.transactions:
            self.assertEqual(one.net, one.gross.amount - one.fee)

    def test_only_its_own_transaction_is_left_out(self):
        """The transfer of another payout, or of a failed one, is a part of this one."""
        payout = self.paid(
            line(1),
            line(2, "TRANSFER_FAILURE", "20.0", "0.0", "20.0"),
            line(3, "TRANSFER", "-4.0", "0.0", "-4.0"),
            line(4, "TRANSFER", "-25.5", "0.0", "-25.5"),
            net="25.5",
        )
        self.assertEqual(
            [one.category for one in payout.transactions],
            [BalanceCategory.CHARGE, BalanceCategory.PAYOUT_FAILURE, BalanceCategory.PAYOUT],
        )

    def test_a_fee_told_with_the_other_sign_is_the_same_fee(self):
        (one,) = self.paid(line(1, "REFUND", "-10.0", "0.5", "-9.5")).transactions
        self.assertEqual((one.gross.amount, one.fee, one.net), (-10, Decimal("-0.5"), -9.5))

    def test_amounts_that_contradict_each_other_are_not_read(self):
        for wrong in (line(1, fee="0.4"), line(1, net=None), line(1, amount=None)):
            with self.assertRaises(MalformedPayloadError):
                self.paid(wrong)

    def test_a_withdrawal_is_negative_however_it_is_told(self):
        for net in ("12.5", "-12.5"):
            payout = self.paid(net=net, transactionType="WITHDRAWAL")
            self.assertEqual(payout.amount.amount, Decimal("-12.5"))

    def test_what_a_transaction_came_from_is_kept(self):
        payout = self.paid(
            line(1, payment="5", order="gid://shopify/Order/3", source="CHARGE", source_id="5"),
            line(2, "DISPUTE_WITHDRAWAL", "-10.0", "0.0", "-10.0", source="DISPUTE", source_id="9"),
            line(
                3, "ADJUSTMENT", "1.0", "0.0", "1.0", reason="Goodwill", at="2026-04-01T10:00:00Z"
            ),
        )
        charge, dispute, adjustment = payout.transactions
        self.assertEqual((charge.payment_external_id, charge.order_external_id), ("5", "3"))
        self.assertEqual((charge.dispute_external_id, charge.vendor_type), (None, "charge"))
        self.assertEqual(dispute.dispute_external_id, "9")
        self.assertEqual((adjustment.description, adjustment.occurred_at.hour), ("Goodwill", 10))

    def test_states_are_told(self):
        words = ("SCHEDULED", "IN_TRANSIT", "PAID", "FAILED", "CANCELED", "NEW")
        self.assertEqual(
            [self.paid(status=word).state for word in words],
            [
                PayoutState.PENDING,
                PayoutState.IN_TRANSIT,
                PayoutState.PAID,
                PayoutState.FAILED,
                PayoutState.CANCELLED,
                PayoutState.UNKNOWN,
            ],
        )

    def test_an_unknown_type_is_no_guess(self):
        self.assertIs(categorise("NEW_TYPE", None, Decimal(1)), BalanceCategory.UNKNOWN)
        self.assertIs(categorise("LENDING_DEBIT", None, Decimal(-1)), BalanceCategory.UNKNOWN)
        self.assertIs(categorise(None, None, Decimal(1)), BalanceCategory.UNKNOWN)

    def test_an_adjustment_for_a_dispute_is_a_dispute(self):
        for amount, category in ((-1, "dispute"), (1, "dispute_reversal")):
            found = categorise("ADJUSTMENT", "DISPUTE", Decimal(amount))
            self.assertEqual(found.value, category)
        self.assertEqual(categorise("ADJUSTMENT", "CHARGE", Decimal(1)).value, "adjustment")
        self.assertEqual(categorise("CHARGEBACK_FEE", "DISPUTE", Decimal(-1)).value, "dispute_fee")


@tagged("post_install", "-at_install")
class TestShopifyPayoutPoll(BaseCase):
    def setUp(self):
        super().setUp()
        self.account = {"id": "x", "balance": [{"amount": "12.34", "currencyCode": "EUR"}]}
        self.currencies = ["EUR"]
        self.pages = [[node(1), node(2)], [node(3), node(4, payout=None)]]
        self.http = FakeHttp(self.answer)

    def answer(self, name, variables):
        payout = kept()["payout"]
        if name == "Payouts":
            return self.of_account(payouts=connection([payout]))
        if name == "PayoutTransactions":
            index = int(variables["after"] or 0)
            more = str(index + 1) if index + 1 < len(self.pages) else None
            return self.of_account(balanceTransactions=connection(self.pages[index], more))
        if name == "OnePayout":
            return {"data": {"node": payout if variables["id"] == PAYOUT else None}}
        if name == "PaidAmounts":
            money = {"amount": "12.0", "currencyCode": "USD"}
            known = [one for one in variables["ids"] if not one.endswith("/6")]
            return {
                "data": {
                    "nodes": [None]
                    + [{"id": one, "amountSet": {"presentmentMoney": money}} for one in known]
                }
            }
        shop = {"currencyCode": "EUR", "enabledPresentmentCurrencies": self.currencies}
        return {"data": {"shop": shop, "shopifyPaymentsAccount": self.account}}

    def of_account(self, **values):
        return {"data": {"shopifyPaymentsAccount": values}}

    def fetch(self, since=None):
        pages = list(provider(self.http).fetch("payout", "", since))
        return [message for page in pages for message in page.messages]

    def parse(self, message):
        return parse(StoredMessage(message.topic, message.kind, message.body, message.headers))

    def test_all_pages_of_transactions_are_in_one_message(self):
        (message,) = self.fetch()
        payout = self.parse(message)
        self.assertEqual(message.entity_key, payout.entity_key)
        self.assertEqual(message.entity_key, "payout:77")
        self.assertEqual([one.external_id for one in payout.transactions], ["1", "2", "3"])
        self.assertTrue(payout.transactions_complete)
        asked = [sent for name, sent in self.http.calls if name == "PayoutTransactions"]
        self.assertEqual({one["query"] for one in asked}, {"payments_transfer_id:77"})

    def test_one_state_is_one_message(self):
        first, again = self.fetch()[0], self.fetch()[0]
        self.assertEqual(first.event_id, again.event_id)
        self.pages = [[node(1)]]
        self.assertNotEqual(self.fetch()[0].event_id, first.event_id)

    def test_states_that_changed_after_the_issue_are_found(self):
        self.fetch(SINCE)
        (asked,) = [sent["query"] for name, sent in self.http.calls if name == "Payouts"]
        self.assertEqual(asked, "issued_at:>='2026-03-17T23:58:00Z'")

    def test_a_shop_without_the_gateway_has_no_payouts_and_no_balance(self):
        self.account = None
        self.assertEqual(self.fetch(), [])
        self.assertEqual(provider(self.http).read_balance(), ())

    def test_one_payout_is_read_by_its_number(self):
        shop = provider(self.http)
        message = shop.fetch_one("payout", "77")
        self.assertTrue(message.authoritative)
        self.assertEqual(len(self.parse(message).transactions), 3)
        self.assertIsNone(shop.fetch_one("payout", "78"))

    def test_the_balance_is_one_figure_a_currency(self):
        found = provider(self.http).read_balance()
        self.assertEqual(found, (Balance("EUR", Decimal("12.34"), Decimal(0)),))

    def test_what_was_paid_in_another_currency_is_told_with_the_sign_of_the_movement(self):
        self.currencies.append("USD")
        negative = {"amount": "-10.0", "currencyCode": "EUR"}
        self.pages = [
            [
                node(1),
                node(2, type="REFUND", amount=negative, fee={"amount": "0"}, net=negative),
                node(3, type="DISPUTE_WITHDRAWAL", sourceType="DISPUTE"),
                node(4, sourceOrderTransactionId="6"),
                node(5, sourceOrderTransactionId=None),
            ]
        ]
        found = self.parse(self.fetch()[0]).transactions
        self.assertEqual(
            [one.original and one.original.amount for one in found], [12, -12, None, None, None]
        )
        asked = [sent["ids"] for name, sent in self.http.calls if name == "PaidAmounts"]
        number = "gid://shopify/OrderTransaction/"
        self.assertEqual(asked, [[f"{number}5", f"{number}6"]])

    def test_a_shop_of_one_currency_is_not_asked_what_was_paid(self):
        self.assertIsNone(self.parse(self.fetch()[0]).transactions[0].original)
        self.assertNotIn("PaidAmounts", [name for name, _sent in self.http.calls])

    def test_a_balance_without_a_currency_is_no_balance(self):
        self.account = {"id": "x", "balance": [{"amount": "12.34"}]}
        with self.assertRaises(TransientError):
            provider(self.http).read_balance()

    def test_ten_thousand_transactions_are_read(self):
        self.pages = [[node(page * 250 + n) for n in range(250)] for page in range(40)]
        (message,) = self.fetch()
        self.assertLess(len(message.body), 10_000 * 400)
        payout = self.parse(message)
        self.assertEqual(len({one.external_id for one in payout.transactions}), 10_000)
        self.assertEqual(message.observed_at, message.version)
        self.assertEqual(payout.created_at.date(), NOW.date())
