"""What will come: suppliers' deliveries (WROs), and what customers send back.

Source: ``POST /receiving`` (``CreateReceivingOrderModel``) and ``POST /return``
(``CreateReturnRequest``). A WRO carries our reference as its purchase order number, which is not
unique there: a doubtful outcome is looked up before anything is sent again. That of a return is.
"""

from collections.abc import Sequence
from datetime import timedelta

from odoo.addons.retail_connector_base.canonical import (
    AnnouncedLine,
    AnnounceReceipt,
    AnnounceReturn,
    CancelAnnouncement,
    CancelReturn,
    ReceiptState,
    ShipmentState,
)
from odoo.addons.retail_connector_base.providers import (
    CommandResult,
    RejectedError,
    UnknownOutcomeError,
)

from .client import Row, ShipBobClient
from .http import RefusedError
from .items import Items, whole
from .node import Node
from .releasing import find_order
from .shipments import state_of
from .vocabulary import RECEIPTS, plain

# When goods arrive that nobody gave a date for.
SOMETIME = timedelta(days=7)
LONGEST_REFERENCE = 50


# Suppliers' deliveries


def announce_receipt(client: ShipBobClient, command: AnnounceReceipt) -> CommandResult:
    """Announce a delivery as one WRO of one box."""
    made = client.post("receiving", receipt_body(client, command))
    notes = []
    if len(command.trackings) > 1:
        notes.append("ShipBob wants the contents of each box: only the first number was told.")
    if any(len(line.lots) > 1 for line in command.lines):
        notes.append("Lines with several lots were announced without them.")
    return CommandResult(external_ids=(_id(made, "WRO"),), notes=tuple(notes))


def receipt_body(client: ShipBobClient, command: AnnounceReceipt) -> Row:
    """Return a WRO as ShipBob wants it."""
    expected = command.expected_at or client.now() + SOMETIME
    tracking = command.trackings[0].number if command.trackings else ""
    return {
        "fulfillment_center": {"id": _centre(command.location_external_id)},
        "purchase_order_number": command.reference,
        "expected_arrival_date": expected.isoformat(),
        "package_type": "Package",
        "box_packaging_type": "EverythingInOneBox",
        "boxes": [{"tracking_number": tracking, "box_items": _box_items(client, command.lines)}],
    }


def _box_items(client: ShipBobClient, lines: Sequence[AnnouncedLine]) -> list[Row]:
    numbers = Items(client).of(lines)
    found = []
    for line in lines:
        units = whole(line.quantity, line.name)
        item = {"inventory_id": numbers[line.external_id], "quantity": units}
        if len(line.lots) == 1:
            item["lot_number"] = line.lots[0]
        found.append(item)
    return found


def look_up_receipt(client: ShipBobClient, reference: str) -> CommandResult | None:
    """Return the WRO of a reference that was not cancelled, ``None`` without one."""
    found = _receipts(client, reference)
    return CommandResult(external_ids=(str(found[0]["id"]),)) if found else None


def _receipts(client: ShipBobClient, reference: str) -> list[Row]:
    pages = client.numbered("receiving", PurchaseOrderNumbers=reference)
    return [
        row for _number, rows in pages for row in rows
        if row.get("purchase_order_number") == reference
        and RECEIPTS.get(row.get("status", "")) is not ReceiptState.CANCELLED
    ]  # fmt: skip


def cancel_announcement(client: ShipBobClient, command: CancelAnnouncement) -> CommandResult:
    """Take a WRO back. What is cancelled already, or never was, is taken back."""
    number = command.announcement_external_id
    if not number:
        found = _receipts(client, command.reference)
        if not found:
            return CommandResult(notes=("ShipBob has no WRO of this reference.",))
        number = str(found[0]["id"])
    try:
        client.post(f"receiving/{number}:cancel", harmless=True)
    except RefusedError:
        if look_up_cancelled(client, number) is None:
            raise
    return CommandResult(external_ids=(number,))


