from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import LineKind, PaymentState
from odoo.addons.retail_connector_base.decisions.order_amounts import line_amounts
from odoo.addons.retail_connector_base.providers import MalformedPayloadError

from ..providers.woocommerce import REFUNDS
from .woocommerce_common import ADA, BLANK, line, order, read, shipping


def sums(found):
    """Return what the lines of an order come to: (without tax, tax), by their own figures."""
    amounts = [line_amounts(part, False) for part in (*found.lines, *found.shipping_lines)]
    tax = sum(amount.tax for amount in amounts)
    net = sum(amount.net for amount in amounts)
    return (net - tax if found.taxes_included else net, tax)


@tagged("post_install", "-at_install")
class TestWooCommerceOrder(BaseCase):
    """What an order's payload is read as; the arithmetic stands beside each case."""

    def _assert_ties(self, found):
        total, tax = found.total.shop.amount, found.total_tax.shop.amount
        self.assertEqual(sums(found), (total - tax, tax))

    def test_amounts_without_tax(self):
        # 10.00 + 1.90 + shipping 2.00 + 0.38 = 14.28
        found = read(
            order(
                line("10.00", "1.90"),
                total="14.28",
                tax="2.28",
                shipping_lines=[shipping("2.00", "0.38")],
            )
        )
        self._assert_ties(found)
        (tax,) = found.lines[0].taxes
        self.assertEqual((tax.title, tax.rate), ("MwSt.", Decimal("0.19")))

    def test_prices_that_include_tax_are_those_the_customer_saw(self):
        # 3 × 9.99 = 29.97 = 25.18 + 4.79
        found = read(
            order(
                line("25.18", "4.79", quantity=3), total="29.97", tax="4.79",
                prices_include_tax=True,
            )
        )  # fmt: skip
        self.assertEqual(found.lines[0].unit_price.shop.amount, Decimal("9.99"))
        self._assert_ties(found)

    def test_coupons_are_discounts_of_their_lines(self):
        # 20.00 − 5.00 = 15.00 + 2.85
        found = read(
            order(
                line("15.00", "2.85", subtotal="20.00", subtotal_tax="3.80", quantity=2),
                total="17.85",
                tax="2.85",
                coupon_lines=[{"id": 1, "code": "five", "discount": "5", "discount_tax": "0.95"}],
            )
        )
        self.assertEqual(found.lines[0].unit_price.shop.amount, 10)
        self.assertEqual(found.lines[0].discount.shop.amount, 5)
        self._assert_ties(found)

    def test_a_line_made_dearer_has_no_negative_discount(self):
        found = read(order(line("12.00", subtotal="10.00"), total="12.00"))
        self.assertEqual(found.lines[0].discount.shop.amount, 0)
        self._assert_ties(found)

    def test_thirds_of_a_cent_do_not_show(self):
        # 3 units for 10.00: 3.3333333333 each
        self._assert_ties(read(order(line("10.00", quantity=3), total="10.00")))

    def test_negative_fees_are_discounts(self):
        # 10.00 + 1.50 − 3.00 = 8.50
        fees = [line("1.50", id=41, name="Wrapping"), line("-3.00", id=42, name="Loyalty")]
        found = read(order(line("10.00"), total="8.50", fee_lines=fees))
        kinds = [part.kind for part in found.lines]
        self.assertEqual(kinds, [LineKind.PRODUCT, LineKind.FEE, LineKind.DISCOUNT])
        self._assert_ties(found)

    def test_taxes_with_an_empty_amount_do_not_apply(self):
        charge = shipping("2.00") | {"taxes": [{"id": 1, "total": "", "subtotal": ""}]}
        found = read(order(line("10.00"), total="12.00", shipping_lines=[charge]))
        self.assertFalse(found.shipping_lines[0].taxes)

    def test_taxes_rounded_later_keep_their_digits(self):
        taxes = [{"id": 1, "total": "1.66666666666667"}, {"id": 2, "total": "0.33333333333333"}]
        found = read(order(line("10.00", "2.00", taxes=taxes), total="12.00", tax="2.00"))
        amounts = [tax.amount.shop.amount for tax in found.lines[0].taxes]
        self.assertEqual(amounts, [Decimal("1.6666666667"), Decimal("0.3333333333")])

    def test_old_versions_tell_no_rate_it_shows_in_the_amounts(self):
        # (0.45 + 0.90) / (6.00 + 12.00) = 0.075
        rates = [{"id": 1, "rate_id": 1, "label": "State Tax"}]
        found = read(
            order(
                line("6.00", "0.45"), line("12.00", "0.90", id=12),
                total="19.35", tax="1.35", tax_lines=rates,
            )
        )  # fmt: skip
        self.assertEqual(found.lines[1].taxes[0].rate, Decimal("0.075"))

    def test_what_has_neither_product_nor_sku_is_custom(self):
        found = read(order(line("10.00", product_id=0, sku=""), total="10.00"))
        self.assertEqual(found.lines[0].kind, LineKind.CUSTOM)

    def test_a_variation_is_the_variant_a_simple_product_its_own(self):
        found = read(
            order(line("1.00", variation_id=6), line("1.00", id=12, product_id=7), total="2.00")
        )
        ids = [(part.product_external_id, part.variant_external_id) for part in found.lines]
        self.assertEqual(ids, [("5", "6"), ("7", "7")])

    def test_the_day_of_the_sale_is_the_shops(self):
        found = read(order(line("1.00"), total="1.00"))
        self.assertEqual(str(found.local_date), "2026-04-02")
        self.assertEqual(found.placed_at.isoformat(), "2026-04-01T22:30:00+00:00")

    def test_a_guest_is_no_customer_and_blank_addresses_are_none(self):
        found = read(order(line("1.00"), total="1.00"))
        self.assertIsNone(found.customer)
        self.assertIsNone(found.shipping_address)
        self.assertEqual(found.billing_address.name, "Ada Lovelace")
        known = read(order(line("1.00"), total="1.00", customer_id=4, billing=ADA))
        self.assertEqual((known.customer.external_id, known.customer.email_verified), ("4", False))
        self.assertIsNone(read(order(line("1.00"), total="1.00", billing=BLANK)).billing_address)

    def test_choices_on_a_line_are_its_note(self):
        meta = [
            {"key": "Engraving", "value": "A &amp; B"},
            {"key": "_reduced_stock", "value": "1"},
            {"key": "parts", "value": [1]},
        ]
        found = read(order(line("1.00", meta_data=meta, name="A &ndash; B"), total="1.00"))
        self.assertEqual((found.lines[0].title, found.lines[0].note), ("A – B", "Engraving: A & B"))

    def test_payment_follows_the_date_of_payment_before_the_status(self):
        refund = [{"id": 1, "total": "-4.00"}]
        cases = [
            ("processing", True, (), PaymentState.PAID),
            ("processing", False, (), PaymentState.PENDING),
            ("on-hold", False, (), PaymentState.PENDING),
            ("completed", False, (), PaymentState.PAID),
            ("cancelled", False, (), PaymentState.VOIDED),
            ("cancelled", True, (), PaymentState.PAID),
            ("made-up-by-a-plugin", False, (), PaymentState.UNKNOWN),
            ("processing", True, refund, PaymentState.PARTIALLY_REFUNDED),
            ("processing", True, refund * 3, PaymentState.REFUNDED),
            ("refunded", True, (), PaymentState.REFUNDED),
        ]
        for status, paid, refunds, state in cases:
            with self.subTest(status=status, paid=paid, refunds=refunds):
                date = "2026-04-01T22:31:00" if paid else None
                values = {"status": status, "date_paid_gmt": date, "refunds": list(refunds)}
                found = read(order(line("12.00"), total="12.00", **values))
                self.assertIs(found.payment_state, state)
                self.assertEqual(bool(found.cancelled_at), status in ("cancelled", "refunded"))

    def _refund(self, *lines, at="2026-04-01T23:00:00"):
        return {"id": 90, "date_created_gmt": at, "amount": "0", "line_items": list(lines)}

    def _returned(self, of, quantity, total, tax="0.00"):
        meta = [{"key": "_refunded_item_id", "value": str(of)}]
        taxes = [{"id": 1, "total": f"-{tax}"}]
        values = {"id": 91, "quantity": -quantity, "taxes": taxes, "meta_data": meta}
        return line(f"-{total}", f"-{tax}", **values)

    def _refunded(self, *refunds, **values):
        """Three mugs of 10.00 + 1.90 = 35.70, with these refunds."""
        told = [{"id": 90, "total": "-1.00"}]
        mugs = line("30.00", "5.70", quantity=3)
        content = order(mugs, total="35.70", tax="5.70", refunds=told, **values)
        return read(content | {REFUNDS: list(refunds)}, "poll/order")

    def test_units_refunded_before_they_left_are_not_wanted_any_more(self):
        # 3 × 10.00 less one of 10.00 + 1.90: 20.00 + 3.80
        found = self._refunded(self._refund(self._returned(11, 1, "10.00", "1.90")))
        self.assertEqual((found.lines[0].quantity, found.lines[0].ordered_quantity), (2, 3))
        self.assertEqual((found.total.shop.amount, found.total_tax.shop.amount),
                         (Decimal("23.80"), Decimal("3.80")))  # fmt: skip
        self._assert_ties(found)

    def test_units_refunded_for_less_make_the_rest_dearer(self):
        # One of three back, but only 4.00 + 0.76 paid back: two for 26.00 + 4.94
        found = self._refunded(self._refund(self._returned(11, 1, "4.00", "0.76")))
        self.assertEqual(found.lines[0].unit_price.shop.amount, 13)
        self._assert_ties(found)

    def test_all_units_refunded_leave_nothing_to_pay(self):
        found = self._refunded(self._refund(self._returned(11, 3, "30.00", "5.70")))
        self.assertEqual((found.lines[0].quantity, found.total.shop.amount), (0, 0))
        self.assertFalse(found.cancelled_at)

    def test_amounts_without_units_take_nothing_out(self):
        found = self._refunded(self._refund(self._returned(11, 0, "5.00")))
        self.assertEqual((found.lines[0].quantity, found.total.shop.amount), (3, Decimal("35.70")))

    def test_what_came_back_after_the_order_was_completed_is_a_return(self):
        refund = self._refund(self._returned(11, 1, "10.00", "1.90"))
        done = {"status": "completed", "date_completed_gmt": "2026-04-01T22:59:59"}
        self.assertEqual(self._refunded(refund, **done).lines[0].quantity, 3)

    def test_a_webhook_of_a_refunded_order_tells_not_all(self):
        told = {"refunds": [{"id": 90, "total": "-1.00"}]}
        self.assertFalse(read(order(line("1.00"), total="1.00", **told)).lines_complete)
        self.assertTrue(read(order(line("1.00"), total="1.00")).lines_complete)

    def test_what_was_wholly_refunded_before_it_left_is_cancelled(self):
        gone = read(order(line("1.00"), total="1.00", status="refunded"))
        self.assertTrue(gone.cancelled_at)
        left = {"date_completed_gmt": "2026-04-01T22:59:59"}
        kept = read(order(line("1.00"), total="1.00", status="refunded", **left))
        self.assertFalse(kept.cancelled_at)

    def test_a_checkout_that_was_only_begun_is_no_order(self):
        with self.assertRaises(MalformedPayloadError):
            read(order(line("1.00"), total="1.00", status="checkout-draft"))

    def test_errors_name_the_field_and_not_its_value(self):
        for changes, field in (
            ({"currency": "euro"}, "currency"),
            ({"total": "canary"}, "total"),
            ({"date_created_gmt": "canary"}, "date_created_gmt"),
            ({"line_items": [{"id": "canary"}]}, "line_items[0].id"),
            ({"line_items": {}}, "line_items"),
            ({"billing": []}, "billing"),
        ):
            content = order(line("1.00"), total="1.00") | changes
            with self.subTest(field=field), self.assertRaises(MalformedPayloadError) as caught:
                read(content)
            self.assertIn(field, str(caught.exception))
            self.assertNotIn("canary", str(caught.exception))
