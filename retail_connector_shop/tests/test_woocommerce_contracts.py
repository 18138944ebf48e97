import json
import unittest
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import FulfillmentState, PaymentState, ProductState
from odoo.addons.retail_connector_base.providers import MalformedPayloadError

from ..providers.woocommerce import VARIATIONS
from .woocommerce_common import contract, contracts_root, provider, read, signed


@tagged("post_install", "-at_install")
@unittest.skipUnless(contracts_root(), "the published contracts are not beside this checkout")
class TestWooCommerceContracts(BaseCase):
    """What the published samples are read as, derived by hand from the payloads."""

    def test_products(self):
        simple = read(contract("products.create_a_product"), "product.created")
        self.assertEqual((simple.external_id, simple.title), ("794", "Premium Quality"))
        self.assertIs(simple.state, ProductState.ACTIVE)
        (variant,) = simple.variants
        self.assertEqual((variant.external_id, variant.price), ("794", Decimal("21.99")))
        self.assertEqual(variant.inventory_item_external_id, "794")
        self.assertIsNone(variant.compare_at_price)

    def test_a_product_with_variations_is_whole_once_they_are_beside_it(self):
        product = contract("products.create_a_product_2")
        self.assertFalse(read(product, "product.created").variants_complete)
        variations = contract("product-variations.list_all_product_variations")
        whole = read({**product, VARIATIONS: variations}, "poll/product")
        self.assertTrue(whole.variants_complete)
        shown = [(one.external_id, one.title, one.price) for one in whole.variants]
        self.assertEqual(
            shown, [("733", "Green", Decimal("9.00")), ("732", "Black", Decimal("9.00"))]
        )
        self.assertEqual(whole.variants[1].inventory_item_external_id, "799:732")
        self.assertEqual(whole.updated_at.isoformat(), "2017-03-23T20:03:12+00:00")

    def test_customers(self):
        for sample in contract("customers.list_all_customers"):
            found = read(sample, "customer.updated")
            self.assertEqual(found.external_id, str(sample["id"]))
            self.assertFalse(found.email_verified)
            self.assertEqual(found.default_address.street, sample["billing"]["address_1"])

    def test_refunds(self):
        order = contract("orders.list_all_orders")[1]
        told = {key: order[key] for key in ("id", "currency", "prices_include_tax")}
        free, returned = (
            read({"order": told, "refund": one}, "poll/refund")
            for one in contract("order-refunds.list_all_refunds")
        )
        # 10.00 without a line; 1 × 9.00 of line 311.
        self.assertEqual(free.entity_key, "order:723")
        self.assertEqual([part.amount.shop.amount for part in free.adjustments], [10])
        (line,) = returned.lines
        self.assertEqual(
            (line.order_line_external_id, line.quantity, line.subtotal.shop.amount), ("311", 1, 9)
        )
        self.assertFalse(returned.adjustments or returned.transactions)

    def test_orders(self):
        new, old = map(read, contract("orders.list_all_orders"))
        self.assertIs(new.payment_state, PaymentState.PAID)
        self.assertIs(new.fulfillment_state, FulfillmentState.UNFULFILLED)
        self.assertIsNone(new.customer)
        self.assertEqual(new.lines[1].title, "Ship Your Idea – Color: Black, Size: M Test")
        self.assertEqual(new.lines[1].taxes[0].rate, Decimal("0.075"))
        self.assertEqual(old.customer.external_id, "26")
        # Two refunds of together 19.00 of 39.00.
        self.assertIs(old.payment_state, PaymentState.PARTIALLY_REFUNDED)
        self.assertIs(old.fulfillment_state, FulfillmentState.FULFILLED)

    def test_every_other_sample_is_refused_and_not_misread(self):
        names = [path.stem for path in sorted(contracts_root().glob("*.json"))]
        others = [name for name in names if name.startswith(("coupons", "tax", "webhooks"))]
        self.assertTrue(others)
        for name in others:
            body = json.dumps(contract(name)).encode()
            (message,) = provider().verify(signed(body, "order.updated")).messages
            with self.subTest(name), self.assertRaises(MalformedPayloadError):
                read(contract(name))
            self.assertTrue(message.entity_key)
