import copy
import json

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConfigurationError,
    OpenGate,
    ProviderContext,
    RateLimitedError,
    RejectedError,
    StoredMessage,
    TransientError,
)

from ..providers.shopify import ShopifyProvider
from ..providers.shopify.throttle import UNKNOWN_COST, QueryCost, expected_cost, read_cost
from ..providers.shopify.tokens import forget_tokens
from .shopify_common import NOW, SETTINGS, FakeHttp, provider
from .shopify_graphql import order_node
from .shopify_orders import OrderBuilder

URL = "https://odoo.example/retail/v1/hooks/key"


def page(nodes, end=None):
    """Return a connection; with an end cursor more follows."""
    return {"nodes": nodes, "pageInfo": {"hasNextPage": bool(end), "endCursor": end}}


class RecordingGate(OpenGate):
    """Lets everything through, and remembers what it was told."""

    def __init__(self):
        self.learnt = []

    def learn(self, available, maximum, rate):
        self.learnt.append((available, maximum, rate))


@tagged("post_install", "-at_install")
class TestShopifyPoll(BaseCase):
    def setUp(self):
        super().setUp()
        builder = OrderBuilder()
        for number in range(7):
            builder.line(f"{number}.50", 2)
        builder.refund(1, 1, "0.50").refund(1, 1, "0.50")
        self.payload = builder.build(current="50", current_tax="0")
        self.node = order_node(self.payload)

    def shop(self, name, variables):
        """A shop whose pages hold two of everything."""
        node = copy.deepcopy(self.node)
        lines = node["lineItems"]["nodes"]
        node["lineItems"] = page(lines[:2], "line-2")
        if name == "OrderCount":
            return {"data": {"ordersCount": {"count": 2}}}
        if name == "OrderLines":
            start = int(variables["after"][5:])
            end = f"line-{start + 2}" if start + 2 < len(lines) else None
            rest = page(lines[start : start + 2], end)
            return {"data": {"order": {"updatedAt": node["updatedAt"], "lineItems": rest}}}
        refunds, node["refunds"] = node["refunds"], [{"id": node["refunds"][0]["id"]}]
        if name == "OrderRefunds":
            return {"data": {"order": {"updatedAt": node["updatedAt"], "refunds": refunds}}}
        shop = {"ianaTimezone": "America/New_York"}
        if name == "OneOrder":
            return {"data": {"order": node, "shop": shop}}
        end = None if variables["after"] else "page-1"
        return {"data": {"orders": page([node], end), "shop": shop}}

    def read_message(self, message):
        stored = StoredMessage(message.topic, message.kind, message.body, message.headers)
        return provider().parse(stored)

    def test_long_orders_are_completed(self):
        http = FakeHttp(self.shop)
        pages = list(provider(http).fetch("order", "", NOW))
        self.assertEqual(len(pages), 2)
        order = self.read_message(pages[0].messages[0])
        self.assertEqual(len(order.lines), 7)
        self.assertEqual([name for name, _v in http.calls].count("OrderLines"), 6)
        stored = StoredMessage("orders/updated", "order", json.dumps(self.payload).encode(), {})
        self.assertEqual(provider().parse(stored), order)

    def test_list_overlaps_and_goes_on_from_its_cursor(self):
        http = FakeHttp(self.shop)
        first = next(iter(provider(http).fetch("order", "", NOW)))
        self.assertEqual(first.total, 2)
        self.assertEqual(http.calls[1][1]["query"], "updated_at:>='2026-04-02T15:58:00Z'")
        rest = list(provider(http).fetch("order", first.cursor, NOW))
        self.assertEqual(len(rest), 1)
        self.assertIn("page-1", [v.get("after") for n, v in http.calls if n == "Orders"])

    def test_same_state_is_the_same_message(self):
        one, two = (next(iter(provider(FakeHttp(self.shop)).fetch("order", ""))) for _ in range(2))
        self.assertEqual(one.messages, two.messages)
        message = one.messages[0]
        self.assertEqual(message.event_id, f"{message.entity_key}@{message.version}")
        fetched = provider(FakeHttp(self.shop)).fetch_one("order", "1")
        self.assertEqual((fetched.event_id, fetched.body), (message.event_id, message.body))
        self.assertTrue(fetched.authoritative)

    def test_an_order_that_changes_meanwhile_is_read_again_later(self):
        def answer(name, variables):
            content = self.shop(name, variables)
            if name == "OrderLines":
                content["data"]["order"]["updatedAt"] = "2026-04-03T00:00:00Z"
            return content

        with self.assertRaises(TransientError):
            list(provider(FakeHttp(answer)).fetch("order", ""))

    def test_pages_that_cost_too_much_are_halved(self):
        def answer(name, variables):
            if name == "Orders" and variables["first"] > 3:
                code = {"code": "MAX_COST_EXCEEDED"}
                return {"errors": [{"message": "too much", "extensions": code}]}
            return self.shop(name, variables)

        http = FakeHttp(answer)
        self.assertEqual(len(list(provider(http).fetch("order", ""))), 2)
        sizes = [v["first"] for n, v in http.calls if n == "Orders"]
        self.assertEqual(sizes[:3], [25, 12, 6])

    def test_gone_is_none(self):
        self.assertIsNone(
            provider(FakeHttp(lambda n, v: {"data": {"order": None}})).fetch_one("order", "1")
        )


