"""Which order a payment belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

# What issuers of cards answer an authorisation with (ISO 8583, field 38: six characters; some
# gateways write short numbers). It repeats, so that it names no payment.
APPROVAL_CODE = "^([0-9]{1,7}|[0-9A-Z]{6})$"


class MatchedBy(str, Enum):
    """What tied a payment to its order, the surest first."""

    ORDER = "order"
    TRANSACTION = "transaction"
    PARENT = "parent"
    REFERENCE = "reference"
    PERSON = "person"


@dataclass(frozen=True)
class Clues:
    """The orders that each kind of evidence names, by id."""

    order: frozenset[int] = frozenset()
    transaction: frozenset[int] = frozenset()
    parent: frozenset[int] = frozenset()
    reference: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Match:
    """The order, or those it might be, about which a person decides."""

    order_id: int | None = None
    by: MatchedBy | None = None
    doubtful: frozenset[int] = frozenset()


def match_payment(clues: Clues) -> Match:
    """Return the order that a payment belongs to, if one is beyond doubt.

    The surest evidence decides. Where it names several orders (one payment for several of them, a
    number that two shops use) nothing weaker may decide for it.
    """
    for by in (MatchedBy.ORDER, MatchedBy.TRANSACTION, MatchedBy.PARENT, MatchedBy.REFERENCE):
        found: frozenset[int] = getattr(clues, by.value)
        if len(found) == 1:
            return Match(next(iter(found)), by)
        if found:
            return Match(doubtful=found)
    return Match()


def names_of(reference: str | None) -> frozenset[str]:
    """Return the ways in which an order may be written that a reference names."""
    bare = (reference or "").strip().lstrip("#").strip()
    return frozenset({bare, f"#{bare}"}) if bare else frozenset()


def is_plausible(
    currency: str, amount: float, totals: Iterable[tuple[str | None, float | None]]
) -> bool:
    """Tell whether a payment can be of an order whose totals, one a currency, are known.

    A shop's number is used by another shop of the company as well: a payment in another currency,
    or of more than the order costs, is not taken for its.
    """
    known = {name: total for name, total in totals if name and total}
    if not known:
        return True
    return currency in known and amount <= known[currency] * 1.000001
