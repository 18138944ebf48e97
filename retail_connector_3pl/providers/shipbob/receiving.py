"""Warehouse receiving orders (WROs): what suppliers send, and what of it lies on the shelves.

Source: the schemas ``WarehouseReceivingOrderViewModel`` and ``BoxViewModel``. What is received is
counted first and stowed later; only then can it be sent, and is on hand.
"""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import GoodsReceipt
from odoo.addons.retail_connector_base.canonical.goods_receipt import ReceiptLine, ReceiptState
from odoo.addons.retail_connector_base.canonical.shipment import Lot

from .node import Node
from .vocabulary import RECEIPTS

# Our own addition to what was read: the boxes, which alone know lots.
BOXES = "boxes"
Lots = dict[str, list[Lot]]


def to_receipt(shown: Node) -> GoodsReceipt:
    """Return a receipt; our reference of its announcement is its purchase order number."""
    word = shown.text("status")
    state = RECEIPTS.get(word or "", ReceiptState.UNKNOWN)
    lots = _lots(shown)
    return GoodsReceipt(
        external_id=shown.required_identifier(),
        updated_at=shown.newest("last_updated_date", "insert_date"),
        announcement_reference=shown.text("purchase_order_number"),
        state=state,
        location_external_id=shown.inner("fulfillment_center").identifier(),
        received_at=_received_at(shown),
        lines=tuple(_line(one, lots) for one in shown.children("inventory_quantities")),
        note=word if state is ReceiptState.UNKNOWN else None,
    )


def _line(row: Node, lots: Lots) -> ReceiptLine:
    number, stowed = row.required_identifier("inventory_id"), row.units("stowed_quantity")
    told = tuple(lots.get(number, ()))
    # Lots that do not add up to what lies there say nothing that could be booked.
    fits = sum((lot.quantity for lot in told), Decimal(0)) <= stowed
    return ReceiptLine(
        external_id=number,
        sku=row.text("sku"),
        quantity=stowed,
        expected_quantity=row.decimal("expected_quantity"),
        lots=told if fits else (),
    )


def _lots(shown: Node) -> Lots:
    counts: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    expiry = {}
    for box in shown.children(BOXES):
        for item in box.children("box_items"):
            number, units = item.text("lot_number"), item.units("stowed_quantity")
            if number and units:
                key = item.required_identifier("inventory_id"), number
                counts[key] += units
                expiry[key] = item.day("lot_date")
    found: Lots = defaultdict(list)
    for (inventory, number), units in counts.items():
        lot = Lot(number=number, quantity=units, expires_on=expiry[inventory, number])
        found[inventory].append(lot)
    return found


def _received_at(shown: Node) -> datetime | None:
    """Return when it was finished, or when it changed last where something has come."""
    done = [
        one.utc("timestamp") for one in shown.children("status_history")
        if one.text("status") == "Completed"
    ]  # fmt: skip
    if any(done):
        return max(filter(None, done))
    came = any(row.units("stowed_quantity") for row in shown.children("inventory_quantities"))
    return shown.utc("last_updated_date") if came else None
