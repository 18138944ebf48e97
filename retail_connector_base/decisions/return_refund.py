"""When returned units are given back, and how much. Values without a database."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from .return_state import RANK, REFUSED

NOTHING = Decimal(0)


class When(str, Enum):
    """What must have happened before money goes back."""

    AUTHORIZED = "authorized"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    ALL_RECEIVED = "all_received"
    DISPOSED = "disposed"
    BY_HAND = "by_hand"


@dataclass(frozen=True)
class RefundRule:
    """When units are given back; ``None`` stands for any backend or reason."""

    when: When
    backend: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ReturnedLine:
    """Units of one line: authorised, here, and here with their disposition decided.

    ``wrong`` of those that are here are not what was sold: nobody is given money for them unasked.
    """

    authorized: Decimal
    received: Decimal
    disposed: Decimal
    wrong: Decimal = NOTHING


def rule_for(rules: Iterable[RefundRule], backend: int, reason: str | None) -> RefundRule:
    """Return the most particular rule: of a reason before one of a backend before the general one.

    Without any: once all is here.
    """
    word = (reason or "").strip().lower()
    fitting = [
        rule
        for rule in rules
        if rule.backend in (None, backend)
        and (rule.reason is None or rule.reason.strip().lower() == word)
    ]
    if not fitting:
        return RefundRule(When.ALL_RECEIVED)
    return max(fitting, key=lambda rule: (rule.reason is not None, rule.backend is not None))


def eligible_units(when: When, line: ReturnedLine, state: str, is_all_here: bool) -> Decimal:
    """Return how many units of a line may be given back now; never more than were authorised.

    It does not shrink while a return goes forwards.
    """
    here = max(min(line.received - line.wrong, line.authorized), NOTHING)
    if when is When.BY_HAND:
        return NOTHING
    if when in (When.AUTHORIZED, When.IN_TRANSIT):
        return _early(when, line, state, here)
    if when is When.RECEIVED:
        return here
    if not is_all_here:
        return NOTHING
    if when is When.ALL_RECEIVED:
        return here
    return here if line.disposed >= line.received else NOTHING


def _early(when: When, line: ReturnedLine, state: str, here: Decimal) -> Decimal:
    if state in REFUSED:
        return here
    return line.authorized if RANK[state] >= RANK[when.value] else here


def value_of(total: Decimal, ordered: Decimal, units: Decimal, unit: Decimal) -> Decimal:
    """Return what units of a line cost, rounded to ``unit`` (the currency's smallest).

    ``total`` is the line's, with taxes. All units together are exactly the total.
    """
    if not ordered:
        return NOTHING
    return (total * units / ordered).quantize(unit, ROUND_HALF_UP)


@dataclass(frozen=True)
class Balance:
    """What returned goods and those instead of them come to, with taxes."""

    returned: Decimal
    exchanged: Decimal = NOTHING

    @property
    def goes_back(self) -> Decimal:
        """What the customer gets."""
        return max(self.returned - self.exchanged, NOTHING)

    @property
    def is_owed(self) -> Decimal:
        """What the customer still pays."""
        return max(self.exchanged - self.returned, NOTHING)
