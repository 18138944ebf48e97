"""What is known of one payment: the states of it that were told, in whatever order they came.

A fact is a join of all that was told: any order and any number of deliveries end in the same fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import PaymentKind, TransactionState

# Whose success moves money, and those that give it back.
MONEY_IN = frozenset({PaymentKind.CAPTURE, PaymentKind.SALE})
MONEY_OUT = frozenset({PaymentKind.REFUND, PaymentKind.CHANGE})
FAILED = frozenset({TransactionState.FAILURE, TransactionState.ERROR})

# When a state was told: the entity's version, when the sender saw it, a digest against ties.
Moment = tuple[int, int, str]
Rank = tuple[int, int, int, int, str]


@dataclass(frozen=True)
class Core:
    """What one message says of the movement itself. It counts as a whole."""

    kind: PaymentKind
    state: TransactionState
    amount: Decimal
    currency: str
    failure: str | None = None
    test: bool = False

    @property
    def moved_money(self) -> bool:
        """Whether it says that money came or went."""
        return self.state is TransactionState.SUCCESS and self.kind in MONEY_IN | MONEY_OUT


@dataclass(frozen=True)
class Told:
    """One message. ``clues`` are what else it names (an order, a parent); empty ones are left out.

    ``version`` and ``observed_at`` are in microseconds since 1970 UTC, 0 when unknown.
    """

    core: Core
    version: int
    observed_at: int
    digest: str
    clues: Mapping[str, str] = field(default_factory=dict)

    @property
    def moment(self) -> Moment:
        """What orders the clues of messages."""
        return (self.version, self.observed_at, self.digest)


@dataclass(frozen=True)
class Fact:
    """All that is known. ``has_succeeded`` and ``has_moved``: some message said that it did what it
    tried, and that money came or went by it.

    ``clues`` are the latest word about each thing, with its moment: what a later message does not
    name is not unsaid by it.
    """

    core: Core
    moment: Moment
    has_succeeded: bool
    has_moved: bool
    clues: Mapping[str, tuple[Moment, str]]

    @property
    def has_failed(self) -> bool:
        """Whether it failed, be it after it had succeeded."""
        return self.core.state in FAILED


def stage(core: Core) -> int:
    """Return how final a state is; versions only decide between states of one stage.

    What is pending decides nothing. An authorisation becomes a capture or a void and never an
    authorisation again. A refund that failed does not succeed any more: its money is back. Any
    other payment can fail after it succeeded, and succeed after a failed attempt.
    """
    if core.state in (TransactionState.PENDING, TransactionState.UNKNOWN):
        return 0
    if core.kind in (PaymentKind.UNKNOWN, PaymentKind.AUTHORIZATION):
        return 1
    return 3 if core.kind is PaymentKind.REFUND and core.state in FAILED else 2


def rank(core: Core, moment: Moment) -> Rank:
    """Return the place of a state among all states of its payment: the largest one holds.

    Where nothing else tells, a failure outranks a success: goods must not leave for nothing.
    """
    version, observed_at, digest = moment
    return (stage(core), version, observed_at, int(core.state in FAILED), digest)


def merge(fact: Fact | None, told: Told) -> Fact:
    """Return what is known after one more message."""
    alone = Fact(
        core=told.core,
        moment=told.moment,
        has_succeeded=told.core.state is TransactionState.SUCCESS,
        has_moved=told.core.moved_money,
        clues={name: (told.moment, value) for name, value in told.clues.items()},
    )
    return alone if fact is None else join(fact, alone)


def join(one: Fact, other: Fact) -> Fact:
    """Return what is known of a payment, given two parts of it."""
    latest = max(one, other, key=lambda fact: rank(fact.core, fact.moment))
    clues = dict(one.clues)
    for name, clue in other.clues.items():
        clues[name] = max(clues.get(name, clue), clue)
    return Fact(
        latest.core,
        latest.moment,
        one.has_succeeded or other.has_succeeded,
        one.has_moved or other.has_moved,
        clues,
    )
