"""Two sides of the same money laid next to one another, without a database."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum


class Leg(str, Enum):
    """What is compared with what: ours first, theirs second."""

    ORDERS = "orders"
    CLEARING = "clearing"
    BANK = "bank"


class Verdict(str, Enum):
    """What a comparison says of one key."""

    MATCHED = "matched"
    AMOUNT = "amount"
    DATE = "date"
    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"


@dataclass(frozen=True)
class Item:
    """One amount of one side. Items of one key and currency belong together and are added up.

    ``label``, ``model`` and ``record`` tell a person what it is.
    """

    key: str
    amount: Decimal
    currency: str
    on: date | None = None
    label: str = ""
    model: str | None = None
    record: int | None = None


@dataclass(frozen=True)
class Pair:
    """All items of one key and currency, ours and theirs."""

    key: str
    currency: str
    here: tuple[Item, ...]
    there: tuple[Item, ...]
    verdict: Verdict

    @property
    def amount_here(self) -> Decimal:
        """The sum of ours."""
        return sum((item.amount for item in self.here), Decimal(0))

    @property
    def amount_there(self) -> Decimal:
        """The sum of theirs."""
        return sum((item.amount for item in self.there), Decimal(0))

    @property
    def difference(self) -> Decimal:
        """What we have more than they."""
        return self.amount_here - self.amount_there


def compare(here: Iterable[Item], there: Iterable[Item], days: int = 0) -> list[Pair]:
    """Lay items next to one another by key and currency; every item is in exactly one pair.

    Dates differ where every one of ours is more than ``days`` away from every one of theirs; items
    without a date fit any. The result does not depend on the order of the items.
    """
    ours, theirs = _by_key(here), _by_key(there)
    return [
        Pair(*key, ours.get(key, ()), theirs.get(key, ()), _verdict(ours, theirs, key, days))
        for key in sorted(ours.keys() | theirs.keys())
    ]


def _by_key(items: Iterable[Item]) -> dict[tuple[str, str], tuple[Item, ...]]:
    found = defaultdict(list)
    for item in items:
        found[item.key, item.currency].append(item)
    return {key: tuple(sorted(group, key=_rank)) for key, group in found.items()}


def _rank(item: Item) -> tuple:
    """Return a total order of items, so that equal data give equal results."""
    day = item.on or date.min
    return item.model or "", item.record or 0, day, item.amount, item.label


def _verdict(ours: dict, theirs: dict, key: tuple[str, str], days: int) -> Verdict:
    if key not in theirs:
        return Verdict.MISSING_THERE
    if key not in ours:
        return Verdict.MISSING_HERE
    if _total(ours[key]) != _total(theirs[key]):
        return Verdict.AMOUNT
    return Verdict.MATCHED if _meet(ours[key], theirs[key], days) else Verdict.DATE


def _total(items: tuple[Item, ...]) -> Decimal:
    return sum((item.amount for item in items), Decimal(0))


def _meet(ours: tuple[Item, ...], theirs: tuple[Item, ...], days: int) -> bool:
    first, second = [{item.on for item in side} for side in (ours, theirs)]
    if None in first or None in second:
        return True
    return any(abs((one - other).days) <= days for one in first for other in second)


# What an order should have brought


def wanted_of_order(total: Decimal, invoiced: Decimal, credited: Decimal) -> Decimal:
    """Return what an order's payments less its refunds should be.

    ``total`` is the channel's, of what is still wanted: what was taken out before it was shipped
    lowers it, a return does not. ``invoiced`` and ``credited`` are the posted invoices and credit
    notes of the order. A credit note for what was taken out after it was invoiced must not count
    twice: then more was invoiced than is wanted.
    """
    return max(total, invoiced) - credited


# Money between sides that wait


@dataclass(frozen=True)
class Figures:
    """How many pairs of a leg have a status, and their sums in one currency."""

    count: int = 0
    here: Decimal = Decimal(0)
    there: Decimal = Decimal(0)
    difference: Decimal = Decimal(0)


def add_up(rows: Iterable[tuple[str, str, str, Decimal, Decimal]]) -> dict[tuple, Figures]:
    """Add (leg, status, currency, here, there) up by the first three."""
    found: dict[tuple, Figures] = {}
    for leg, status, currency, here, there in rows:
        before = found.get((leg, status, currency), Figures())
        found[leg, status, currency] = Figures(
            before.count + 1,
            before.here + here,
            before.there + there,
            before.difference + here - there,
        )
    return found
