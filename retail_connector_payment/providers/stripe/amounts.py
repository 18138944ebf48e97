"""Stripe's whole numbers and exact amounts.

Source: docs.stripe.com/currencies. Amounts are in a currency's smallest unit, which is Stripe's own
notion: ISK and UGX have no cents any more and are still written with two decimal places that must
be 00; HUF and TWD have cents but in payouts, which are written with two decimal places all the
same; the last digit of three-decimal currencies must be 0; MGA counts as one without decimals.
"""

from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import Money
from odoo.addons.retail_connector_base.providers import RejectedError

_ZERO = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
_THREE = "BHD JOD KWD OMR TND"
PLACES = {**dict.fromkeys(_ZERO.split(), 0), **dict.fromkeys(_THREE.split(), 3)}
# What a number sent to Stripe must be a multiple of.
STEPS = {"ISK": 100, "UGX": 100, **dict.fromkeys(_THREE.split(), 10)}
# How exact a rate is that is written with six decimal places.
_ROUNDED_RATE = Decimal("0.000001")


def places(currency: str) -> int:
    """Return how many decimal places Stripe's numbers of a currency (``EUR``) have."""
    return PLACES.get(currency, 2)


def to_amount(number: int | Decimal, currency: str) -> Decimal:
    """Return the amount that Stripe's number stands for."""
    return Decimal(number).scaleb(-places(currency))


def to_money(number: int | Decimal, currency: str) -> Money:
    """Return the money that Stripe's number stands for."""
    return Money(amount=to_amount(number, currency), currency=currency)


def unconverted(number: int, rate: Decimal, whole: int, currency: str) -> int:
    """Return what a number was before it was converted at a rate, in steps of its ``currency``.

    It is a part of ``whole``. What can be the result of all of it, given how results and rates are
    rounded, is taken for that. Source: docs.stripe.com/api/balance_transactions/object,
    ``exchange_rate``.
    """
    if number >= whole * rate * (1 - _ROUNDED_RATE) - 1:
        return whole
    step = STEPS.get(currency, 1)
    return round(number / rate / step) * step


def to_number(money: Money) -> int:
    """Return Stripe's number of an amount. Raises ``RejectedError`` for one it cannot express."""
    number = money.amount.scaleb(places(money.currency))
    if number != int(number) or int(number) % STEPS.get(money.currency, 1):
        raise RejectedError(f"{money.amount} {money.currency} cannot be paid: it is too fine.")
    return int(number)
