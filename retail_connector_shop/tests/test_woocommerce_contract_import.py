import json
import unittest

from odoo.tests import tagged

from ..providers.woocommerce import REFUNDS
from .orders import OrderCase
from .woocommerce_common import SECRET, contract, contracts_root, line, order, shipping, signed

# Sample → what must come of it: 6.00 + 12.00 + 10.00 shipping, taxes 0.45 + 0.90;
# 9.00 + 20.00 + 10.00 shipping, no tax. The same order is shown by several samples.
TOTALS = {"727": ("28.00", "1.35"), "723": ("39.00", "0.00")}
SAMPLES = ("create_an_order", "list_all_orders", "retrieve_an_order", "update_an_order")


@tagged("post_install", "-at_install")
class TestWooCommerceImport(OrderCase):
    """Orders of the shop become sale orders that tie to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backend = cls.env["retail.backend"].create(
            {
                "name": "Woo",
                "provider": "woocommerce",
                "state": "running",
                "company_id": cls.company.id,
                "confirm_on": "always",
            }
        )
        secret = cls.backend.credential_ids.filtered(lambda c: c.name == "webhook_secret")
        secret.secret_input = SECRET

    def _receive(self, payload, topic="order.updated"):
        """Verify, store and process a payload as the controller and the drain do."""
        request = signed(json.dumps(payload).encode(), topic)
        (message,) = self.backend._provider().verify(request).messages
        receipt = self.env["retail.inbox.receiver"]._store(self.backend.id, 1, message, "webhook")
        row = self.env["retail.inbox.message"].search([("correlation_id", "=", receipt.message_id)])
        if row.state == "received":
            self.env["retail.inbox.processor"]._process(row)
        return row

    def _make_goods(self, payload):
        for part in payload["line_items"]:
            variant = str(part["variation_id"] or part["product_id"])
            product = self.make_product(f"variant-{variant}")
            self.env["retail.product.binding"].create(
                {
                    "backend_id": self.backend.id,
                    "external_id": variant,
                    "odoo_id": product.id,
                }
            )

    def _sale(self, external_id):
        found = self.env["retail.order.binding"]._by_external_id(self.backend, [external_id])
        return found[external_id].odoo_id if found else None

    def _state_tax(self):
        america = self.env.ref("base.us")
        group = self.env["account.tax.group"].create(
            {"name": "US", "company_id": self.company.id, "country_id": america.id}
        )
        return self.make_tax(7.5, country_id=america.id, tax_group_id=group.id)

    @unittest.skipUnless(contracts_root(), "the published contracts are not beside this checkout")
    def test_every_published_order_ties(self):
        self._state_tax()
        seen = set()
        for name in SAMPLES:
            content = contract(f"orders.{name}")
            for payload in content if isinstance(content, list) else [content]:
                with self.subTest(name, order=payload["id"]), self.cr.savepoint() as savepoint:
                    self._make_goods(payload)
                    if payload["refunds"]:
                        self.assertEqual(self._receive(payload).state, "superseded")
                        payload[REFUNDS] = contract("order-refunds.list_all_refunds")
                    row = self._receive(payload)
                    self.assertEqual(row.state, "done", row.error)
                    external_id = str(payload["id"])
                    self.assertTotals(self._sale(external_id), *TOTALS[external_id])
                    self.assertEqual(self._sale(external_id).currency_id.name, "USD")
                    seen.add(external_id)
                    savepoint.rollback()
        self.assertEqual(seen, set(TOTALS))

    def _assert_imported(self, payload, untaxed, tax):
        row = self._receive(payload)
        self.assertEqual(row.state, "done", row.error)
        self.assertTotals(self._sale(str(payload["id"])), untaxed, tax)

    def test_included_taxes_coupons_fees_and_shipping_tie(self):
        """Three mugs at 9.99 less 10 %, wrapping 2.00, shipping 4.90; all with 19 % included.

        26.97 = 22.66 + 4.31; 2.00 = 1.68 + 0.32; 4.90 = 4.12 + 0.78: together 33.87, tax 5.41.
        """
        self.make_tax(19, included=True)
        self.make_product("MUG")
        mug = line(
            "22.66", "4.31", quantity=3, subtotal="25.18", subtotal_tax="4.79"
        )  # fmt: skip
        payload = order(
            mug,
            total="33.87",
            tax="5.41",
            prices_include_tax=True,
            fee_lines=[line("1.68", "0.32", id=41, name="Wrapping")],
            shipping_lines=[shipping("4.12", "0.78")],
        )
        self._assert_imported(payload, "28.46", "5.41")
        sold = self._sale("700").order_line.filtered(
            lambda one: one.product_id.default_code == "MUG"
        )
        self.assertEqual(sold.product_uom_qty, 3)

    def test_a_refunded_order_is_asked_for_and_loses_what_was_taken_out(self):
        """Two mugs of 10.00; one is refunded before they leave. The shop is asked which."""
        self.make_product("MUG")
        whole = order(line("20.00", quantity=2), total="20.00")
        self._assert_imported(whole, "20.00", "0.00")
        later = {"date_modified_gmt": "2026-04-01T22:40:00"}
        told = whole | later | {"refunds": [{"id": 90, "total": "-10.00"}]}
        row = self._receive(told)
        self.assertEqual((row.state, self._sale("700").amount_total), ("superseded", 20))
        meta = [{"key": "_refunded_item_id", "value": "11"}]
        back = line("-10.00", id=91, quantity=-1, meta_data=meta)
        refund = {"id": 90, "date_created_gmt": "2026-04-01T22:40:00", "line_items": [back]}
        self._assert_imported(told | {REFUNDS: [refund]}, "10.00", "0.00")
        self.assertEqual(self._sale("700").order_line.filtered("product_id").product_uom_qty, 1)

    def test_a_total_that_does_not_tie_is_not_imported(self):
        self.make_tax(19)
        self.make_product("MUG")
        row = self._receive(order(line("10.00", "1.90"), total="12.90", tax="1.90"))
        self.assertEqual((row.state, row.exception_id.code), ("blocked", "total_mismatch"))
        self.assertIsNone(self._sale("700"))

    def test_two_states_of_one_second_are_settled_by_asking_the_shop(self):
        self.make_product("MUG")
        first = order(line("10.00"), total="10.00")
        self._assert_imported(first, "10.00", "0.00")
        row = self._receive({**first, "customer_note": "Ring twice"})
        self.assertEqual(row.state, "superseded", row.error)