def look_up_cancelled(client: ShipBobClient, number: str | None) -> CommandResult | None:
    """Return the result of a WRO that was taken back, ``None`` while it stands."""
    row = client.find(f"receiving/{number}") if number else None
    if row is None or RECEIPTS.get(row.get("status", "")) is not ReceiptState.CANCELLED:
        return None
    return CommandResult(external_ids=(str(number),))


# What customers send back


def announce_return(client: ShipBobClient, command: AnnounceReturn) -> CommandResult:
    """Announce a return; each item is dealt with as ShipBob was told for it."""
    body = return_body(client, command)
    try:
        made = client.post("return", body)
    except RefusedError as error:
        found = look_up_return(client, command) if error.is_duplicate else None
        if found is None:
            raise
        return found
    return CommandResult(external_ids=(_id(made, "return"),))


def return_body(client: ShipBobClient, command: AnnounceReturn) -> Row:
    """Return a return as ShipBob wants it."""
    if len(command.reference) > LONGEST_REFERENCE:
        raise RejectedError(f"A reference may have {LONGEST_REFERENCE} characters.")
    numbers = Items(client).of(command.lines)
    body: Row = {
        "fulfillment_center": {"id": _centre(command.location_external_id)},
        "reference_id": command.reference,
        "inventory": [
            {
                "id": numbers[line.external_id],
                "quantity": whole(line.quantity, line.name),
                "requested_action": "Default",
                **({"lot_number": line.lots[0]} if len(line.lots) == 1 else {}),
            }
            for line in command.lines
        ],
    }
    if command.trackings:
        body["tracking_number"] = command.trackings[0].number
    shipment = _shipment_of(client, command.order_external_id, {*numbers.values()})
    if shipment:
        body["original_shipment_id"] = shipment
    return body


def _shipment_of(client: ShipBobClient, reference: str | None, items: set[int]) -> int | None:
    """Return the shipment that held most of what comes back, ``None`` if nobody can tell."""
    order = find_order(client, reference) if reference else None
    found = []
    for row in (order or {}).get("shipments") or ():
        if state_of(Node(row)) is ShipmentState.SHIPPED:
            held = {
                item.get("id") for product in row.get("products") or ()
                for item in product.get("inventory_items") or ()
            }  # fmt: skip
            found.append((len(items & held), int(row["id"])))
    best = max(found, default=(0, 0))
    return best[1] if best[0] else None


def look_up_return(client: ShipBobClient, command: AnnounceReturn) -> CommandResult | None:
    """Return the return of a reference that was not cancelled, ``None`` without one."""
    number = _return_number(client, command.reference)
    return CommandResult(external_ids=(number,)) if number else None


def cancel_return(client: ShipBobClient, command: CancelReturn) -> CommandResult:
    """Take a return back (``POST /return/{id}:cancel``). What is cancelled already, is."""
    number = command.announcement_external_id or _return_number(client, command.reference)
    if not number:
        return CommandResult(notes=("ShipBob has no return of this reference.",))
    try:
        client.post(f"return/{number}:cancel", harmless=True)
    except RefusedError:
        if look_up_cancelled_return(client, number) is None:
            raise
    return CommandResult(external_ids=(number,))


def look_up_cancelled_return(client: ShipBobClient, number: str | None) -> CommandResult | None:
    """Return the result of a return that was taken back, ``None`` while it stands."""
    row = client.find(f"return/{number}") if number else None
    if row is None or plain(row.get("status")) != "cancelled":
        return None
    return CommandResult(external_ids=(str(number),))


def _return_number(client: ShipBobClient, reference: str) -> str | None:
    for row in client.every("return", ReferenceIds=reference, Limit=10):
        if row.get("reference_id") == reference and plain(row.get("status")) != "cancelled":
            return str(row["id"])
    return None


def _centre(location: str) -> int:
    if not location.isascii() or not location.isdigit():
        raise RejectedError("The warehouse is no fulfilment centre of ShipBob's.")
    return int(location)


def _id(made: object, what: str) -> str:
    number = made.get("id") if isinstance(made, dict) else None
    if not number:
        raise UnknownOutcomeError(f"ShipBob took the {what}, but did not name it.")
    return str(number)
