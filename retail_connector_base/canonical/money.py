"""Amounts of money: exact decimals with a currency and its number of decimal places."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from .base import CanonicalModel

# ISO 4217 currencies whose minor unit is not a hundredth.
EXPONENTS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}

CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


def _plain(value: Decimal) -> str:
    """Write a decimal without exponent or trailing zeros: 10, 10.0 and 1E+1 are one number."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


# Powers of ten: any amount of any currency is smaller, and a hostile number costs no memory.
LARGEST = 14
FINEST = -400
# What is taken as a number is kept as text: every number must be readable again.
WRITTEN = re.compile(rf"-?[0-9]{{1,15}}(\.[0-9]{{1,{-FINEST}}})?")


def _number(value: Any) -> Any:
    """Take numbers as JSON and vendors write them: no exponents in texts, no truth values."""
    if isinstance(value, str) and WRITTEN.fullmatch(value):
        return Decimal(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    if isinstance(value, Decimal):
        return value
    raise ValueError("write a number as digits with a decimal point, e.g. 12.50")


def _bounded(value: Decimal) -> Decimal:
    if not value.is_finite() or value.adjusted() > LARGEST:
        raise ValueError("the number is too large")
    if value.as_tuple().exponent < FINEST:
        raise ValueError("the number has too many decimal places")
    return value


ExactDecimal = Annotated[
    Decimal,
    BeforeValidator(_number),
    AfterValidator(_bounded),
    PlainSerializer(_plain, return_type=str),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": f"^{WRITTEN.pattern}$"},
                {"type": "number", "exclusiveMinimum": -1e15, "exclusiveMaximum": 1e15},
            ]
        },
        mode="validation",
    ),
]


def exponent(currency: str) -> int:
    """Return the number of decimal places of an ISO 4217 currency."""
    return EXPONENTS.get(currency, 2)


def minor_unit(currency: str) -> Decimal:
    """Return the smallest amount of a currency: 0.01 for EUR, 1 for JPY, 0.001 for BHD."""
    return Decimal(1).scaleb(-exponent(currency))


def is_whole(amount: Decimal, currency: str) -> bool:
    """Tell whether an amount can be paid in this currency, without a fraction of its minor unit."""
    return amount == amount.quantize(minor_unit(currency))


class Money(CanonicalModel):
    """An amount in one currency. Unit prices may be finer than the currency's minor unit."""

    amount: ExactDecimal
    currency: CurrencyCode


class MoneySet(CanonicalModel):
    """The same amount twice: in the shop's own currency and as it was shown to the customer."""

    shop: Money
    presentment: Money

    @classmethod
    def single(cls, amount: Decimal | str | int, currency: str) -> "MoneySet":
        """Return a set whose two sides are the same amount."""
        money = Money(amount=Decimal(amount), currency=currency)
        return cls(shop=money, presentment=money)

    def side(self, presentment: bool) -> Money:
        """Return the presentment amount, or the shop's."""
        return self.presentment if presentment else self.shop

    def __add__(self, other: "MoneySet") -> "MoneySet":
        return self._combine(other, 1)

    def __sub__(self, other: "MoneySet") -> "MoneySet":
        return self._combine(other, -1)

    def _combine(self, other: "MoneySet", sign: int) -> "MoneySet":
        def add(left: Money, right: Money) -> Money:
            if left.currency != right.currency:
                raise ValueError(f"cannot add {right.currency} to {left.currency}")
            return Money(amount=left.amount + sign * right.amount, currency=left.currency)

        return MoneySet(
            shop=add(self.shop, other.shop), presentment=add(self.presentment, other.presentment)
        )


class PayableMoneySet(MoneySet):
    """A total: both sides must be whole in their currency's minor unit."""

    @model_validator(mode="after")
    def _payable(self) -> "PayableMoneySet":
        for money in (self.shop, self.presentment):
            if not is_whole(money.amount, money.currency):
                raise ValueError(f"{money.amount} is not a payable amount of {money.currency}")
        return self
