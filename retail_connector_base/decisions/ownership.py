"""Whose value holds: a three-way comparison under the rule of who owns the field.

``before`` is what the other system told last (imported or acknowledged), ``theirs`` what it tells
now, ``ours`` what Odoo holds now. A value is anything that compares: a text, a number, a tuple.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Owner(str, Enum):
    """Who owns a field, as seen from one backend.

    ``separate``: each side keeps its own, neither takes the other's. ``elsewhere``: another
    backend of the company owns it.
    """

    ODOO = "odoo"
    CHANNEL = "channel"
    SEPARATE = "separate"
    ELSEWHERE = "elsewhere"


class Policy(str, Enum):
    """What to do when the other side wants something else than the owner."""

    OWNER_WINS = "owner_wins"
    NEWEST_WINS = "newest_wins"
    ASK = "ask"


class Ruling(str, Enum):
    """What becomes of the value that they tell.

    ``same`` and ``keep`` need no word: there is no news. ``refuse`` is a change that is not taken.
    """

    SAME = "same"
    KEEP = "keep"
    APPLY = "apply"
    REFUSE = "refuse"
    ASK = "ask"


class Unknown(Enum):
    """Stands for ``before`` when the other system never told a value."""

    NEVER_TOLD = "never told"


NEVER_TOLD = Unknown.NEVER_TOLD


@dataclass(frozen=True)
class Rule:
    """Who owns a field, and what holds in a conflict. ``fills`` lets anybody fill an empty one."""

    owner: Owner
    policy: Policy = Policy.OWNER_WINS
    fills: bool = True


@dataclass(frozen=True)
class Facts:
    """The three values of a field; times are microseconds since 1970 UTC, 0 when unknown."""

    before: object
    theirs: object
    ours: object
    their_time: int = 0
    our_time: int = 0

    @property
    def they_changed(self) -> bool:
        """Whether they tell something else than before."""
        return self.before is NEVER_TOLD or self.theirs != self.before

    @property
    def we_changed(self) -> bool:
        """Whether Odoo holds something else than they told last. What is empty was never made."""
        return not is_empty(self.ours) if self.before is NEVER_TOLD else self.ours != self.before


@dataclass(frozen=True)
class Decision:
    """A ruling. ``loses`` says that an ``apply`` replaces a value that somebody made in Odoo."""

    ruling: Ruling
    loses: bool = False

    @property
    def is_told(self) -> bool:
        """Whether a person is to see it: a value is lost, or not taken."""
        return self.loses or self.ruling in (Ruling.REFUSE, Ruling.ASK)


def is_empty(value: object) -> bool:
    """Tell whether a value says nothing. Zero and ``False`` do say something."""
    return value is None or value == "" or value == () or value == []


def decide(rule: Rule, facts: Facts) -> Decision:
    """Decide about one field.

    The owner's value is never replaced unseen: what replaces it by a policy is told (``loses``),
    what is not taken is refused or asked about. A value that is told twice has no second effect.
    """
    if facts.theirs == facts.ours:
        return Decision(Ruling.SAME)
    if rule.owner is Owner.SEPARATE:
        return Decision(Ruling.KEEP)
    if rule.fills and facts.before is NEVER_TOLD and is_empty(facts.ours):
        return Decision(Ruling.APPLY)
    if rule.owner is Owner.ELSEWHERE:
        return Decision(Ruling.REFUSE if facts.they_changed else Ruling.KEEP)
    return _POLICIES[rule.policy](rule.owner, facts)


def _owner_wins(owner: Owner, facts: Facts) -> Decision:
    if owner is Owner.CHANNEL:
        return Decision(Ruling.APPLY, loses=facts.we_changed)
    return Decision(Ruling.REFUSE if facts.they_changed else Ruling.KEEP)


def _newest_wins(owner: Owner, facts: Facts) -> Decision:
    if not facts.they_changed:
        return Decision(Ruling.KEEP)
    if not facts.we_changed:
        return Decision(Ruling.APPLY)
    if not (facts.their_time and facts.our_time) or facts.their_time == facts.our_time:
        return _owner_wins(owner, facts)
    newer = facts.their_time > facts.our_time
    return Decision(Ruling.APPLY, loses=True) if newer else Decision(Ruling.REFUSE)


def _ask(owner: Owner, facts: Facts) -> Decision:
    if not facts.they_changed:
        return Decision(Ruling.KEEP)
    if owner is Owner.CHANNEL and not facts.we_changed:
        return Decision(Ruling.APPLY)
    return Decision(Ruling.ASK)


_POLICIES = {
    Policy.OWNER_WINS: _owner_wins,
    Policy.NEWEST_WINS: _newest_wins,
    Policy.ASK: _ask,
}


def decide_all(rules: Mapping[str, Rule], facts: Mapping[str, Facts]) -> dict[str, Decision]:
    """Decide about several fields of one record; each has its rule."""
    return {name: decide(rules[name], each) for name, each in facts.items()}
