"""Returns: what was announced, what came, and what was done with it.

Source: the schemas ``PublicReturnDto`` and ``PublicReturnV1Dto``; developer.shipbob.com/guides
(returns). What is done with units of one item may differ: each action is a line of its own.
"""

from collections import Counter
from datetime import datetime
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import Return
from odoo.addons.retail_connector_base.canonical.goods_return import (
    Condition,
    Disposition,
    ReturnLine,
    ReturnState,
)
from odoo.addons.retail_connector_base.canonical.shipment import Tracking

from .node import Node
from .vocabulary import ACTIONS, REASONS, RETURNS, plain

# Our own addition to what was read: the reference of the order that the shipment was of.
ORDER = "order_reference"
_ARRIVED = ReturnState.RECEIVED
_DATES = (
    "insert_date", "awaiting_arrival_date", "arrived_date", "processing_date", "completed_date",
    "cancelled_date",
)  # fmt: skip


def to_return(shown: Node) -> Return:
    """Return a return. ``store_order_id`` is the reference that its order was released with."""
    state = RETURNS.get(plain(shown.text("status")), ReturnState.UNKNOWN)
    tracking = shown.text("tracking_number")
    return Return(
        external_id=shown.required_identifier(),
        updated_at=_changed_at(shown),
        order_external_id=shown.text(ORDER) or shown.text("store_order_id"),
        name=shown.text("reference_id"),
        state=state,
        requested_at=shown.utc("insert_date"),
        received_at=shown.utc("arrived_date"),
        location_external_id=shown.inner("fulfillment_center").identifier(),
        trackings=(Tracking(number=tracking),) if tracking else (),
        lines=_lines(shown, state),
        note=_note(shown, state),
    )


def _changed_at(shown: Node) -> datetime | None:
    moments = [shown.newest(*_DATES)]
    moments += [one.utc("timestamp") for one in shown.children("status_history")]
    return max(filter(None, moments), default=None)


def _note(shown: Node, state: ReturnState) -> str | None:
    kind, words = shown.text("return_type"), []
    if kind and plain(kind) != "regular":
        words.append(kind)
    if state is ReturnState.UNKNOWN and shown.text("status"):
        words.append(shown.required("status"))
    return ", ".join(words) or None


def _lines(shown: Node, state: ReturnState) -> tuple[ReturnLine, ...]:
    seen: Counter[str] = Counter()
    found: list[ReturnLine] = []
    for item in shown.children("inventory"):
        number = item.required_identifier()
        for values in _parts(item, state):
            seen[number] += 1
            name = number if seen[number] == 1 else f"{number}/{seen[number]}"
            found.append(ReturnLine(external_id=name, sku=item.text("sku"), **values))
    return tuple(found)


def _parts(item: Node, state: ReturnState) -> list[dict]:
    """Return the lines of an item: what each action was done with, and what has not come."""
    expected = item.units("quantity")
    taken = [one for one in item.children("action_taken") if one.units("quantity_processed")]
    if not taken:
        # What has arrived is in a box still: nobody has seen what it is. A return that is over
        # without any action that is told of is all there.
        told = "action_taken" in item if state is ReturnState.COMPLETED else state is _ARRIVED
        return [{"quantity": expected, "received_quantity": Decimal(0) if told else None}]
    parts = [_part(one) for one in taken]
    missing = expected - sum((part["quantity"] for part in parts), Decimal(0))
    if missing > 0:
        # What did not come is still expected of the first line: it is the announced one.
        parts[0]["quantity"] += missing
    return parts


def _part(taken: Node) -> dict:
    units = taken.units("quantity_processed")
    action, reason = taken.text("action"), taken.text("action_reason")
    known = ACTIONS.get(plain(action), (Condition.UNKNOWN, Disposition.UNDECIDED))
    condition, disposition = known
    return {
        "quantity": units,
        "received_quantity": units,
        "condition": REASONS.get(plain(reason), condition),
        "disposition": disposition,
        "note": ": ".join(filter(None, (action, reason))) or None,
    }
