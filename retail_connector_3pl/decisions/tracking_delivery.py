"""Where a delivery is, given its parcels."""

from collections.abc import Collection, Iterable

from odoo.addons.retail_connector_base.canonical.parcel_tracking import TrackingState

from .tracking_state import TROUBLE

# What a delivery of several parcels is called, in this order of weight.
_UNDERWAY = (
    TrackingState.ATTEMPTED,
    TrackingState.READY_FOR_PICKUP,
    TrackingState.OUT_FOR_DELIVERY,
    TrackingState.IN_TRANSIT,
    TrackingState.ANNOUNCED,
)


def parcel_state(told: Collection[TrackingState]) -> TrackingState:
    """Return where one parcel is that several services follow: what came of it counts first."""
    for state in (TrackingState.RETURNED, TrackingState.RETURNING, TrackingState.DELIVERED,
                  TrackingState.FAILED, *_UNDERWAY, TrackingState.CANCELLED):  # fmt: skip
        if state in told:
            return state
    return TrackingState.UNKNOWN


def delivery_state(parcels: Iterable[TrackingState]) -> TrackingState:
    """Return where a delivery is: trouble with one parcel is trouble; delivered are all or none.

    ``parcels`` has a state for every parcel, ``UNKNOWN`` for those nothing is known of.
    """
    found = [state for state in parcels if state is not TrackingState.CANCELLED]
    troubles = [state for state in found if state in TROUBLE]
    if troubles:
        return troubles[0]
    if found and all(state is TrackingState.DELIVERED for state in found):
        return TrackingState.DELIVERED
    if TrackingState.DELIVERED in found:
        found.append(TrackingState.IN_TRANSIT)
    return next((state for state in _UNDERWAY if state in found), TrackingState.UNKNOWN)
