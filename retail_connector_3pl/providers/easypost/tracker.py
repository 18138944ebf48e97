"""A tracker as a message. Source: docs.easypost.com/docs/trackers."""

from odoo.addons.retail_connector_base.canonical.parcel_tracking import (
    Milestone,
    ParcelTracking,
    TrackingState,
)

from .node import Node
from .vocabulary import DETAILS, STATES


def to_tracking(tracker: Node) -> ParcelTracking:
    """Return what a tracker tells. A return label's parcel is on its way to us, not coming back."""
    return ParcelTracking(
        external_id=tracker.required_identifier(),
        updated_at=tracker.utc("updated_at"),
        number=tracker.required("tracking_code"),
        carrier=tracker.text("carrier"),
        state=_state(tracker),
        url=tracker.text("public_url"),
        expected_at=tracker.utc("est_delivery_date"),
        signed_by=tracker.text("signed_by"),
        milestones=tuple(_milestone(detail) for detail in tracker.children("tracking_details")),
    )


def _milestone(detail: Node) -> Milestone:
    return Milestone(
        state=_state(detail),
        occurred_at=detail.utc("datetime"),
        text=detail.text("message") or detail.text("description"),
        place=_place(detail.child("tracking_location")),
    )


def _state(node: Node) -> TrackingState:
    status, detail = node.text("status") or "", node.text("status_detail") or ""
    return DETAILS.get((status, detail)) or STATES.get(status, TrackingState.UNKNOWN)


def _place(location: Node | None) -> str | None:
    if location is None:
        return None
    parts = [location.text(key) for key in ("city", "state", "country")]
    return ", ".join(part for part in parts if part) or None
