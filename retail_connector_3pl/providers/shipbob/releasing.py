"""Orders that ShipBob is to send.

Source: ``POST /order``, the schema ``CreateOrderModel``: ``reference_id`` is unique in a channel
and never changes; a second one is refused (422, "Cannot insert order with existing ReferenceId").
"""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from odoo.addons.retail_connector_base.canonical import (
    ReleaseLine,
    ReleaseOrder,
    WarehouseOrderState,
)
from odoo.addons.retail_connector_base.providers import (
    CommandResult,
    MalformedPayloadError,
    RejectedError,
    UnknownOutcomeError,
)
from odoo.addons.retail_connector_base.providers.reading import understood

from .addresses import recipient_of
from .client import Row, ShipBobClient
from .http import RefusedError
from .items import whole
from .node import Node
from .orders import to_order
from .vocabulary import UNITS

STANDARD = "Standard"
# What an order's state says of the release itself.
ANSWERS = {
    WarehouseOrderState.ACCEPTED: "accepted",
    WarehouseOrderState.IN_PROGRESS: "accepted",
    WarehouseOrderState.ON_HOLD: "on_hold",
}
_BIGGEST = 2**31
_NOTE, _TAG = 500, 50


def release(client: ShipBobClient, command: ReleaseOrder) -> CommandResult:
    """Have an order sent. What was sent before under its reference counts if it is the same."""
    try:
        made = client.post("order", order_body(client, command))
    except RefusedError as error:
        if error.status not in (400, 409, 422) or not error.is_duplicate:
            raise
        found = find_order(client, command.order_external_id)
        if found is None or not is_ours(found, command):
            raise RejectedError(
                "ShipBob has another order under this reference. Release it under a new one."
            ) from error
        return result_of(found, command, "ShipBob had this order already.")
    if not isinstance(made, dict) or not made.get("id"):
        raise UnknownOutcomeError("ShipBob took the order, but did not name it.")
    return result_of(made, command)


def look_up_release(client: ShipBobClient, command: ReleaseOrder) -> CommandResult | None:
    """Return the order that a command made, ``None`` if there is none of ours."""
    found = find_order(client, command.order_external_id)
    return result_of(found, command) if found and is_ours(found, command) else None


def find_order(client: ShipBobClient, reference: str) -> Row | None:
    """Return our channel's order of a reference."""
    channel = client.require_channel()
    rows = client.get("order", ReferenceIds=reference, Limit=10)
    found = [row for row in rows or () if row.get("reference_id") == reference]
    ours = [row for row in found if str((row.get("channel") or {}).get("id")) == channel]
    return (ours or found or [None])[0]


def is_ours(found: Row, command: ReleaseOrder) -> bool:
    """Tell whether an order holds what a command wants: the same items, as many of each."""
    told: Counter[str] = Counter()
    for product in found.get("products") or ():
        told[str(product.get("reference_id") or product.get("sku"))] += int(product["quantity"])
    wanted: Counter[str] = Counter()
    for line in command.lines:
        wanted[line.sku] += int(line.quantity)
    return told == wanted


def result_of(found: Row, command: ReleaseOrder, note: str = "") -> CommandResult:
    """Return what a release made: the order's number, its state, and what could not be told."""
    notes = [note] if note else []
    if any(line.lots for line in command.lines):
        notes.append("ShipBob chooses lots by itself: the ones that were reserved were not told.")
    return CommandResult(
        external_ids=(str(found["id"]),), notes=tuple(notes), details=_details(found)
    )


def _details(found: Row) -> Mapping[str, str]:
    try:
        told = understood(lambda: to_order(Node(found)))
    except MalformedPayloadError:
        return {}
    if told.state not in ANSWERS:
        return {}
    words = {"state": ANSWERS[told.state], "reason": told.reason, "reason_code": told.reason_code}
    return {key: value for key, value in words.items() if value}


# What is sent


def order_body(client: ShipBobClient, command: ReleaseOrder) -> Row:
    """Return an order as ShipBob wants it. Raises ``RejectedError`` for what it cannot be."""
    if not command.location_external_id.isdigit():
        raise RejectedError("The warehouse is no fulfilment centre of ShipBob's.")
    body: Row = {
        "reference_id": command.order_external_id,
        "order_number": command.order_name[:400],
        "type": "DTC",
        "location_id": int(command.location_external_id),
        "shipping_method": shipping_method(client, command),
        "recipient": recipient_of(command.recipient),
        "products": [_product(line) for line in command.lines],
    }
    if command.ordered_at:
        body["purchase_date"] = command.ordered_at.isoformat()
    if command.gift_message:
        body["gift_message"] = command.gift_message[:_NOTE]
    tags = _tags(command)
    if tags:
        body["tags"] = tags
    return body


def shipping_method(client: ShipBobClient, command: ReleaseOrder) -> str:
    """Return ShipBob's shipping option: the order's own, or the one of the settings."""
    default = (client.settings.get("shipping_method") or "").strip()
    return command.service or command.carrier or default or STANDARD


def _product(line: ReleaseLine) -> Row:
    if not line.sku:
        raise RejectedError(f"“{line.name}” has no SKU: ShipBob knows products by it.")
    product: Row = {
        "reference_id": line.sku,
        "sku": line.sku,
        "name": line.name,
        "quantity": whole(line.quantity, line.name),
    }
    if line.external_id.isascii() and line.external_id.isdigit():
        number = int(line.external_id)
        if number < _BIGGEST:
            product["external_line_id"] = number
    if line.unit in UNITS:
        product["quantity_unit_of_measure_code"] = line.unit
    if line.value and line.value.currency == "USD":
        product["unit_price"] = float(round(line.value.amount, 4))
    return product


def _tags(command: ReleaseOrder) -> list[dict[str, Any]]:
    """Return what ShipBob keeps with the order: it acts on none of it."""
    found = {tag[:_TAG]: "true" for tag in command.tags if tag.strip()}
    if command.note:
        found["note"] = command.note[:_NOTE]
    if command.ship_by:
        found["ship_by"] = command.ship_by.isoformat()
    if command.priority > Decimal(0):
        found["priority"] = str(command.priority)
    return [{"name": name, "value": value} for name, value in found.items()]
