"""The words of tracking.

Source: the schemas ``status_code`` and ``status_detail_code`` of the specification 1.1.2026-04 and
``tracking_status_detail_code`` of API v2; docs.shipstation.com/apis/docs/guides/webhooks-schemas.
A detail says more than the code that it stands with.
"""

from odoo.addons.retail_connector_base.canonical.parcel_tracking import TrackingState

CODES: dict[str, TrackingState] = {
    "UN": TrackingState.UNKNOWN,
    "NY": TrackingState.ANNOUNCED,
    "AC": TrackingState.IN_TRANSIT,
    "IT": TrackingState.IN_TRANSIT,
    "DE": TrackingState.DELIVERED,
    "EX": TrackingState.FAILED,
    "AT": TrackingState.ATTEMPTED,
    "SP": TrackingState.READY_FOR_PICKUP,
}
_BY_STATE: dict[TrackingState, tuple[str, ...]] = {
    TrackingState.ANNOUNCED: (
        "SHIPMENT_CREATED", "AWAITING_PICKUP_DROP_OFF", "ELEC_ADVICE_RECD_BY_CARRIER",
        "NOT_YET_RECEIVED_BY_CARRIER", "AWAITING_DESPATCH", "COLLECTION_REQUESTED",
        "AWAITING_ELECTRONIC_ADVICE",
    ),
    TrackingState.IN_TRANSIT: (
        "DROPPED_OFF", "PICKED_UP", "CUSTOMS_CLEARED", "CUSTOMS_PROCESSING", "HUB_SCAN_OUT",
        "HUB_SCAN_IN", "IN_TRANSIT", "INFORMATION", "PARCEL_OVER_LABELLED", "RECEIVED_BY_CARRIER",
        "DELIVERY_ARRANGED_WITH_RECIPIENT", "PARCEL_UPDATE_NOTIFICATION",
        "PARCEL_UPDATE_NOTIFICATION_VIA_EMAIL", "PARCEL_UPDATE_NOTIFICATION_VIA_SMS",
        "RECEIVED_LOCAL_DELIVERY_DEPOT", "SUB_CONTRACTOR_EVENT", "SUB_CONTRACTOR_RECEIVED",
        "PARCEL_REDIRECTED", "DELIVERY_SCHEDULED", "HUB_PROCESSING", "DELIVERY_RESCHEDULED",
        "DESPATCHED", "COLLECTION_MADE", "ADDRESS_QUERY", "CARRIER_DELAYS", "DELAYED_NOT_CARRIER",
        "HELD_BY_CARRIER", "HELD_BY_CARRIER_FOR_CLEARANCE_PRE_PROCESSING", "HELD_BY_CUSTOMS",
        "HELD_BY_EXPORT_CUSTOMS", "HELD_BY_IMPORT_CUSTOMS", "INCORRECT_DECLARATION", "MISROUTED",
        "MISSORTED", "ROUTING_ERROR", "PARCEL_REPACKED", "RECD_BY_CARRIER_NO_ELEC_ADVICE",
        "PARCEL_REDIRECTED_BY_CARRIER", "DUTY_NOT_PAID",
    ),
    TrackingState.OUT_FOR_DELIVERY: ("OUT_FOR_DELIVERY",),
    TrackingState.ATTEMPTED: (
        "ATTEMPTED_DELIVERY", "ATTEMPTED_DELIVERY_2ND", "ATTEMPTED_DELIVERY_3RD",
        "ATTEMPTED_DELIVERY_FINAL", "CUSTOMER_CARDED", "COD_AMOUNT_NOT_PAID",
        "CUSTOMER_IDENTIFICATION_FAILED", "INVALID_METHOD_OF_PAYMENT",
        "NO_ACCESS_TO_RECIPIENTS_ADDRESS",
    ),
    TrackingState.READY_FOR_PICKUP: (
        "AWAITING_COLLECTION_FROM_PICKUP_POINT", "COLLECT_AT_LOCAL_PO",
        "CUSTOMER_TO_COLLECT_FROM_CARRIER", "DELIVERED_TO_LOCKER_COLLECTION_POINT",
        "DELIVERED_TO_PICKUP_POINT",
    ),
    TrackingState.DELIVERED: (
        "DELIVERED", "DELIVERED_TO_RECEPTION", "DELIVERED_DAMAGED", "DELIVERED_IN_PART",
        "DELIVERED_SPECIFIED_SAFE_PLACE", "DELIVERED_TO_ALTERNATIVE_DELIVERY_LOCATION",
        "DELIVERED_TO_NEIGHBOUR", "DELIVERED_TO_PO_BOX", "PARCEL_COLLECTED_FROM_PICKUP_POINT",
        "PROOF_OF_DELIVERY", "COD_AMOUNT_PAID",
    ),
    TrackingState.RETURNING: ("RETURN_TO_SENDER", "REFUSED_BY_CUSTOMER",
                              "NOT_COLLECTED_FROM_PICKUP_POINT"),
    TrackingState.RETURNED: ("UNDELIVERABLE_RETURNED_TO_SENDER",),
    TrackingState.FAILED: (
        "PICKUP_FAILED", "COLLECTION_FAILED", "PARCEL_DAMAGED", "CUSTOMER_MOVED",
        "HAZARDOUS_PROHIBITED", "NOT_DELIVERED", "NOT_DELIVERED_ADDRESSEE_DECEASED",
        "PARCEL_DISPOSED", "PARCEL_LOST", "PARCEL_OUTSIDE_OF_SERVICE_CAPABILITY",
        "UNSPECIFIED_EXCEPTION",
    ),
    TrackingState.CANCELLED: ("CANCELLED", "CANCELLED_BEFORE_DESPATCH"),
}  # fmt: skip
DETAILS: dict[str, TrackingState] = {
    word: state for state, words in _BY_STATE.items() for word in words
}
# What a label's own list of states says.
LABEL_STATES: dict[str, TrackingState] = {
    "unknown": TrackingState.UNKNOWN,
    "in_transit": TrackingState.IN_TRANSIT,
    "delivered": TrackingState.DELIVERED,
    # Following it failed, which says nothing of the parcel.
    "error": TrackingState.UNKNOWN,
}


def state_of(code: str | None, detail: str | None) -> TrackingState:
    """Return what a code and its detail say; API v2 writes details as codes."""
    for word in (detail, code):
        if word in DETAILS:
            return DETAILS[word]
    return CODES.get(code or "", TrackingState.UNKNOWN)
