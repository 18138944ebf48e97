"""What a dispute's state means for the money, and which of two states holds."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from odoo.addons.retail_connector_base.canonical import DisputeState

RANKS = {
    DisputeState.UNKNOWN: 0,
    DisputeState.INQUIRY: 1,
    DisputeState.NEEDS_RESPONSE: 2,
    DisputeState.UNDER_REVIEW: 3,
    DisputeState.CLOSED: 4,
    DisputeState.ACCEPTED: 5,
    DisputeState.LOST: 5,
    DisputeState.WON: 5,
}
# The bank has taken the money.
WITHDRAWN = frozenset(
    {
        DisputeState.NEEDS_RESPONSE,
        DisputeState.UNDER_REVIEW,
        DisputeState.ACCEPTED,
        DisputeState.LOST,
        DisputeState.WON,
    }
)
# Nothing comes back any more.
DECIDED = frozenset({DisputeState.ACCEPTED, DisputeState.LOST, DisputeState.WON})
ENDED = DECIDED | {DisputeState.CLOSED}
# Somebody must answer.
ASKING = frozenset({DisputeState.INQUIRY, DisputeState.NEEDS_RESPONSE})


class Step(str, Enum):
    """What becomes of a state that is told."""

    STALE = "stale"
    ON = "on"
    # The gateway goes back on what it had decided.
    REOPENED = "reopened"


def step(known: DisputeState | None, told: DisputeState, is_newer: bool) -> Step:
    """Judge a state: of one age the one that is further holds, a newer one may also go back."""
    if known is None or RANKS[told] > RANKS[known]:
        return Step.ON
    if not is_newer:
        return Step.ON if told is known else Step.STALE
    if known in DECIDED and told is not known:
        return Step.REOPENED
    return Step.ON


@dataclass(frozen=True)
class Money:
    """What a dispute moves, in its own currency, all positive.

    ``taken`` by the bank, ``back`` of it, ``lost`` for good. ``open`` may still come back.
    """

    taken: Decimal = Decimal(0)
    back: Decimal = Decimal(0)
    lost: Decimal = Decimal(0)

    @property
    def open(self) -> Decimal:
        """What nobody has decided about."""
        return self.taken - self.back - self.lost


def money(state: DisputeState, amount: Decimal, won: Decimal | None, was_taken: bool) -> Money:
    """Return what has moved in a state.

    ``won`` is what came back where the gateway tells it; of a dispute that was won without a word
    about it, that is all. ``was_taken``: money was seen to go before; an inquiry takes none, and
    one that is closed without a decision has taken none unless it was seen: then it comes back.
    """
    if state not in WITHDRAWN and not was_taken:
        return Money()
    back = _back(state, amount, won)
    lost = amount - back if state in ENDED else Decimal(0)
    return Money(taken=amount, back=back, lost=lost)


def _back(state: DisputeState, amount: Decimal, won: Decimal | None) -> Decimal:
    if state in (DisputeState.WON, DisputeState.CLOSED):
        return amount if won is None else min(max(won, Decimal(0)), amount)
    if state in DECIDED and won:
        return min(max(won, Decimal(0)), amount)
    return Decimal(0)
