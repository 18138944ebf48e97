"""The kinds of orders that come in: each fills a basket."""

from collections.abc import Callable
from decimal import Decimal

from .basket import Basket
from .line import Discount
from .tax import UNMAPPED

Recipe = Callable[[Basket], None]


def plain(basket: Basket) -> None:
    """One line, taxed shipping."""
    basket.add_some(1)
    basket.ship(basket.price("4.90"))


def several_lines(basket: Basket) -> None:
    """Two to five lines."""
    basket.add_some(basket.rng.randint(2, 5))
    basket.ship(basket.price("4.90"))


def two_taxes(basket: Basket) -> None:
    """Two taxes on each line."""
    basket.add_some(2, basket.shop.tax_sets[2])
    basket.ship(basket.price("4.90"), taxed=False)


def mixed_taxes(basket: Basket) -> None:
    """Standard and reduced rate in one order."""
    for tax_set in basket.shop.tax_sets[:2]:
        basket.add_some(1, tax_set)
    basket.ship(basket.price("3.95"))


def untaxed(basket: Basket) -> None:
    """An export without any tax."""
    basket.add_some(2, ())
    basket.ship(basket.price("19.00"), taxed=False)


def line_discount(basket: Basket) -> None:
    """A percentage off one of two lines."""
    basket.add_some(2)
    percent = Decimal(basket.rng.choice((5, 10, 15, 33)))
    line = basket.lines[0]
    off = basket.terms.rounded(line.gross(line.quantity) * (percent / 100))
    discount = Discount("automatic", "Summer", percent, selection="entitled", method="each")
    basket.discount_lines(discount, {0: off})
    basket.ship(basket.price("4.90"))


def order_percentage(basket: Basket) -> None:
    """A percentage code on the whole order."""
    basket.add_some(3)
    percent = Decimal(basket.rng.choice((5, 10, 12, 20)))
    off = basket.terms.rounded(basket.goods * (percent / 100))
    basket.discount_order(Discount("discount_code", f"SAVE{percent}", percent), off)
    basket.ship(basket.price("4.90"))


def order_fixed(basket: Basket) -> None:
    """A fixed amount off the whole order, beside a line discount."""
    line_discount(basket)
    value = min(basket.price("5.00"), basket.goods.shop)
    discount = Discount("discount_code", "FIVER", value, "fixed_amount")
    basket.discount_order(discount, basket.terms.price(value))


def buy_x_get_y(basket: Basket) -> None:
    """Two of one variant, a third of the same as a line of its own for nothing."""
    variant = basket.rng.choice(basket.shop.goods)
    basket.add(variant, 2)
    basket.add(variant, 1)
    free = basket.lines[1].gross(1)
    discount = Discount(
        "automatic", "Buy 2 get 1", Decimal(100), selection="entitled", method="each"
    )
    basket.discount_lines(discount, {1: free})


def free_shipping(basket: Basket) -> None:
    """A shipping charge that a code takes away."""
    plain(basket)
    discount = Discount("discount_code", "FREESHIP", Decimal(100), target="shipping_line")
    basket.discount_shipping(discount, basket.shipping[0].price)


def discounted_shipping(basket: Basket) -> None:
    """A shipping charge lowered by a fixed amount."""
    basket.add_some(2)
    basket.ship(basket.price("8.00"))
    value = basket.price("2.50")
    discount = Discount("automatic", "Half shipping", value, "fixed_amount", "shipping_line")
    basket.discount_shipping(discount, basket.terms.price(value))


def tip(basket: Basket) -> None:
    """A tip beside the lines, as the till records it."""
    plain(basket)
    basket.tip = basket.terms.price(basket.price("3.00"))


def tip_line(basket: Basket) -> None:
    """A tip as a line, as the checkout records it."""
    plain(basket)
    basket.add_custom("Tip", basket.price("2.50"), kind="tip")


def duties(basket: Basket) -> None:
    """Import duty on a line, taxed where prices exclude tax."""
    basket.add_some(2)
    basket.add_duty(0, Decimal("0.065"), taxed=not basket.terms.taxes_included)
    basket.ship(basket.price("12.00"))


def gift_card_sold(basket: Basket) -> None:
    """A gift card beside goods: untaxed and not shipped."""
    basket.add_some(1)
    basket.add(basket.shop.gift_card)
    basket.ship(basket.price("4.90"))


def gift_card_tender(basket: Basket) -> None:
    """Paid in part with a gift card."""
    several_lines(basket)
    basket.gateways = [("gift_card", Decimal("0.4")), ("shopify_payments", Decimal("0.6"))]


def custom_line(basket: Basket) -> None:
    """Something that is no product of the shop."""
    basket.add_some(1)
    basket.add_custom("Engraving", basket.price("7.50"))
    basket.ship(basket.price("4.90"))


def guest(basket: Basket) -> None:
    """Bought without an account: e-mail and address, no customer."""
    basket.customer = None
    plain(basket)


def anonymous(basket: Basket) -> None:
    """Sold at the counter: no customer, no e-mail, no address."""
    basket.customer = basket.email = basket.address = None
    basket.source = "pos"
    basket.add_some(1)


def test_order(basket: Basket) -> None:
    """Placed by the merchant with the test gateway."""
    basket.test = True
    plain(basket)


def authorized(basket: Basket) -> None:
    """Authorised, to be captured at shipment."""
    basket.financial = "authorized"
    several_lines(basket)


def pending(basket: Basket) -> None:
    """Waits for a bank transfer."""
    basket.financial = "pending"
    basket.gateways = [("Bank Deposit", Decimal(1))]
    several_lines(basket)


def unknown_sku(basket: Basket) -> None:
    """One line of something the ERP has never heard of."""
    basket.add_some(1)
    basket.add(basket.shop.unknown)
    basket.ship(basket.price("4.90"))


def unmapped_tax(basket: Basket) -> None:
    """One line with a tax that nobody mapped."""
    basket.add_some(1)
    basket.add_some(1, (*basket.shop.tax_sets[0], UNMAPPED))


def wrong_tax(basket: Basket) -> None:
    """A tax that is five minor units too high: no computation can reach it."""
    basket.add_some(2, basket.shop.tax_sets[0])
    basket.change(0, tax_error=5)
