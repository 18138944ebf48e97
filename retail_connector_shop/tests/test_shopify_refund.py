from odoo.tests import BaseCase, tagged

from ..providers.shopify.node import Node
from ..providers.shopify.order_events import to_refund


def money(amount):
    side = {"amount": amount, "currency_code": "EUR"}
    return {"shop_money": side, "presentment_money": side}


def adjustment(number, kind, amount, tax="0.00"):
    return {
        "id": number,
        "kind": kind,
        "amount": amount,
        "amount_set": money(amount),
        "tax_amount": tax,
        "tax_amount_set": money(tax),
    }


def refund(**values):
    told = {"id": 1, "order_id": 2, "transactions": [], **values}
    return to_refund(Node(told, "refund"))


def given(message):
    return [(one.reason, str(one.amount.shop.amount), str(one.tax.shop.amount))
            for one in message.adjustments]  # fmt: skip


@tagged("post_install", "-at_install")
class TestShopifyRefund(BaseCase):
    """What is given back without a line, with its sign."""

    def test_what_lowers_the_order_was_given_back(self):
        told = refund(order_adjustments=[adjustment(5, "refund_discrepancy", "-8.00", "-1.52")])
        self.assertEqual(given(told), [("refund_discrepancy", "8.00", "1.52")])

    def test_what_the_shop_keeps_is_negative(self):
        told = refund(order_adjustments=[adjustment(5, "refund_discrepancy", "3.00")])
        self.assertEqual(given(told), [("refund_discrepancy", "-3.00", "0.00")])

    def test_shipping_that_is_told_twice_counts_once(self):
        told = refund(
            order_adjustments=[adjustment(5, "shipping_refund", "-5.00")],
            refund_shipping_lines=[
                {
                    "id": 6,
                    "subtotal_amount_set": money("5.00"),
                    "tax_amount_set": money("0.95"),
                }
            ],
        )
        self.assertEqual(given(told), [("shipping", "5.00", "0.95")])
