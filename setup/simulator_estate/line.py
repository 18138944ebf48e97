"""A position of a ticket, priced as a register prices it: each line for itself."""

from dataclasses import dataclass
from decimal import Decimal

from .goods import Good
from .money import ZERO, rounded
from .terms import Tax, Terms


@dataclass(frozen=True)
class Line:
    """What was sold, or with a negative quantity given back.

    ``discount`` is of the whole line and signed like it. ``amount`` is what is left to pay, with
    its taxes where the country's prices contain them. ``original`` names the ticket and the line
    that are given back. A line without a good sells the gift card ``gift_card``.
    """

    id: str
    title: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    amount: Decimal
    taxes: tuple[tuple[Tax, Decimal], ...]
    good: Good | None = None
    promotions: tuple[str, ...] = ()
    original: tuple[str, str] | None = None
    gift_card: str | None = None
    taxes_included: bool = True

    @property
    def tax(self) -> Decimal:
        """The sum of its taxes."""
        return sum((amount for _tax, amount in self.taxes), ZERO)

    @property
    def total(self) -> Decimal:
        """What it costs with tax."""
        return self.amount if self.taxes_included else self.amount + self.tax

    @property
    def base(self) -> Decimal:
        """What it costs without tax."""
        return self.total - self.tax


def gross(quantity: Decimal, price: Decimal, terms: Terms) -> Decimal:
    """Return what a quantity costs before any discount."""
    return rounded(quantity * price, terms.unit)


def good_line(
    number: int, good: Good, quantity: Decimal, terms: Terms, discount: Decimal = ZERO,
    promotions: tuple[str, ...] = (), original: tuple[str, str] | None = None,
) -> Line:  # fmt: skip
    """Price a line of goods."""
    amount = gross(quantity, good.price, terms) - discount
    return Line(
        str(number), good.title, quantity, good.price, discount, amount,
        taxes_of(amount, good.taxes, terms), good, promotions, original,
        taxes_included=terms.taxes_included,
    )  # fmt: skip


def card_line(number: int, code: str, value: Decimal, terms: Terms) -> Line:
    """Sell a gift card: money that is owed to its bearer, and bears no tax yet."""
    return Line(
        str(number), "Gift card", Decimal(1), value, ZERO, value, (), gift_card=code,
        taxes_included=terms.taxes_included,
    )  # fmt: skip


def taxes_of(
    amount: Decimal, taxes: tuple[Tax, ...], terms: Terms
) -> tuple[tuple[Tax, Decimal], ...]:
    """Return each tax of an amount; several are reckoned from the same base."""
    whole = 1 + sum((tax.rate for tax in taxes), ZERO) if terms.taxes_included else Decimal(1)
    return tuple((tax, rounded(amount * tax.rate / whole, terms.unit)) for tax in taxes)
