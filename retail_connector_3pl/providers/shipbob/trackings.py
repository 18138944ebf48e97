"""Where parcels are, as their carriers told ShipBob.

Source: the schema ``ShipmentTrackingResponse`` and its history; a shipment's own ``delivery_date``.
"""

from odoo.addons.retail_connector_base.canonical import ParcelTracking, TrackingState
from odoo.addons.retail_connector_base.canonical.parcel_tracking import Milestone

from .cartons import trackings_of
from .node import Node
from .vocabulary import SUBSTATUSES, TRACKINGS, plain


def to_tracking(shown: Node) -> ParcelTracking:
    """Return the way of a shipment's parcel so far."""
    history = [_milestone(one) for one in shown.children("history")]
    dated = [one.occurred_at for one in history if one.occurred_at]
    return ParcelTracking(
        external_id=shown.required_identifier("shipment_id"),
        updated_at=max([*dated, *filter(None, [shown.utc("last_updated")])], default=None),
        number=shown.required("carrier_tracking_number"),
        carrier=shown.text("carrier"),
        state=_state(shown),
        url=shown.text("public_tracking_url"),
        expected_at=shown.utc("eta"),
        milestones=tuple(sorted(history, key=_moment)),
    )


def delivered(shipment: Node) -> ParcelTracking | None:
    """Return what a delivered shipment says of its parcel, ``None`` if nothing."""
    arrived, trackings = shipment.utc("delivery_date"), trackings_of(shipment)
    if arrived is None or not trackings:
        return None
    return ParcelTracking(
        external_id=shipment.required_identifier(),
        updated_at=arrived,
        number=trackings[0].number,
        carrier=shipment.inner("tracking").text("carrier"),
        state=TrackingState.DELIVERED,
        url=trackings[0].url,
        milestones=(Milestone(state=TrackingState.DELIVERED, occurred_at=arrived),),
    )


def _state(shown: Node) -> TrackingState:
    finer = SUBSTATUSES.get(plain(shown.text("substatus")))
    return finer or TRACKINGS.get(shown.text("status") or "", TrackingState.UNKNOWN)


def _milestone(shown: Node) -> Milestone:
    state, words = _state(shown), shown.text("message") or shown.text("carrier_message")
    if state is TrackingState.UNKNOWN:
        words = words or shown.text("status")
    return Milestone(
        state=state,
        occurred_at=shown.utc("timestamp"),
        text=words,
        place=shown.text("location"),
    )


def _moment(milestone: Milestone) -> float:
    return milestone.occurred_at.timestamp() if milestone.occurred_at else 0.0
