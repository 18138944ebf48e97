"""The samples of ``contracts`` and the published schemas. Skipped where the folder is absent."""

import gzip
import json
import unittest
from decimal import Decimal

from graphql import build_client_schema, parse
from graphql.execution.values import get_variable_values
from jsonschema import Draft202012Validator

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import MalformedPayloadError

from ..providers.shopify import documents
from ..providers.shopify.client import Operation
from ..providers.shopify.topics import TOPICS
from .contract_orders import CONTRACT_ORDERS, CONTRACT_OTHERS, contracts_root
from .shopify_cases import CASES
from .shopify_common import FakeHttp, provider, read
from .shopify_graphql import order_node
from .shopify_orders import OrderBuilder
from .test_shopify_order import added_up

ROOT = contracts_root()


def payload(row):
    """Return a sample's payload, without what its source wrapped around it."""
    content = json.loads((ROOT / row.path).read_text("utf-8-sig"))
    return content[row.wrapper] if row.wrapper else content


@tagged("post_install", "-at_install")
@unittest.skipUnless(ROOT, "the folder of contracts is absent")
class TestShopifySamples(BaseCase):
    def test_orders_come_out_as_derived_by_hand(self):
        for row in CONTRACT_ORDERS:
            with self.subTest(row.path):
                if row.error:
                    with self.assertRaises(MalformedPayloadError) as caught:
                        read(payload(row), row.topic)
                    self.assertIn(row.error, str(caught.exception))
                    continue
                order = read(payload(row), row.topic)
                self.assertEqual(order.external_id, row.external_id)
                self.assertEqual(order.currency, row.currency)
                self.assertEqual(order.total.shop.amount, Decimal(row.total))
                self.assertEqual(order.total_tax.shop.amount, Decimal(row.tax))
                untaxed = order.total.shop.amount - order.total_tax.shop.amount
                self.assertEqual(untaxed, Decimal(row.untaxed))
                self.assertEqual(added_up(order)[0], Decimal(row.lines))
                self.assertEqual(len(order.lines), row.line_count)
                self.assertEqual(order.payment_state.value, row.payment_state)
                self.assertEqual((order.test, bool(order.cancelled_at)), (row.test, row.cancelled))

    def test_other_kinds_are_read_or_refused(self):
        for row in CONTRACT_OTHERS:
            with self.subTest(row.path):
                if row.error:
                    with self.assertRaises(MalformedPayloadError) as caught:
                        read(payload(row), row.topic)
                    self.assertIn(row.error, str(caught.exception))
                    continue
                message = read(payload(row), row.topic)
                self.assertEqual((message.kind, message.entity_key), (row.kind, row.entity_key))

    def test_every_sample_is_in_the_tables(self):
        named = {row.path for row in (*CONTRACT_ORDERS, *CONTRACT_OTHERS)}
        patterns = (
            "webhook_samples/2026-04/orders.*.json",
            "orders/*_order.json",
            "rest_fixtures/order.json",
            "go_shopify/order.json",
            "webhook_shapes_anonymised/*.json",
        )
        found = {str(path.relative_to(ROOT)) for pattern in patterns for path in ROOT.glob(pattern)}
        self.assertLessEqual(found, named)
        self.assertTrue(all((ROOT / path).exists() for path in named))

    def test_every_sample_of_a_topic_we_read_is_in_the_tables(self):
        named = {row.path for row in (*CONTRACT_ORDERS, *CONTRACT_OTHERS)}
        for path in (ROOT / "webhook_samples/2026-04").glob("*.json"):
            topic = TOPICS.get(json.loads(path.read_text())["name"])
            if topic and topic.kind:
                self.assertIn(str(path.relative_to(ROOT)), named)

    def test_recorded_transactions_are_payments(self):
        path = ROOT / "orders/recorded_eur_taxincl_partial_fulfil_transactions.json"
        found = [
            read(item, "order_transactions/create")
            for item in json.loads(path.read_text())["transactions"]
        ]
        self.assertEqual(
            [(p.payment_kind.value, p.state.value, p.amount.amount) for p in found],
            [("authorization", "success", Decimal(470)), ("capture", "success", Decimal(470))],
        )
        self.assertEqual(found[1].parent_external_id, found[0].external_id)

    def test_sample_refund_has_five_lines_and_two_transactions(self):
        """89.99 + 19.99 + 24.99 + 159.99 + 119.99 = 414.95 refunded in lines; 85.00 in money."""
        refund = read(
            payload(next(r for r in CONTRACT_OTHERS if r.kind == "refund")), "refunds/create"
        )
        self.assertEqual(sum(x.subtotal.shop.amount for x in refund.lines), Decimal("414.95"))
        self.assertEqual(sum(x.amount.amount for x in refund.transactions), Decimal("85.00"))


