"""Whether a charge of a warehouse is what its tariff and its work make it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from odoo.addons.retail_connector_base.canonical import Service

from .invoice_tie import rounded


class Per(str, Enum):
    """What a price is for one of."""

    UNIT = "unit"
    LINE = "line"
    ORDER = "order"
    PARCEL = "parcel"
    KG = "kg"
    UNIT_DAY = "unit_day"
    FLAT = "flat"


class State(str, Enum):
    """What became of a charge."""

    MATCH = "match"
    PRICE = "price_differs"
    QUANTITY = "quantity_differs"
    UNKNOWN = "unknown_reference"
    TWICE = "charged_twice"
    NO_TARIFF = "not_in_tariff"


# Work that is done on something: a charge that names nothing cannot be checked.
OF_REFERENCES = frozenset(
    {Service.PICK, Service.PACK, Service.FREIGHT, Service.RECEIVING, Service.RETURN}
)


@dataclass(frozen=True)
class Rate:
    """A price of the tariff. ``price`` is for one; a charge is ``minimum`` at least.

    Without ``carrier`` it is for all of them; weights are in grams, the upper one is excluded.
    """

    service: Service
    per: Per
    price: Decimal
    minimum: Decimal = Decimal()
    valid_from: date | None = None
    valid_to: date | None = None
    carrier: str | None = None
    weight_from: Decimal | None = None
    weight_to: Decimal | None = None

    def is_valid(self, day: date | None) -> bool:
        """Tell whether the rate holds on a day; on an unknown day every rate does."""
        if day is None:
            return True
        return (not self.valid_from or self.valid_from <= day) and (
            not self.valid_to or day <= self.valid_to
        )

    def fits(self, facts: "Facts") -> bool:
        """Tell whether it is a rate for this carrier and weight."""
        if self.carrier and not _same(self.carrier, facts.carrier):
            return False
        if self.weight_from is None and self.weight_to is None:
            return True
        if facts.weight is None:
            return False
        return (self.weight_from or 0) <= facts.weight and (
            self.weight_to is None or facts.weight < self.weight_to
        )

    def amount(self, quantity: Decimal, currency: str) -> Decimal:
        """Return what a quantity costs."""
        return rounded(max(quantity * self.price, self.minimum), currency)


@dataclass(frozen=True)
class Facts:
    """What is known here of the work that a charge names.

    ``known``: the order, shipment, receipt or parcel exists here. ``quantities`` are how much of it
    was done, by what a price may be for; what cannot be told is missing. ``weight`` is in grams.
    """

    known: bool = False
    quantities: Mapping[Per, Decimal] = field(default_factory=dict)
    carrier: str | None = None
    weight: Decimal | None = None


@dataclass(frozen=True)
class Charge:
    """One line of an invoice. ``amount`` is untaxed, in ``currency``."""

    service: Service
    quantity: Decimal
    amount: Decimal
    currency: str
    unit_price: Decimal | None = None
    day: date | None = None
    names_something: bool = False


@dataclass(frozen=True)
class Checked:
    """What a charge should have been; ``None`` where nobody can tell."""

    state: State
    expected_quantity: Decimal | None
    expected_price: Decimal | None
    expected_amount: Decimal

    def difference(self, charged: Decimal) -> Decimal:
        """Return what was charged beyond what it should be."""
        return charged - self.expected_amount


def check(charge: Charge, rates: Sequence[Rate], facts: Facts, is_repeated: bool) -> Checked:
    """Compare a charge with the tariff and with what was done.

    Of several rates that fit (per order and per unit, say) the one is taken that explains the
    charge best. What was charged before should have cost nothing.
    """
    nothing = Decimal()
    if is_repeated:
        return Checked(State.TWICE, nothing, None, nothing)
    needs_reference = charge.names_something or charge.service in OF_REFERENCES
    if needs_reference and not facts.known:
        return Checked(State.UNKNOWN, nothing, None, nothing)
    fitting = [
        rate
        for rate in rates
        if rate.service is charge.service and rate.is_valid(charge.day) and rate.fits(facts)
    ]
    if not fitting:
        # What nobody agreed to should cost nothing.
        return Checked(State.NO_TARIFF, None, None, nothing)
    found = [_compare(charge, rate, facts) for rate in fitting]
    return min(found, key=lambda one: _distance(charge, one))


def _compare(charge: Charge, rate: Rate, facts: Facts) -> Checked:
    done = facts.quantities.get(rate.per)
    expected = charge.quantity if done is None else done
    amount = rate.amount(expected, charge.currency)
    if amount == rounded(charge.amount, charge.currency):
        state = State.MATCH
    elif expected != charge.quantity:
        state = State.QUANTITY
    else:
        state = State.PRICE
    return Checked(state, expected, rate.price, amount)


def _distance(charge: Charge, one: Checked) -> tuple[int, int, Decimal]:
    prices = charge.unit_price is None or charge.unit_price == one.expected_price
    differs = abs(one.difference(charge.amount))
    return (one.state is not State.MATCH, not prices, differs)


def _same(word: str, other: str | None) -> bool:
    return word.strip().casefold() == (other or "").strip().casefold()


@dataclass(frozen=True)
class Work:
    """What a charge names: enough to know the same work when it is charged again."""

    service: Service
    price: Decimal | None
    order: str | None = None
    shipment: str | None = None
    tracking: str | None = None
    receipt: str | None = None
    sku: str | None = None
    day: date | None = None
    period: tuple[date | None, date | None] = (None, None)

    def fingerprint(self) -> str | None:
        """Return the identity of the work, ``None`` where nothing tells two charges apart.

        A parcel is paid for once, at whatever price; storage once for an item and a time.
        """
        if self.service is Service.FREIGHT and self.tracking:
            return f"{self.service.value}|{self.tracking}"
        names = (self.order, self.shipment, self.tracking, self.receipt)
        if any(names):
            return _joined(self.service.value, *names, self.sku, self.price)
        if self.service is Service.STORAGE and (self.day or any(self.period)):
            time = (self.day,) if self.day else self.period
            return _joined(self.service.value, self.sku, *time, self.price)
        return None


def _joined(*parts: object) -> str:
    return "|".join("" if part is None else _plain(part) for part in parts)


def _plain(part: object) -> str:
    # 0.5 and 0.50 are one price.
    return format(part.normalize(), "f") if isinstance(part, Decimal) else str(part)
