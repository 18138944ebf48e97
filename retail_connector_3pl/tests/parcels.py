"""News of parcels as canonical messages, and deliveries with parcels."""

from datetime import datetime, timedelta, timezone

from odoo.addons.retail_connector_base.canonical.parcel_tracking import (
    Milestone,
    ParcelTracking,
    TrackingState,
)

START = datetime(2026, 5, 4, 9, 30, tzinfo=timezone.utc)


def at(hours):
    """Return a moment hours after the start."""
    return START + timedelta(hours=hours)


def step(state, hours, text=None, place=None):
    """Return a milestone."""
    return Milestone(state=TrackingState(state), occurred_at=at(hours), text=text, place=place)


def news(number, state, *milestones, external_id=None, hours=None, **values):
    """Return what a service says of a parcel."""
    told = max((one.occurred_at for one in milestones if one.occurred_at), default=START)
    return ParcelTracking(
        external_id=external_id or f"trk_{number}",
        updated_at=told if hours is None else at(hours),
        number=number,
        state=TrackingState(state),
        milestones=milestones,
        **values,
    )


def pack(picking, *numbers):
    """Give a delivery its parcels' numbers and let it leave."""
    picking.carrier_tracking_ref = ",".join(numbers)
    picking.move_ids.write({"picked": True})
    picking._action_done()
    return picking
