"""A basket on its way to becoming an order."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from .catalogue import Variant
from .line import Allocation, Discount, Duty, Line, Shipping
from .money import NOTHING, Amounts, Terms, total_of
from .order import Order, Payment
from .people import Address, Customer
from .tax import TaxSet

if TYPE_CHECKING:
    from .shop import Shop


@dataclass
class Basket:
    """What a customer puts together; ``order`` turns it into the first state of an order."""

    shop: "Shop"
    rng: Random
    moment: datetime
    terms: Terms
    kind: str
    customer: Customer | None = None
    email: str | None = None
    address: Address | None = None
    lines: list[Line] = field(default_factory=list)
    shipping: list[Shipping] = field(default_factory=list)
    discounts: list[Discount] = field(default_factory=list)
    tip: Amounts = NOTHING
    test: bool = False
    source: str = "web"
    note: str | None = None
    financial: str = "paid"
    gateways: list[tuple[str, Decimal]] = field(default_factory=list)

    def price(self, euros: str) -> Decimal:
        """Return an amount of usual size in the shop's currency, given what it is in euros."""
        return self.shop.usual(Decimal(euros))

    def add(self, variant: Variant, quantity: int = 1, taxes: TaxSet | None = None) -> None:
        """Put a variant into the basket, taxed by its own tax set unless others are given."""
        rules = self.shop.tax_sets[variant.tax_set] if taxes is None else taxes
        self._line(variant.name, variant.price, quantity, rules, sku=variant.sku, variant=variant)

    def add_some(self, lines: int = 1, taxes: TaxSet | None = None) -> None:
        """Put some different variants into the basket."""
        for variant in self.rng.sample(self.shop.goods, min(lines, len(self.shop.goods))):
            self.add(variant, self.rng.choice((1, 1, 1, 2, 3)), taxes)

    def add_custom(self, title: str, price: Decimal, kind: str = "custom") -> None:
        """Put something into the basket that is no product of the shop."""
        rules = self.shop.tax_sets[0] if kind == "custom" else ()
        self._line(title, price, 1, rules, kind=kind)

    def _line(
        self, title: str, price: Decimal, quantity: int, rules: TaxSet, kind: str = "product",
        sku: str = "", variant: Variant | None = None,
    ) -> None:  # fmt: skip
        if variant and variant.id == self.shop.gift_card.id:
            kind, rules = "gift_card", ()
        self.lines.append(
            Line(
                self.shop.ids.next("LineItem"),
                title,
                quantity,
                self.terms.price(price),
                sku=sku,
                kind=kind,
                variant=variant,
                tax_rules=rules,
            )
        )

    def change(self, index: int, **values: object) -> None:
        """Replace fields of a line."""
        self.lines[index] = replace(self.lines[index], **values)

    def ship(self, price: Decimal, taxed: bool = True) -> None:
        """Add a shipping charge."""
        rules = self.shop.tax_sets[0] if taxed else ()
        number = self.shop.ids.next("ShippingLine")
        amount = self.terms.price(price)
        self.shipping.append(Shipping(number, "Standard", "STD", amount, (), rules))

    def discount_lines(self, discount: Discount, amounts: dict[int, Amounts]) -> None:
        """Take amounts off lines, given by their index."""
        index, line_level = len(self.discounts), discount.method != "across"
        self.discounts.append(discount)
        for at, amount in amounts.items():
            if amount:
                part = Allocation(index, amount, line_level)
                self.change(at, allocations=(*self.lines[at].allocations, part))

    def discount_order(self, discount: Discount, total: Amounts) -> None:
        """Take an amount off the whole order, shared out over its lines."""
        nets = [line.net(line.quantity, self.terms) for line in self.lines]
        shares = self.terms.allocate(total, nets)
        self.discount_lines(discount, dict(enumerate(shares)))

    def discount_shipping(self, discount: Discount, amount: Amounts) -> None:
        """Take an amount off the first shipping charge."""
        part = Allocation(len(self.discounts), amount)
        self.discounts.append(discount)
        charge = self.shipping[0]
        self.shipping[0] = replace(charge, allocations=(*charge.allocations, part))

    @property
    def goods(self) -> Amounts:
        """What the lines come to after their discounts."""
        return total_of(line.net(line.quantity, self.terms) for line in self.lines)

    def add_duty(self, index: int, rate: Decimal, taxed: bool) -> None:
        """Charge import duty on a line."""
        line = self.lines[index]
        amount = self.terms.rounded(line.net(line.quantity, self.terms) * rate)
        rules = line.tax_rules if taxed else ()
        duty = Duty(self.shop.ids.next("Duty"), "940360", "CN", amount, rules)
        self.change(index, duties=(duty,))

    def order(self) -> Order:
        """Return the order as it is placed."""
        order = Order(
            id=self.shop.ids.next("Order"), number=self.shop.next_number(), kind=self.kind,
            terms=self.terms, created_at=self.moment, updated_at=self.moment,
            lines=tuple(self.lines), shipping=tuple(self.shipping),
            discounts=tuple(self.discounts), tip=self.tip, customer=self.customer,
            email=self.email, billing=self.address, delivery=self.address,
            financial=self.financial, test=self.test, source=self.source, note=self.note,
        )  # fmt: skip
        total = order.totals().total
        return replace(order, created_total=total, payments=self._payments(total))

    def _payments(self, total: Amounts) -> tuple[Payment, ...]:
        kind, status = PAYMENTS[self.financial]
        shares = self.gateways or [("bogus" if self.test else "shopify_payments", Decimal(1))]
        payments, left = [], total
        for index, (gateway, part) in enumerate(shares):
            last = index == len(shares) - 1
            amount = left if last else self.terms.rounded(total * part)
            left -= amount
            number = self.shop.ids.next("OrderTransaction")
            expires = self.moment + AUTHORISED if kind == "authorization" else None
            payments.append(
                Payment(number, gateway, kind, amount, self.moment, status, expires_at=expires)
            )
        return tuple(payments)


# How long the money of an authorisation can be taken.
AUTHORISED = timedelta(days=7)
# Which movement of money stands behind a financial status at checkout.
PAYMENTS = {
    "paid": ("sale", "success"),
    "authorized": ("authorization", "success"),
    "pending": ("sale", "pending"),
}
