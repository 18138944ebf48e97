"""What an order charges for: lines, shipping, and the discounts that lower them."""

from dataclasses import dataclass
from decimal import Decimal

from .catalogue import Variant
from .money import NOTHING, Amounts, Terms, total_of
from .tax import ChargedTax, TaxSet, charge


@dataclass(frozen=True)
class Discount:
    """Why something became cheaper.

    ``kind``: discount_code, automatic or manual. ``method``: across (the whole order), each or one.
    """

    kind: str
    title: str
    value: Decimal
    value_type: str = "percentage"
    target: str = "line_item"
    selection: str = "all"
    method: str = "across"


@dataclass(frozen=True)
class Allocation:
    """The share of one discount (by its index in the order) that fell on one charge."""

    index: int
    amount: Amounts
    line_level: bool = False


@dataclass(frozen=True)
class Duty:
    """Import duty on a whole line, never part of its price."""

    id: int
    hs_code: str
    origin: str
    amount: Amounts
    tax_rules: TaxSet = ()


@dataclass(frozen=True)
class Line:
    """A position; ``removed`` units were taken out before they were shipped.

    Amounts of fewer units than ``quantity`` are computed anew for them, so that what is left is
    always taxed as if it had been ordered so; what was taken out is the difference.
    ``tax_error`` is a number of minor units by which the shop's tax is wrong on purpose.
    """

    id: int
    title: str
    quantity: int
    unit_price: Amounts
    sku: str = ""
    kind: str = "product"
    variant: Variant | None = None
    removed: int = 0
    allocations: tuple[Allocation, ...] = ()
    tax_rules: TaxSet = ()
    duties: tuple[Duty, ...] = ()
    tax_error: int = 0

    @property
    def shippable(self) -> bool:
        """Whether somebody has to send it."""
        return self.kind == "product" and (self.variant is None or self.variant.requires_shipping)

    @property
    def current_quantity(self) -> int:
        """The units still wanted."""
        return self.quantity - self.removed

    def gross(self, units: int) -> Amounts:
        """Return the price of some units before discounts."""
        return self.unit_price * units

    def share(self, amount: Amounts, units: int, terms: Terms) -> Amounts:
        """Return the part of an amount of the whole line that belongs to some units."""
        if units == self.quantity:
            return amount
        return terms.rounded(amount * (Decimal(units) / self.quantity))

    def discount(self, units: int, terms: Terms, line_level: bool = False) -> Amounts:
        """Return the discount on some units, all of it or only what was given on this line."""
        allocations = [part for part in self.allocations if part.line_level or not line_level]
        return total_of(self.share(part.amount, units, terms) for part in allocations)

    def net(self, units: int, terms: Terms) -> Amounts:
        """Return the price of some units after discounts."""
        return self.gross(units) - self.discount(units, terms)

    def taxes(self, units: int, terms: Terms) -> tuple[ChargedTax, ...]:
        """Return the taxes on some units, rounded for the line."""
        taxes = charge(self.net(units, terms), self.tax_rules, terms)
        if not (self.tax_error and units and taxes):
            return taxes
        wrong = ChargedTax(taxes[0].rule, taxes[0].amount + terms.unit() * self.tax_error)
        return (wrong, *taxes[1:])

    def duty(self, units: int, terms: Terms) -> Amounts:
        """Return the import duty on some units."""
        return total_of(self.share(duty.amount, units, terms) for duty in self.duties)

    def duty_taxes(self, units: int, terms: Terms) -> list[ChargedTax]:
        """Return the taxes on the import duty of some units."""
        return [
            tax
            for duty in self.duties
            for tax in charge(self.share(duty.amount, units, terms), duty.tax_rules, terms)
        ]


@dataclass(frozen=True)
class Shipping:
    """A shipping charge; ``price`` is before its discounts."""

    id: int
    title: str
    code: str
    price: Amounts
    allocations: tuple[Allocation, ...] = ()
    tax_rules: TaxSet = ()

    @property
    def discount(self) -> Amounts:
        """What was taken off."""
        return sum((part.amount for part in self.allocations), NOTHING)

    @property
    def net(self) -> Amounts:
        """What is charged."""
        return self.price - self.discount

    def taxes(self, terms: Terms) -> tuple[ChargedTax, ...]:
        """Return the taxes on what is charged."""
        return charge(self.net, self.tax_rules, terms)
