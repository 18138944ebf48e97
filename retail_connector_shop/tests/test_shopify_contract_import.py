import base64
import hashlib
import hmac
import json
import unittest
from datetime import datetime, timezone
from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.retail_connector_base.providers import RawRequest

from .contract_orders import CONTRACT_ORDERS, contracts_root
from .orders import OrderCase

# Its line has a product, but neither variant nor SKU: nobody can tell what to deliver.
NAMELESS = "go_shopify/order.json"
SHOP, SECRET = "contracts.myshopify.com", "contract-secret-of-tests"


@tagged("post_install", "-at_install")
@unittest.skipUnless(contracts_root(), "the published contracts are not beside this checkout")
class TestShopifyContractImport(OrderCase):
    """Every published order ends in the sale order, or the exception, that was derived by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backend = cls._shop(cls.company)

    @classmethod
    def _shop(cls, company, **values):
        backend = cls.env["retail.backend"].create(
            {
                "name": "Contracts",
                "provider": "shopify",
                "state": "running",
                "company_id": company.id,
                "import_test_orders": True,
                "confirm_on": "always",
                **values,
            }
        )
        backend.setting_ids.filtered(lambda s: s.name == "shop_domain").value = SHOP
        backend.credential_ids.filtered(lambda c: c.name == "client_secret").secret_input = SECRET
        return backend

    def _payload(self, contract, **changes):
        content = json.loads((contracts_root() / contract.path).read_bytes().decode("utf-8-sig"))
        return {**(content[contract.wrapper] if contract.wrapper else content), **changes}

    def _receive(self, contract, payload):
        """Verify, store and process a payload as the controller and the drain do."""
        body = json.dumps(payload).encode()
        signature = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest())
        request = RawRequest(
            body=body,
            headers={
                "x-shopify-hmac-sha256": signature.decode(),
                "x-shopify-topic": contract.topic,
                "x-shopify-shop-domain": SHOP,
                "x-shopify-event-id": contract.path,
                "x-shopify-triggered-at": "2026-05-04T10:00:00Z",
            },
            received_at=datetime(2026, 5, 4, 10, tzinfo=timezone.utc),
        )
        (message,) = self.backend._provider().verify(request).messages
        receipt = self.env["retail.inbox.receiver"]._store(self.backend.id, 1, message, "webhook")
        row = self.env["retail.inbox.message"].search([("correlation_id", "=", receipt.message_id)])
        if row.state == "received":
            self.env["retail.inbox.processor"]._process(row)
        return row

    def _make_goods(self, payload):
        """Bind a product to every variant of the order, as adoption does."""
        for line in payload.get("line_items", ()):
            variant = str(line.get("variant_id") or "")
            known = self.env["retail.product.binding"]._by_external_id(self.backend, [variant])
            if variant and variant not in known:
                self.env["retail.product.binding"].create(
                    {
                        "backend_id": self.backend.id,
                        "external_id": variant,
                        "odoo_id": self.make_product(f"variant-{variant}").id,
                    }
                )
            elif line.get("sku") and not variant:
                self.make_product(line["sku"])

    def _sale(self, contract):
        binding = self.env["retail.order.binding"]._by_external_id(
            self.backend, [contract.external_id]
        )
        return binding[contract.external_id].odoo_id if binding else None

    def test_every_sample_ends_where_it_was_derived_to_end(self):
        self.assertGreater(len(CONTRACT_ORDERS), 10)
        for contract in CONTRACT_ORDERS:
            with self.subTest(contract.path), self.cr.savepoint() as savepoint:
                payload = self._payload(contract)
                self._make_goods(payload)
                row = self._receive(contract, payload)
                self._check(contract, row)
                savepoint.rollback()

    def _check(self, contract, row):
        if contract.error:
            self.assertIn(row.state, ("quarantined", "unsupported"))
        elif contract.cancelled:
            self.assertEqual(row.state, "ignored", row.error)
        elif contract.ties:
            self.assertEqual(row.state, "done", row.error)
            self.assertTotals(
                self._sale(contract), contract.untaxed, f"{Decimal(contract.tax):.2f}"
            )
        else:
            self.assertEqual((row.state, row.exception_id.code), ("blocked", "total_mismatch"))
            self.assertIsNone(self._sale(contract))

    def test_samples_that_were_cancelled_tie_as_well_while_they_are_not(self):
        """A cancelled order is not imported; were it not cancelled, its amounts must be right."""
        samples = [one for one in CONTRACT_ORDERS if one.cancelled and one.ties]
        self.assertTrue(samples)
        for contract in samples:
            with self.subTest(contract.path), self.cr.savepoint() as savepoint:
                payload = self._payload(contract, cancelled_at=None)
                self._make_goods(payload)
                row = self._receive(contract, payload)
                if contract.path == NAMELESS:
                    self.assertEqual(row.exception_id.code, "unknown_sku")
                    continue
                self.assertEqual(row.state, "done", row.error)
                sale = self._sale(contract)
                self.assertTotals(sale, contract.untaxed, "0.00")
                self.assertEqual(sale.currency_id.name, contract.currency)
                savepoint.rollback()

    def test_test_orders_are_left_out_unless_wanted(self):
        self.backend.import_test_orders = False
        contract = next(one for one in CONTRACT_ORDERS if one.test and one.currency == "EUR")
        row = self._receive(contract, self._payload(contract))
        self.assertEqual(row.state, "ignored")
        self.assertIsNone(self._sale(contract))

    def test_an_unknown_product_blocks_and_leaves_nothing(self):
        contract = next(one for one in CONTRACT_ORDERS if one.ties and not one.cancelled)
        row = self._receive(contract, self._payload(contract))
        self.assertEqual((row.state, row.exception_id.code), ("blocked", "unknown_sku"))
        self.assertEqual(row.exception_id.fix, "map_product")
        self.assertIsNone(self._sale(contract))
        self.assertFalse(
            self.env["retail.partner.binding"].search([("backend_id", "=", self.backend.id)])
        )
