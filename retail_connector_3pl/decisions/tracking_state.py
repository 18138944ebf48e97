"""Where a parcel is, given all that was told of it: the same whatever came first, or twice."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from odoo.addons.retail_connector_base.canonical.parcel_tracking import TrackingState

# What nothing but the way back follows.
ARRIVED = frozenset({TrackingState.DELIVERED, TrackingState.RETURNING, TrackingState.RETURNED})
# What a person must know: the customer does not get the goods.
TROUBLE = frozenset({TrackingState.FAILED, TrackingState.RETURNING, TrackingState.RETURNED})
# What no news are expected of.
AT_REST = frozenset(
    {TrackingState.DELIVERED, TrackingState.RETURNED, TrackingState.FAILED, TrackingState.CANCELLED}
)
# Of two things told for one moment, the further on counts.
_FAR = {
    state: place
    for place, state in enumerate(
        (
            TrackingState.UNKNOWN, TrackingState.CANCELLED, TrackingState.ANNOUNCED,
            TrackingState.IN_TRANSIT, TrackingState.OUT_FOR_DELIVERY, TrackingState.ATTEMPTED,
            TrackingState.READY_FOR_PICKUP, TrackingState.FAILED, TrackingState.DELIVERED,
            TrackingState.RETURNING, TrackingState.RETURNED,
        )
    )
}  # fmt: skip


@dataclass(frozen=True)
class Passed:
    """A milestone: what happened, and when (UTC)."""

    state: TrackingState
    at: datetime


def parcel_key(number: str | None) -> str:
    """Return what makes two spellings of a parcel's number one: its letters and digits."""
    return re.sub(r"[\W_]+", "", number or "").upper()


def next_state(current: TrackingState, told: TrackingState) -> TrackingState:
    """Return where a parcel is that was ``current`` before ``told`` happened.

    Delivered stays so, but for what comes back afterwards. A parcel on its way back that is
    “delivered” was so to its sender. Nothing is announced that has left.
    """
    if told is TrackingState.UNKNOWN:
        return current
    if current is TrackingState.DELIVERED:
        return told if told in ARRIVED else current
    if current in (TrackingState.RETURNING, TrackingState.RETURNED):
        back = told in (TrackingState.DELIVERED, TrackingState.RETURNED)
        return TrackingState.RETURNED if back else current
    if told is TrackingState.ANNOUNCED and current is not TrackingState.UNKNOWN:
        return current
    return told


def state_after(milestones: Iterable[Passed]) -> TrackingState:
    """Return where a parcel is after all of its milestones, in whatever order they were told."""
    state = TrackingState.UNKNOWN
    for passed in sorted(milestones, key=lambda one: (one.at, _FAR[one.state])):
        state = next_state(state, passed.state)
    return state


def adds(state: TrackingState, told: TrackingState) -> bool:
    """Tell whether a state that was told says more than the milestones told with it."""
    return next_state(state, told) is not state
