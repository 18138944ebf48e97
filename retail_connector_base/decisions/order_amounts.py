"""What the lines of an order come to, as the channel tells it."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ..canonical import OrderLine, ShippingLine, TaxLine, minor_unit


@dataclass(frozen=True)
class LineAmounts:
    """Amounts of one line in one currency.

    ``gross`` is price times quantity, ``net`` what is left of it after discount, whole in the
    minor unit; both hold the taxes when the order's prices do.
    """

    quantity: Decimal
    gross: Decimal
    discount: Decimal
    net: Decimal
    taxes: tuple[tuple[TaxLine, Decimal], ...]

    @property
    def tax(self) -> Decimal:
        """The sum of the line's taxes."""
        return sum((amount for _tax, amount in self.taxes), Decimal(0))


def line_amounts(line: OrderLine | ShippingLine, presentment: bool) -> LineAmounts:
    """Return the amounts of a line in the shop's or the customer's currency."""
    is_charge = isinstance(line, ShippingLine)
    quantity = Decimal(1) if is_charge else line.quantity
    price = (line.price if is_charge else line.unit_price).side(presentment)
    discount = line.discount.side(presentment).amount
    gross = price.amount * quantity
    net = (gross - discount).quantize(minor_unit(price.currency), ROUND_HALF_UP)
    taxes = tuple((tax, tax.amount.side(presentment).amount) for tax in line.taxes)
    return LineAmounts(quantity, gross, discount, net, taxes)
