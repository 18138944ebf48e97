"""Changes of orders that ShipBob has: address, lines, cancellation.

Source: ``PUT /shipment/{id}:updateAddress``, ``POST /shipment/{id}:updateLineItems``, ``POST
/order/{id}:cancel`` with its results by shipment. ShipBob lets nothing be changed once a shipment
is picked. Asked twice, the same is changed once.
"""

from collections.abc import Sequence
from typing import Any

from odoo.addons.retail_connector_base.canonical import (
    CancelRelease,
    ChangeRelease,
    ReleaseLine,
    ShipmentState,
)
from odoo.addons.retail_connector_base.canonical.warehouse_command import ReleaseRequest
from odoo.addons.retail_connector_base.providers import CommandResult, RejectedError

from .addresses import address_of
from .client import Row, ShipBobClient
from .http import RefusedError
from .items import Items, whole
from .node import Node
from .releasing import find_order
from .shipments import state_of

ACCEPTED = {"answer": "accepted"}


def change(client: ShipBobClient, command: ChangeRelease) -> CommandResult:
    """Change an order's address or lines, on all shipments that are still there."""
    order = _order(client, command)
    shipments = _waiting(order)
    if command.recipient is not None:
        body = address_of(command.recipient)
        for shipment in shipments:
            answer = client.put(f"shipment/{shipment['id']}:updateAddress", body)
            _require_success(answer)
    if command.lines is not None:
        _change_lines(client, order, shipments, command.lines)
    return CommandResult(external_ids=(str(order["id"]),), details=ACCEPTED)


def cancel(client: ShipBobClient, command: CancelRelease) -> CommandResult:
    """Cancel an order. A part that cannot be cancelled is a refusal that says which."""
    order = _order(client, command)
    if _is_cancelled(order):
        return _cancelled(order)
    try:
        answer = client.post(f"order/{order['id']}:cancel", harmless=True)
    except RefusedError:
        now = client.find(f"order/{order['id']}")
        if now is not None and _is_cancelled(now):
            return _cancelled(now)
        raise
    if not isinstance(answer, dict) or answer.get("status") != "Success":
        raise RejectedError(_refusals(answer))
    return _cancelled(order)


def look_up_cancel(client: ShipBobClient, command: CancelRelease) -> CommandResult | None:
    """Return the result of a cancellation that came through, ``None`` otherwise."""
    order = _found(client, command)
    return _cancelled(order) if order and _is_cancelled(order) else None


def _found(client: ShipBobClient, command: ReleaseRequest) -> Row | None:
    number = command.warehouse_order_external_id
    found = client.find(f"order/{number}") if number else None
    return found or find_order(client, command.order_external_id)


def _order(client: ShipBobClient, command: ReleaseRequest) -> Row:
    found = _found(client, command)
    if found is None:
        raise RejectedError("ShipBob does not know this order.")
    return found


def _cancelled(order: Row) -> CommandResult:
    return CommandResult(external_ids=(str(order["id"]),), details=ACCEPTED)


def _is_cancelled(order: Row) -> bool:
    return order.get("status") == "Cancelled"


def _refusals(answer: Any) -> str:
    """Return which shipments were not cancelled, and why."""
    rows = (answer.get("canceled_shipment_results") if isinstance(answer, dict) else None) or []
    done = [row for row in rows if row.get("is_success")]
    words = [
        f"shipment {row.get('shipment_id')}: {row.get('reason') or 'no reason given'}"
        for row in rows if not row.get("is_success")
    ]  # fmt: skip
    part = f"ShipBob cancelled {len(done)} of {len(rows)} shipments. " if done else ""
    return part + "; ".join(words) if words else "ShipBob did not cancel it."


# Shipments and their lines


def _states(order: Row) -> list[tuple[Row, ShipmentState]]:
    return [(one, state_of(Node(one))) for one in order.get("shipments") or ()]


def _waiting(order: Row) -> list[Row]:
    """Return the shipments that have not left. Raises ``RejectedError`` without any."""
    found = [one for one, state in _states(order) if state is ShipmentState.PENDING]
    if not found:
        raise RejectedError("Nothing of this order is left to be changed at ShipBob.")
    return found


def _change_lines(
    client: ShipBobClient, order: Row, shipments: Sequence[Row], lines: Sequence[ReleaseLine]
) -> None:
    """Have the one shipment of an order hold other lines."""
    alive = [one for one, state in _states(order) if state is not ShipmentState.CANCELLED]
    if len(alive) != 1:
        raise RejectedError(
            "ShipBob made several shipments of this order: change their lines there."
        )
    path = f"shipment/{shipments[0]['id']}"
    body = {"items": _items(client, client.get(f"{path}:getLineItems") or [], lines)}
    _require_success(client.post(f"{path}:updateLineItems", body, harmless=True))


def _items(
    client: ShipBobClient, current: Sequence[Row], lines: Sequence[ReleaseLine]
) -> list[Row]:
    """Return the whole list of lines that a shipment is to hold; others are taken off it."""
    known = {
        (row.get("product_variant") or {}).get("sku"): int(row["inventory_id"]) for row in current
    }
    missing = [line for line in lines if line.sku not in known]
    found = Items(client).of(missing)
    counts: dict[int, int] = {}
    for line in lines:
        number = known.get(line.sku) or found[line.external_id]
        counts[number] = counts.get(number, 0) + whole(line.quantity, line.name)
    return [{"inventory_id": number, "quantity": units} for number, units in counts.items()]


def _require_success(answer: Any) -> None:
    if isinstance(answer, dict) and answer.get("is_success") is not False:
        return
    error = (answer.get("error") if isinstance(answer, dict) else None) or {}
    words = error.get("message") or error.get("code") or "no reason given"
    raise RejectedError(f"ShipBob did not change it: {words}")
