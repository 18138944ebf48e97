"""Orders of every kind that the rules of ``domain.md`` name, with what must come out of them.

Each amount is worked out in the comment beside it, by hand. Amounts are in the shop's currency.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .shopify_orders import OrderBuilder


@dataclass(frozen=True)
class Case:
    """An order and its canonical figures: kinds and quantities of the lines, totals."""

    name: str
    payload: Callable[[], dict[str, Any]]
    total: str
    tax: str
    lines: tuple[tuple[str, str], ...]
    presentment_total: str | None = None

    @property
    def untaxed(self) -> Decimal:
        return Decimal(self.total) - Decimal(self.tax)


def _vat(amount: str) -> tuple[tuple[str, str, str], ...]:
    return (("VAT", "0.20", amount),)


NYC = (("NY State Tax", "0.04", "0.80"), ("NYC Tax", "0.045", "0.90"))
ONE = ("product", "1")

CASES = (
    # 2 × 10.00 + 4 % + 4.5 % of 20.00 = 20.00 + 0.80 + 0.90
    Case(
        "several taxes on a line",
        lambda: OrderBuilder().line("10.00", 2, taxes=NYC).build(),
        "21.70",
        "1.70",
        (("product", "2"),),
    ),
    # 2 × 12.00 − 4.00 = 20.00, of which 20/120 = 3.33 is tax
    Case(
        "included tax with a discount",
        lambda: (
            OrderBuilder(currency="GBP", included=True)
            .line("12.00", 2, discounts=("3.00", "1.00"), taxes=_vat("3.33"))
            .build()
        ),
        "20.00",
        "3.33",
        (("product", "2"),),
    ),
    # 10.00 + 2.00 tax, shipping 5.00 − 1.00 + 0.80 tax
    Case(
        "taxed shipping with a discount",
        lambda: (
            OrderBuilder()
            .line("10.00", taxes=_vat("2.00"))
            .ship("5.00", discounts=("1.00",), taxes=_vat("0.80"))
            .build()
        ),
        "16.80",
        "2.80",
        (ONE,),
    ),
    # 100.00 + duty 12.50 with 2.50 tax + 20.00 tax of the line
    Case(
        "duty with its own tax",
        lambda: (
            OrderBuilder()
            .line("100.00", taxes=_vat("20.00"))
            .duty(1, "12.50", _vat("2.50"))
            .build()
        ),
        "135.00",
        "22.50",
        (ONE, ("duty", "1")),
    ),
    # 30.00 + 4.50 tip, no tax
    Case(
        "tip without a line",
        lambda: OrderBuilder().line("30.00").tip("4.50").build(),
        "34.50",
        "0",
        (ONE, ("tip", "1")),
    ),
    # 30.00 + the tip's own line of 4.50; the tip is not taken twice
    Case(
        "tip with a line",
        lambda: (
            OrderBuilder()
            .line("30.00")
            .custom("4.50", requires_shipping=False)
            .having(total_tip_received="4.50")
            .build()
        ),
        "34.50",
        "0",
        (ONE, ("tip", "1")),
    ),
    # 20.00 + 1.25 fee
    Case(
        "additional fee",
        lambda: OrderBuilder().line("20.00").fees("1.25").build(),
        "21.25",
        "0",
        (ONE, ("fee", "1")),
    ),
    # USD 10.00 + 1.00 = 11.00; shown in CAD at 2: 22.00
    Case(
        "presentment currency",
        lambda: (
            OrderBuilder(presentment="CAD", factor="2")
            .line("10.00", taxes=(("Tax", "0.1", "1.00"),))
            .tip("0")
            .build()
        ),
        "11.00",
        "1.00",
        (ONE,),
        "22.00",
    ),
    # USD 10.00 + 2.00 tip = 12.00; shown in CAD at 2: 24.00, of which the tip is 4.00
    Case(
        "tip in a presentment currency",
        lambda: OrderBuilder(presentment="CAD", factor="2").line("10.00").tip("2.00").build(),
        "12.00",
        "0",
        (ONE, ("tip", "1")),
        "24.00",
    ),
    # 3 × 330 = 990 included, of which 10/110 = 90 is tax
    Case(
        "yen, no decimals",
        lambda: (
            OrderBuilder(currency="JPY", included=True)
            .line("330", 3, taxes=(("CT", "0.1", "90"),))
            .build()
        ),
        "990",
        "90",
        (("product", "3"),),
    ),
    # 2 × 1.125 = 2.250 + 10 % = 0.225
    Case(
        "Bahraini dinar, three decimals",
        lambda: (
            OrderBuilder(currency="BHD").line("1.125", 2, taxes=(("VAT", "0.1", "0.225"),)).build()
        ),
        "2.475",
        "0.225",
        (("product", "2"),),
    ),
    # a gift card of 50.00 is sold: no tax, no shipping
    Case(
        "gift card sold",
        lambda: OrderBuilder().line("50.00", gift_card=True, requires_shipping=False).build(),
        "50.00",
        "0",
        (("gift_card", "1"),),
    ),
    # a gift card pays: the total is that of the goods all the same, 25.00
    Case(
        "gift card as tender",
        lambda: OrderBuilder().line("25.00").having(payment_gateway_names=["gift_card"]).build(),
        "25.00",
        "0",
        (ONE,),
    ),
    # a custom line of 2 × 7.50 = 15.00
    Case(
        "custom line",
        lambda: OrderBuilder().custom("7.50", 2).build(),
        "15.00",
        "0",
        (("custom", "2"),),
    ),
    # the product was deleted since: no ids, but the SKU is there
    Case(
        "deleted product",
        lambda: OrderBuilder().custom("9.00", sku="OLD-1").build(),
        "9.00",
        "0",
        (ONE,),
    ),
    # 40.00 − 2.00 on the line − 5.00 of the order as a whole = 33.00
    Case(
        "discount of the order beyond its lines",
        lambda: OrderBuilder().line("40.00", discounts=("2.00",)).discount("5.00").build(),
        "33.00",
        "0",
        (ONE, ("discount", "1")),
    ),
    # 3 × 10.00 − 3.00 + 5.40 tax = 32.40; one cancelled: 10.00 − 1.00 = 9.00 and 1.80 tax.
    # Left: 2 × 10.00 − 2.00 = 18.00 + 3.60 = 21.60
    Case(
        "unit cancelled before fulfilment",
        lambda: (
            OrderBuilder()
            .line("10.00", 3, discounts=("3.00",), taxes=_vat("5.40"))
            .refund(1, 1, "9.00", "1.80", paid="10.80")
            .build(current="21.60", current_tax="3.60")
        ),
        "21.60",
        "3.60",
        (("product", "2"),),
    ),
    # 2 × 12.00 included (4.00 tax); one cancelled: 12.00 with 2.00 tax. Left 12.00, tax 2.00
    Case(
        "unit cancelled with included tax",
        lambda: (
            OrderBuilder(included=True)
            .line("12.00", 2, taxes=_vat("4.00"))
            .refund(1, 1, "12.00", "2.00", paid="12.00")
            .build(current="12.00", current_tax="2.00")
        ),
        "12.00",
        "2.00",
        (ONE,),
    ),
    # 10.00 + 30.00 + 8.00 tax; the edit removes the second: left 10.00 + 2.00
    Case(
        "line removed by an edit, refund of zero",
        lambda: (
            OrderBuilder()
            .line("10.00", taxes=_vat("2.00"))
            .line("30.00", taxes=_vat("6.00"))
            .refund(2, 1, "30.00", "6.00", restock="no_restock")
            .build(current="12.00", current_tax="2.00")
        ),
        "12.00",
        "2.00",
        (ONE, ("product", "0")),
    ),
    # 2 × 10.00 + 4.00 tax; one was shipped and came back: the sale stays 24.00
    Case(
        "returned after fulfilment",
        lambda: (
            OrderBuilder()
            .line("10.00", 2, taxes=_vat("4.00"))
            .fulfil(1, 2)
            .refund(1, 1, "10.00", "2.00", restock="return", paid="12.00", returned=True)
            .build(current="12.00", current_tax="2.00")
        ),
        "24.00",
        "4.00",
        (("product", "2"),),
    ),
    # one cancelled (10.00 + 2.00), one shipped and returned: 36.00 − 12.00 = 24.00, tax 4.00
    Case(
        "one cancelled and one returned",
        lambda: (
            OrderBuilder()
            .line("10.00", 3, taxes=_vat("6.00"))
            .fulfil(1, 2)
            .refund(1, 1, "10.00", "2.00", paid="12.00")
            .refund(1, 1, "10.00", "2.00", restock="return", paid="12.00")
            .build(current="12.00", current_tax="2.00")
        ),
        "24.00",
        "4.00",
        (("product", "2"),),
    ),
    # refunded as goodwill, still to be shipped: nothing changes
    Case(
        "refunded without restocking",
        lambda: (
            OrderBuilder()
            .line("10.00", 2)
            .refund(1, 1, "10.00", restock="no_restock", paid="10.00")
            .build(current="10.00", current_tax="0")
        ),
        "20.00",
        "0",
        (("product", "2"),),
    ),
    # shipped, and a refund of zero closes a return: nothing changes
    Case(
        "exchange with a refund of zero",
        lambda: (
            OrderBuilder()
            .line("10.00", 1)
            .fulfil(1, 1)
            .refund(1, 1, "10.00", restock="no_restock")
            .build(current="0", current_tax="0")
        ),
        "10.00",
        "0",
        (ONE,),
    ),
    Case(
        "test order",
        lambda: OrderBuilder().line("1.00").having(test=True).build(),
        "1.00",
        "0",
        (ONE,),
    ),
    Case(
        "no customer, no address",
        lambda: (
            OrderBuilder()
            .line("1.00")
            .having(customer=None, billing_address=None, shipping_address=None)
            .having(email=None, contact_email=None)
            .build()
        ),
        "1.00",
        "0",
        (ONE,),
    ),
    # buy one, get one: two lines of one variant, the second free: 15.00 + 15.00 − 15.00
    Case(
        "buy X get Y",
        lambda: (
            OrderBuilder()
            .line("15.00", sku="X", variant_id=1, product_id=2)
            .line("15.00", discounts=("15.00",), sku="X", variant_id=1, product_id=2)
            .build()
        ),
        "15.00",
        "0",
        (ONE, ONE),
    ),
    # 23:30 in New York is the next day in UTC
    Case(
        "across midnight",
        lambda: OrderBuilder(created="2026-03-31T23:30:00-04:00").line("1.00").build(),
        "1.00",
        "0",
        (ONE,),
    ),
    # cancelled as a whole: 10.00 + 2.00 tax; nothing is left but shipping of 5.00
    Case(
        "cancelled",
        lambda: (
            OrderBuilder()
            .line("10.00", taxes=_vat("2.00"))
            .ship("5.00")
            .refund(1, 1, "10.00", "2.00")
            .having(cancelled_at="2026-04-02T11:00:00-04:00", cancel_reason="customer")
            .having(financial_status="voided")
            .build(current="5.00", current_tax="0")
        ),
        "5.00",
        "0",
        (("product", "0"),),
    ),
    # 1.5 × 8.00
    Case(
        "fractional quantity",
        lambda: OrderBuilder().line("8.00", 1.5).build(),
        "12.00",
        "0",
        (("product", "1.5"),),
    ),
)
