"""A parcel's way as a message. Source: the schema ``tracking_information``.

Parcels have no id of their own: their number is it. When something was heard last is their version.
"""

from odoo.addons.retail_connector_base.canonical.parcel_tracking import (
    Milestone,
    ParcelTracking,
    TrackingState,
)

from .node import Node
from .vocabulary import LABEL_STATES, state_of


def to_tracking(told: Node) -> ParcelTracking:
    """Return what is told of a parcel."""
    events = list(told.children("events"))
    milestones = tuple(_milestone(event) for event in events)
    number = told.required("tracking_number")
    moments = [one.occurred_at for one in milestones if one.occurred_at]
    state = _state(told)
    delivered = told.utc("actual_delivery_date")
    if state is TrackingState.DELIVERED and delivered and not _has(milestones, state):
        milestones += (Milestone(state=state, occurred_at=delivered),)
        moments.append(delivered)
    return ParcelTracking(
        external_id=number,
        updated_at=max(moments, default=told.utc("ship_date")),
        number=number,
        carrier=told.text("carrier_code"),
        state=state,
        url=told.text("tracking_url"),
        expected_at=told.utc("estimated_delivery_date"),
        signed_by=next((found for event in events if (found := event.text("signer"))), None),
        milestones=milestones,
    )


def of_label(label: Node) -> ParcelTracking:
    """Return what the list of labels says of a parcel."""
    number = label.required("tracking_number")
    return ParcelTracking(
        external_id=number,
        number=number,
        carrier=label.text("carrier_code"),
        state=LABEL_STATES.get(label.text("tracking_status") or "", TrackingState.UNKNOWN),
    )


def _has(milestones: tuple[Milestone, ...], state: TrackingState) -> bool:
    return any(one.state is state for one in milestones)


def _milestone(event: Node) -> Milestone:
    return Milestone(
        state=_state(event),
        occurred_at=event.utc("occurred_at"),
        text=event.text("carrier_status_description") or event.text("status_description"),
        place=_place(event),
    )


def _state(node: Node) -> TrackingState:
    return state_of(node.text("status_code"), node.text("status_detail_code"))


def _place(event: Node) -> str | None:
    parts = [event.text(key) for key in ("city_locality", "state_province", "country_code")]
    return ", ".join(part for part in parts if part) or None