@tagged("post_install", "-at_install")
class TestShopifyClient(BaseCase):
    def setUp(self):
        super().setUp()
        forget_tokens()
        self.addCleanup(forget_tokens)

    def client(self, answer, **secrets):
        http = FakeHttp(answer)
        return provider(http, **secrets), http

    def test_errors_have_their_class(self):
        for code, error in (
            ("THROTTLED", RateLimitedError),
            ("ACCESS_DENIED", AuthenticationError),
            ("INTERNAL_SERVER_ERROR", TransientError),
            ("undefinedField", RejectedError),
        ):
            entry = {"message": "m", "extensions": {"code": code}}
            with self.subTest(code), self.assertRaises(error):
                self.client(lambda n, v, e=entry: {"errors": [e]})[0].fetch_one("order", "1")

    def test_answers_that_are_none_are_transient(self):
        for content in ([], {}, {"data": None}, {"data": []}, "x", None):
            with self.subTest(content=content), self.assertRaises(TransientError):
                self.client(lambda n, v, c=content: c)[0].fetch_one("order", "1")

    def test_throttled_tells_how_long_to_wait(self):
        status = {"maximumAvailable": 1000.0, "currentlyAvailable": 100, "restoreRate": 50.0}
        cost = {"requestedQueryCost": 600, "throttleStatus": status}
        throttled = {
            "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
            "extensions": {"cost": cost},
        }
        with self.assertRaises(RateLimitedError) as caught:
            self.client(lambda n, v: throttled)[0].fetch_one("order", "1")
        self.assertAlmostEqual(caught.exception.retry_after, 10, delta=0.5)

    def test_token_is_granted_once_and_again_when_refused(self):
        grants = []

        def answer(name, variables):
            if name == "token":
                grants.append(variables)
                return {"access_token": f"token-{len(grants)}", "expires_in": 86399}
            if http.tokens[-1] == "token-1" and len(http.tokens) == 3:
                raise AuthenticationError("expired")
            return {"data": {"order": None}}

        shop, http = self.client(answer, access_token=())
        for _ in range(3):
            shop.fetch_one("order", "1")
        self.assertEqual(http.tokens, ["token-1"] * 3 + ["token-2"])
        self.assertEqual(grants[0]["grant_type"], "client_credentials")

    def test_fixed_token_is_not_renewed(self):
        def answer(name, variables):
            raise AuthenticationError("revoked")

        shop, http = self.client(answer)
        with self.assertRaises(AuthenticationError):
            shop.fetch_one("order", "1")
        self.assertEqual(http.tokens, ["shpat_fixed"])

    def test_secrets_go_to_the_shop_or_this_machine_only(self):
        for changed in (
            {"shop_domain": "evil.example"},
            {"shop_domain": "x.myshopify.com@evil.example"},
            {"api_url": "https://evil.example"},
            {"api_url": "http://169.254.169.254"},
            {"api_version": "../../x"},
            {"shop_domain": ""},
        ):
            context = ProviderContext(
                {**SETTINGS, **changed}, {"access_token": ("t",)}, FakeHttp(lambda n, v: {})
            )
            with self.subTest(changed), self.assertRaises(ConfigurationError):
                ShopifyProvider(context).fetch_one("order", "1")

    def test_the_gate_learns_the_bucket_and_is_asked_for_the_cost(self):
        status = {"maximumAvailable": 1000, "currentlyAvailable": 50, "restoreRate": 50}
        cost = {"requestedQueryCost": 300, "throttleStatus": status}
        answer = {"data": {"order": None}, "extensions": {"cost": cost}}
        shop, http = self.client(lambda n, v: answer)
        shop.context.http.gate = gate = RecordingGate()
        shop.fetch_one("order", "1")
        shop.fetch_one("order", "1")
        self.assertEqual(gate.learnt, [(50, 1000, 50)] * 2)
        self.assertEqual(http.costs[-1], 300)

    def test_costs_that_cannot_be_read_are_none(self):
        for extensions in (None, {}, {"cost": {}}, {"cost": None}, [], "x"):
            self.assertIsNone(read_cost("Broken", extensions))
        self.assertEqual(expected_cost("Broken"), UNKNOWN_COST)

    def test_a_bucket_is_never_waited_for_longer_than_it_takes_to_fill(self):
        self.assertEqual(QueryCost(5000, 1000, 1000, 50).wait(), 0)
        self.assertEqual(QueryCost(5000, 0, 1000, 50).wait(), 20)
        self.assertEqual(QueryCost(5000, 0, 1000, 0).wait(), 0)