@tagged("post_install", "-at_install")
@unittest.skipUnless(ROOT, "the folder of contracts is absent")
class TestShopifySchemas(BaseCase):
    def test_our_orders_are_of_the_published_schema(self):
        """The published schema was inferred from samples: it knows no refunds and no duties at all,
        numbers of units are integers. These are taken out before the comparison."""
        for topic in ("orders.create", "orders.updated", "orders.cancelled"):
            schema = json.loads((ROOT / f"webhook_jsonschema/2026-04/{topic}.json").read_text())
            validator = Draft202012Validator(schema)
            for case in CASES:
                with self.subTest(case.name, topic=topic):
                    order = self._comparable(case.payload(), schema)
                    errors = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(order)]
                    self.assertEqual(errors, [])

    @staticmethod
    def _comparable(order, schema):
        order = json.loads(json.dumps(order))
        order.update(refunds=[], fulfillments=[])
        for line in order["line_items"]:
            line["duties"] = []
            for key in ("quantity", "current_quantity", "fulfillable_quantity"):
                line[key] = int(line[key])
        for line in order["shipping_lines"]:
            line["discount_allocations"] = []
        # What the samples never had as null.
        for key in ("customer", "billing_address", "shipping_address", "email", "contact_email"):
            if order[key] is None:
                order[key] = OrderBuilder().line("1").build()[key]
        return order


@tagged("post_install", "-at_install")
@unittest.skipUnless(ROOT, "the folder of contracts is absent")
class TestShopifyOperations(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        file = ROOT / "graphql/admin_2026-04.introspection.json.gz"
        content = json.loads(gzip.decompress(file.read_bytes()))
        # Shopify deprecates fields that its interfaces do not: the schema itself does not validate.
        cls.schema = build_client_schema(content.get("data", content), assume_valid=True)

    def operations(self):
        return [value for value in vars(documents).values() if isinstance(value, Operation)]

    def test_variables_that_we_send_are_valid(self):
        """Everything is called once against a shop that has nothing or one of each."""
        sent = {}

        def answer(name, variables):
            sent.setdefault(name, []).append(variables)
            return _EMPTY_SHOP(name)

        shop = provider(FakeHttp(answer))
        for kind in ("order", "customer", "product"):
            list(shop.fetch(kind, "", shop.context.now()))
            shop.fetch_one(kind, "7")
        shop.test_connection()
        shop.sync_subscriptions("https://odoo.example/retail/v1/hooks/key")
        by_name = {operation.name: operation for operation in self.operations()}
        for name, calls in sent.items():
            definition = parse(by_name[name].document).definitions[0]
            for variables in calls:
                with self.subTest(name):
                    found = get_variable_values(
                        self.schema, definition.variable_definitions or (), variables
                    )
                    self.assertNotIsInstance(found, list, found)

    def test_our_polled_orders_have_the_fields_of_the_query(self):
        node = order_node(CASES[0].payload())
        asked = parse(documents.ORDER.document)
        whole = next(d for d in asked.definitions if d.name.value == "Whole")
        fields = {selection.name.value for selection in whole.selection_set.selections}
        self.assertEqual(set(node), fields)


def _EMPTY_SHOP(name):
    nothing = {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    wrong = {
        "id": "gid://shopify/WebhookSubscription/1",
        "topic": "ORDERS_CREATE",
        "uri": "https://old.example/retail/v1/hooks/key",
        "format": "JSON",
        "includeFields": [],
        "filter": None,
    }
    double = {**wrong, "id": "gid://shopify/WebhookSubscription/2"}
    done = {"webhookSubscription": {"id": wrong["id"]}, "userErrors": []}
    data = {
        "Orders": {"orders": nothing, "shop": {}},
        "OneOrder": {"order": None},
        "OrderCount": {"ordersCount": {"count": 0}},
        "Customers": {"customers": nothing},
        "OneCustomer": {"customer": None},
        "Products": {"products": nothing},
        "OneProduct": {"product": None},
        "Variants": {"productVariants": nothing},
        "Connection": {
            "shop": {"name": "S", "myshopifyDomain": "s.myshopify.com"},
            "currentAppInstallation": {"accessScopes": []},
        },
        "Subscriptions": {"webhookSubscriptions": {**nothing, "nodes": [wrong, double]}},
        "Subscribe": {"webhookSubscriptionCreate": done},
        "Resubscribe": {"webhookSubscriptionUpdate": done},
        "Unsubscribe": {"webhookSubscriptionDelete": {"userErrors": []}},
    }
    return {"data": data[name]}
