"""Something that happened, before anybody is told of it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from ..canonical import EventData, Money
from ..decisions.event_filter import Facts


@dataclass(frozen=True)
class Occurrence:
    """``facts`` decide who hears of it; ``data`` is asked for only if anybody does.

    ``subject`` is what the event says it is about, ``entity`` what keeps its order.
    """

    facts: Facts
    subject: str
    entity: str
    data: Callable[[], EventData]


def money(amount: float, currency) -> Money:
    """Return an amount of one of Odoo's currencies, exact in its smallest unit."""
    digits = max(currency.decimal_places, 0)
    return Money(amount=Decimal(f"{amount:.{digits}f}"), currency=currency.name)


def unit_money(amount: float, currency) -> Money:
    """Return the price of a unit, which may be finer than the currency's smallest unit."""
    return Money(amount=decimal(amount), currency=currency.name)


def decimal(number: float) -> Decimal:
    """Return a quantity or price as the decimal that a person wrote."""
    return Decimal(f"{number:.6f}").normalize() + 0


def text(value) -> str | None:
    """Return a text, ``None`` where there is none."""
    return value or None
