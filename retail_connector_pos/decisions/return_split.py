"""One told line as several: amounts are divided by quantity and lose nothing."""

from decimal import ROUND_HALF_UP, Decimal


def shares(amount: Decimal, weights: list[Decimal], unit: Decimal) -> list[Decimal]:
    """Divide an amount by weights, in whole ``unit``s but for the last share, which has the rest.

    >>> shares(Decimal("1.00"), [Decimal(1), Decimal(2)], Decimal("0.01"))
    [Decimal('0.33'), Decimal('0.67')]
    """
    total = sum(weights, Decimal(0))
    first = [(amount * weight / total).quantize(unit, ROUND_HALF_UP) for weight in weights[:-1]]
    return [*first, amount - sum(first, Decimal(0))]


def split_line(line, quantities: list[Decimal], unit: Decimal) -> list:
    """Return a canonical ticket line as one line per quantity (signed like the line's own).

    ``unit`` is the currency's minor unit. Discount and taxes add up to those of the line.
    """
    if len(quantities) == 1:
        return [line]
    discounts = shares(line.discount, quantities, unit)
    taxes = [shares(tax.amount, quantities, unit) for tax in line.taxes]
    return [
        line.model_copy(
            update={
                "quantity": quantity,
                "discount": discount,
                "taxes": tuple(
                    tax.model_copy(update={"amount": amounts[index]})
                    for tax, amounts in zip(line.taxes, taxes, strict=True)
                ),
            }
        )
        for index, (quantity, discount) in enumerate(zip(quantities, discounts, strict=True))
    ]
