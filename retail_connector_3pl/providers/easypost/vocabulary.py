"""EasyPost's words. Source: docs.easypost.com/docs/trackers (status, status_detail)."""

from odoo.addons.retail_connector_base.canonical.parcel_tracking import TrackingState

STATES: dict[str, TrackingState] = {
    "unknown": TrackingState.UNKNOWN,
    "pre_transit": TrackingState.ANNOUNCED,
    "in_transit": TrackingState.IN_TRANSIT,
    "out_for_delivery": TrackingState.OUT_FOR_DELIVERY,
    "delivered": TrackingState.DELIVERED,
    "available_for_pickup": TrackingState.READY_FOR_PICKUP,
    "return_to_sender": TrackingState.RETURNING,
    "failure": TrackingState.FAILED,
    "cancelled": TrackingState.CANCELLED,
    # Something went wrong with following the parcel, not with the parcel.
    "error": TrackingState.UNKNOWN,
}
# Details that say more than the status they stand with.
DETAILS: dict[tuple[str, str], TrackingState] = {
    ("in_transit", "delivery_attempted"): TrackingState.ATTEMPTED,
    ("in_transit", "delivery_exception"): TrackingState.ATTEMPTED,
    ("failure", "delivery_attempted"): TrackingState.ATTEMPTED,
    ("return_to_sender", "arrived_at_destination"): TrackingState.RETURNED,
    ("return_to_sender", "returned"): TrackingState.RETURNED,
}
