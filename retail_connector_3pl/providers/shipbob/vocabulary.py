"""ShipBob's words and ours. What is not listed here is unknown, and is kept as it was written.

Source: the enumerations of the specification of 2026-01; developer.shipbob.com/status-reference.
"""

from odoo.addons.retail_connector_base.canonical.goods_receipt import ReceiptState
from odoo.addons.retail_connector_base.canonical.goods_return import (
    Condition,
    Disposition,
    ReturnState,
)
from odoo.addons.retail_connector_base.canonical.parcel_tracking import TrackingState
from odoo.addons.retail_connector_base.canonical.shipment import ShipmentState
from odoo.addons.retail_connector_base.canonical.warehouse_invoice import Service
from odoo.addons.retail_connector_base.canonical.warehouse_order import WarehouseOrderState

# Shipments (``OrderStatusEnum``). *Completed* means that it left the building; a label is printed
# before that. *Exception* (no stock) and *OnHold* (address, payment) last until somebody acts.
SHIPMENTS = {
    "None": ShipmentState.PENDING,
    "Processing": ShipmentState.PENDING,
    "LabeledCreated": ShipmentState.PENDING,
    "Exception": ShipmentState.PENDING,
    "OnHold": ShipmentState.PENDING,
    "ImportReview": ShipmentState.PENDING,
    "Completed": ShipmentState.SHIPPED,
    "Cancelled": ShipmentState.CANCELLED,
    # Taken off the shelves' work list: it will not be sent.
    "CleanSweeped": ShipmentState.CANCELLED,
}
HELD = frozenset(("Exception", "OnHold", "ImportReview"))
HELD_WORDS = {
    "Exception": "It cannot be fulfilled",
    "OnHold": "It is on hold",
    "ImportReview": "It waits for somebody at ShipBob to review it",
}
# Details of a shipment that is worked on, and of one that has arrived.
PICKED, PACKED, LABELED, DELIVERED = 100, 101, 102, 203
IN_WORK = frozenset((PICKED, PACKED, LABELED))

# Orders (``OrderStatus``), which ShipBob infers from their shipments.
ORDERS = {
    "Processing": WarehouseOrderState.ACCEPTED,
    "Exception": WarehouseOrderState.ON_HOLD,
    "ImportReview": WarehouseOrderState.ON_HOLD,
    "PartiallyFulfilled": WarehouseOrderState.IN_PROGRESS,
    "Fulfilled": WarehouseOrderState.SHIPPED,
    "Cancelled": WarehouseOrderState.CANCELLED,
}

# Returns: written with and without a space.
RETURNS = {
    "awaitingarrival": ReturnState.AUTHORIZED,
    "arrived": ReturnState.RECEIVED,
    "processing": ReturnState.RECEIVED,
    "completed": ReturnState.COMPLETED,
    "cancelled": ReturnState.CANCELLED,
}
# What was done with returned goods, and what that says of them.
ACTIONS = {
    "restock": (Condition.SELLABLE, Disposition.RESTOCK),
    "quarantine": (Condition.UNKNOWN, Disposition.UNDECIDED),
    "dispose": (Condition.UNKNOWN, Disposition.SCRAP),
}
REASONS = {
    "damaged": Condition.DAMAGED,
    "damagedintransit": Condition.DAMAGED,
    "damagedpackaging": Condition.DAMAGED,
    "broken": Condition.DAMAGED,
    "expired": Condition.DEFECTIVE,
    "defective": Condition.DEFECTIVE,
    "missingparts": Condition.DEFECTIVE,
    "opened": Condition.OPENED,
    "used": Condition.OPENED,
    "wrongitem": Condition.WRONG_ITEM,
    "incorrectitem": Condition.WRONG_ITEM,
}

# Warehouse receiving orders (``ReceivingStatus``).
RECEIPTS = {
    "Incomplete": ReceiptState.EXPECTED,
    "Awaiting": ReceiptState.EXPECTED,
    "Arrived": ReceiptState.ARRIVED,
    "PartiallyArrived": ReceiptState.ARRIVED,
    "ArrivedAtHub": ReceiptState.ARRIVED,
    "PartiallyArrivedAtHub": ReceiptState.ARRIVED,
    "Processing": ReceiptState.RECEIVING,
    "ProcessingAtHub": ReceiptState.RECEIVING,
    "InternalTransfer": ReceiptState.RECEIVING,
    "Completed": ReceiptState.COMPLETED,
    "Cancelled": ReceiptState.CANCELLED,
}

# Trackings (``ShipmentTrackingResponse.status``).
TRACKINGS = {
    "PreTransit": TrackingState.ANNOUNCED,
    "InTransit": TrackingState.IN_TRANSIT,
    "Available for Pickup": TrackingState.READY_FOR_PICKUP,
    "Delivered": TrackingState.DELIVERED,
    "Delivery attempt Failed": TrackingState.ATTEMPTED,
    "DeliveryException": TrackingState.FAILED,
    "Exception": TrackingState.FAILED,
    "Failed": TrackingState.FAILED,
    "Return to sender": TrackingState.RETURNING,
    "Cancelled": TrackingState.CANCELLED,
}
# The finer word says what the coarse one does not.
SUBSTATUSES = {
    "outfordelivery": TrackingState.OUT_FOR_DELIVERY,
    "failedattempt": TrackingState.ATTEMPTED,
    "returnedtosender": TrackingState.RETURNED,
}

# Invoices: the kind of an invoice says what its lines are for, unless the fee's name does.
SERVICES = {
    "Shipping": Service.FREIGHT,
    "WarehouseStorage": Service.STORAGE,
    "Inbound Fee": Service.RECEIVING,
    "Return": Service.RETURN,
    "AdditionalFee": Service.OTHER,
    "Credits": Service.OTHER,
}
# Source: the names that ``/transaction-fees`` lists, by the first of these that is part of one.
FEES = (
    ("storage", Service.STORAGE),
    ("warehousing", Service.STORAGE),
    ("pick", Service.PICK),
    ("pack", Service.PACK),
    ("box", Service.MATERIAL),
    ("material", Service.MATERIAL),
    ("shipping", Service.FREIGHT),
    ("freight", Service.FREIGHT),
    ("receiving", Service.RECEIVING),
    ("wro", Service.RECEIVING),
    ("return", Service.RETURN),
)
# What is no charge for work.
NOT_CHARGED = frozenset(("Payment", "BalanceAdjustment"))

# Units that orders are written in: pieces, inner packs, cases, pallets.
UNITS = frozenset(("EA", "INP", "CS", "PL"))


def plain(word: str | None) -> str:
    """Return a word without what ShipBob writes in several ways: case, spaces, hyphens."""
    return "".join(char for char in (word or "").lower() if char.isalnum())