@tagged("post_install", "-at_install")
class TestShopifyConnection(BaseCase):
    def report(self, scopes, domain=SETTINGS["shop_domain"]):
        data = {
            "shop": {"name": "Shop", "myshopifyDomain": domain, "currencyCode": "EUR"},
            "currentAppInstallation": {"accessScopes": [{"handle": scope} for scope in scopes]},
        }
        return provider(FakeHttp(lambda n, v: {"data": data})).test_connection()

    def test_all_scopes_are_no_problem(self):
        scopes = "write_orders write_products read_customers read_all_orders read_locations"
        sending = "write_inventory write_merchant_managed_fulfillment_orders read_fulfillments"
        shown = "write_publications read_shopify_payments"
        report = self.report([*scopes.split(), *sending.split(), *shown.split()])
        self.assertEqual((report.problems, report.warnings), ((), ()))
        self.assertEqual(report.account, "Shop")

    def test_missing_scopes_are_named(self):
        report = self.report(["read_products"])
        self.assertIn("The scope read_orders is missing.", report.problems)
        wanted = ("read_all_orders", "write_orders", "read_shopify_payments_payouts")
        for scope in wanted:
            self.assertTrue(any(scope in text for text in report.warnings), scope)

    def test_another_shop_is_a_problem(self):
        self.assertTrue(self.report([], "other.myshopify.com").problems)


@tagged("post_install", "-at_install")
class TestShopifySubscriptions(BaseCase):
    def setUp(self):
        super().setUp()
        self.held = {}
        self.changes = 0

    def shop(self, name, variables):
        done = {"webhookSubscription": {"id": "x"}, "userErrors": []}
        if name == "Subscriptions":
            nodes = [{"id": key, **value} for key, value in self.held.items()]
            return {"data": {"webhookSubscriptions": page(nodes)}}
        self.changes += 1
        if name == "Subscribe":
            self.hold(variables["topic"], **variables["subscription"])
            return {"data": {"webhookSubscriptionCreate": done}}
        if name == "Resubscribe":
            self.held[variables["id"]].update(variables["subscription"])
            return {"data": {"webhookSubscriptionUpdate": done}}
        del self.held[variables["id"]]
        return {"data": {"webhookSubscriptionDelete": done}}

    def hold(self, topic, uri=URL, **extra):
        key = f"gid://shopify/WebhookSubscription/{len(self.held) + 1}"
        defaults = {"format": "JSON", "includeFields": [], "filter": None}
        self.held[key] = {**defaults, "topic": topic, "uri": uri, **extra}

    def sync(self):
        return provider(FakeHttp(self.shop)).sync_subscriptions(URL)

    def test_missing_are_created_once(self):
        report = self.sync()
        self.assertIn("orders/create", report.created)
        changes = self.changes
        again = self.sync()
        self.assertEqual(self.changes, changes)
        self.assertEqual(set(again.present), set(report.created))

    def test_what_nobody_listens_to_is_not_subscribed_to(self):
        report = provider(FakeHttp(self.shop)).sync_subscriptions(URL, {"stock_level"})
        self.assertNotIn("inventory_levels/update", report.created)
        later = self.sync()
        self.assertEqual(later.created, ("inventory_levels/update",))
        self.assertIn("INVENTORY_LEVELS_UPDATE", [node["topic"] for node in self.held.values()])

    def test_wrong_are_repaired_and_doubles_removed(self):
        old = "https://old.example/retail/v1/hooks/key"
        self.hold("ORDERS_CREATE", uri=old)
        self.hold("ORDERS_CREATE")
        self.hold("ORDERS_PAID", format="XML")
        self.hold("ORDERS_UPDATED", includeFields=["id"])
        self.hold("ORDERS_DELETE", uri=old)
        report = self.sync()
        self.assertEqual(report.removed, ("orders/create",))
        self.assertEqual(set(report.repaired), {"orders/paid", "orders/updated", "orders/delete"})
        self.assertEqual({node["uri"] for node in self.held.values()}, {URL})

    def test_others_are_left_alone(self):
        self.hold("ORDERS_CREATE", uri="https://other.example/hook")
        self.hold("SHOP_UPDATE")
        self.sync()
        kept = [node["uri"] for node in self.held.values()]
        self.assertIn("https://other.example/hook", kept)
        self.assertIn("SHOP_UPDATE", [node["topic"] for node in self.held.values()])

    def test_refusals_are_told(self):
        def answer(name, variables):
            if name == "Subscriptions":
                return {"data": {"webhookSubscriptions": page([])}}
            errors = [{"field": ["uri"], "message": "Address is invalid"}]
            return {"data": {"webhookSubscriptionCreate": {"userErrors": errors}}}

        with self.assertRaisesRegex(RejectedError, "Address is invalid"):
            provider(FakeHttp(answer)).sync_subscriptions(URL)

    def test_a_refused_topic_hinders_no_other(self):
        def answer(name, variables):
            if name == "Subscriptions":
                return {"data": {"webhookSubscriptions": page([])}}
            refused = variables["topic"].startswith("FULFILLMENTS")
            errors = [{"field": ["topic"], "message": "No permission"}] if refused else []
            return {"data": {"webhookSubscriptionCreate": {"userErrors": errors}}}

        report = provider(FakeHttp(answer)).sync_subscriptions(URL)
        self.assertEqual(report.missing, ("fulfillments/create", "fulfillments/update"))
        self.assertIn("orders/create", report.created)


