"""How far a return is, and whose turn it is. Values without a database."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

# In the order in which they outweigh one another. Goods that are here outweigh what was said about
# the authorisation, so that the outcome does not depend on what was told first.
STATES = (
    "requested",
    "authorized",
    "in_transit",
    "rejected",
    "cancelled",
    "received",
    "disposed",
    "refund_eligible",
    "refunded",
    "completed",
)
RANK = {state: rank for rank, state in enumerate(STATES)}
# Ended before any goods came.
REFUSED = ("rejected", "cancelled")
# Money in one of these states is somebody's task.
REFUND_OPEN = ("eligible", "asked", "sent", "failed")
REFUND_OVER = ("refunded", "none")
NOTHING = Decimal(0)


def later(current: str | None, told: str | None) -> str | None:
    """Return the further one of two states: a return only moves forwards.

    It is the greater of the two, so any order of messages, with duplicates, ends the same.
    """
    if current is None or told is None:
        return current or told
    return max(current, told, key=RANK.__getitem__)


def is_open(state: str) -> bool:
    """Tell whether goods are still to come, as far as the authorisation goes."""
    return state not in (*REFUSED, "completed")


class Turn(str, Enum):
    """Who has to do something."""

    CUSTOMER = "customer"
    CARRIER = "carrier"
    WAREHOUSE = "warehouse"
    OPERATOR = "operator"
    ACCOUNTANT = "accountant"
    GATEWAY = "gateway"
    CHANNEL = "channel"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Facts:
    """What is known of a return. Units are all lines' together.

    ``expected`` may still come, ``unmoved`` came and are not in Odoo's stock yet, ``undecided``
    wait for their disposition. ``stuck``: a person must correct something before goods move.
    ``refund`` is the state of the money, ``by_channel``: the channel gives it back itself.
    ``due_by_hand``: units could be given back for which a person decides. ``owes``: the customer
    pays for a dearer exchange.
    """

    state: str
    expected: Decimal = NOTHING
    received: Decimal = NOTHING
    unmoved: Decimal = NOTHING
    undecided: Decimal = NOTHING
    stuck: bool = False
    refund: str = "not_due"
    by_channel: bool = False
    due_by_hand: bool = False
    owes: bool = False

    @property
    def goods_over(self) -> bool:
        """Whether nothing is left to do about goods."""
        return not (self.expected or self.unmoved or self.undecided or self.stuck)


def reached(facts: Facts) -> str:
    """Return the state that the facts amount to; never one before the state they name."""
    found = facts.state
    if facts.received:
        found = later(found, "received")
    if facts.state in REFUSED and not facts.received:
        return found
    came = facts.received and facts.goods_over
    if came:
        found = later(found, "disposed")
    if facts.goods_over and facts.refund in REFUND_OPEN and (came or _kept(facts)):
        found = later(found, "refund_eligible")
    if facts.goods_over and facts.refund == "refunded" and (came or _kept(facts)):
        found = later(found, "refunded")
    if _is_over(facts):
        found = later(found, "completed")
    return found


def _kept(facts: Facts) -> bool:
    """Tell whether the customer keeps what was authorised: nothing came, nothing will."""
    return facts.state != "requested" and not facts.expected


def _is_over(facts: Facts) -> bool:
    if facts.state == "requested" or not facts.goods_over or facts.owes:
        return False
    return bool(facts.refund in REFUND_OVER and (facts.received or _kept(facts)))


# What the money waits for, by its state.
MONEY_TURNS = {
    "asked": Turn.ACCOUNTANT,
    "sent": Turn.GATEWAY,
    "failed": Turn.ACCOUNTANT,
}


def whose_turn(facts: Facts) -> Turn:
    """Return who has to do something next: whoever a person of ours can help comes first."""
    if facts.state == "requested" or facts.stuck or facts.undecided:
        return Turn.OPERATOR
    if facts.refund == "eligible":
        return Turn.CHANNEL if facts.by_channel else Turn.ACCOUNTANT
    if facts.refund in MONEY_TURNS:
        return MONEY_TURNS[facts.refund]
    if facts.state == "completed" or (facts.state in REFUSED and not facts.received):
        return Turn.WAREHOUSE if facts.unmoved else Turn.NOBODY
    return _turn_of_goods(facts)


def _turn_of_goods(facts: Facts) -> Turn:
    if facts.unmoved:
        return Turn.WAREHOUSE
    if facts.expected:
        return _turn_of_what_comes(facts)
    if facts.owes:
        return Turn.CUSTOMER
    if facts.due_by_hand or facts.refund == "not_due":
        return Turn.OPERATOR
    return Turn.NOBODY


def _turn_of_what_comes(facts: Facts) -> Turn:
    if facts.received:
        return Turn.WAREHOUSE
    return Turn.CARRIER if facts.state == "in_transit" else Turn.CUSTOMER