@tagged("post_install", "-at_install")
class TestShopifyOtherPolls(BaseCase):
    def polled(self, kind, node):
        http = FakeHttp(lambda name, variables: {"data": {kind: copy.deepcopy(node)}})
        message = provider(http).fetch_one(kind, "5")
        stored = StoredMessage(message.topic, message.kind, message.body, message.headers)
        return provider().parse(stored)

    def webhook(self, topic, content):
        body = json.dumps(content).encode()
        return provider().parse(StoredMessage(topic, None, body, {}))

    def test_a_webhook_that_shows_the_first_variants_only_says_so(self):
        gids = [{"admin_graphql_api_id": f"gid://shopify/ProductVariant/{n}"} for n in (6, 7)]
        content = {"id": 5, "title": "Shirt", "variants": [{"id": 6}], "variant_gids": gids}
        self.assertFalse(self.webhook("products/update", content).variants_complete)
        content["variants"].append({"id": 7})
        self.assertTrue(self.webhook("products/update", content).variants_complete)

    def test_a_product_reads_the_same_both_ways(self):
        node = {
            "id": "gid://shopify/Product/5",
            "updatedAt": "2026-04-02T14:00:00Z",
            "title": "Shirt",
            "status": "ACTIVE",
            "handle": "shirt",
            "vendor": "Acme",
            "productType": "Shirts",
            "tags": ["b", "a"],
            "options": [{"name": "Size"}],
        }
        variant = {
            "id": "gid://shopify/ProductVariant/6",
            "title": "S",
            "sku": "S-1",
            "barcode": None,
            "price": "9.9",
            "compareAtPrice": None,
            "taxable": True,
            "selectedOptions": [{"name": "Size", "value": "S"}],
            "inventoryItem": {"id": "gid://shopify/InventoryItem/7"},
        }
        content = {
            "id": 5,
            "updated_at": "2026-04-02T10:00:00-04:00",
            "title": "Shirt",
            "status": "active",
            "handle": "shirt",
            "vendor": "Acme",
            "product_type": "Shirts",
            "tags": "a, b",
            "options": [{"name": "Size"}],
            "variants": [
                {
                    "id": 6,
                    "title": "S",
                    "sku": "S-1",
                    "barcode": "",
                    "price": "9.90",
                    "compare_at_price": None,
                    "taxable": True,
                    "option1": "S",
                    "option2": None,
                    "inventory_item_id": 7,
                }
            ],
        }
        polled = self.polled("product", {**node, "variants": page([variant])})
        self.assertEqual(polled, self.webhook("products/update", content))

    def test_a_customer_reads_the_same_both_ways(self):
        node = {
            "id": "gid://shopify/Customer/5",
            "updatedAt": "2026-04-02T14:00:00Z",
            "firstName": "Ada",
            "lastName": "Byron",
            "verifiedEmail": True,
            "taxExempt": False,
            "defaultEmailAddress": {"emailAddress": "ada@example.com"},
            "defaultPhoneNumber": None,
            "defaultAddress": None,
        }
        content = {
            "id": 5,
            "updated_at": "2026-04-02T10:00:00-04:00",
            "first_name": "Ada",
            "last_name": "Byron",
            "verified_email": True,
            "tax_exempt": False,
            "email": "ada@example.com",
            "phone": None,
        }
        self.assertEqual(self.polled("customer", node), self.webhook("customers/update", content))
