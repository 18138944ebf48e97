"""What ShipBob says of an order: its state, read off its shipments.

Source: the schemas ``OrderViewModel`` and ``ShipmentViewModel``; developer.shipbob.com/
status-reference ("order statuses are imputed from the statuses of the underlying shipments").
"""

from collections.abc import Sequence
from datetime import datetime

from odoo.addons.retail_connector_base.canonical import WarehouseOrder, WarehouseOrderState
from odoo.addons.retail_connector_base.canonical.shipment import ShipmentState

from .node import Node
from .vocabulary import DELIVERED, HELD, HELD_WORDS, IN_WORK, ORDERS, SHIPMENTS

State = WarehouseOrderState
_GOING_ON = frozenset((State.ACCEPTED, State.IN_PROGRESS, State.ON_HOLD))


def to_order(order: Node) -> WarehouseOrder:
    """Return the state of an order."""
    word = order.text("status")
    shipments = list(order.children("shipments"))
    state, reason, code = _state(word, shipments)
    return WarehouseOrder(
        external_id=order.required_identifier(),
        updated_at=changed_at(order),
        order_external_id=order.required("reference_id"),
        state=state,
        reason=reason,
        reason_code=code,
        expected_ship_at=_expected(shipments) if state in _GOING_ON else None,
    )


def held_order(shipment: Node) -> WarehouseOrder | None:
    """Return what a shipment alone says of its order: that it is held; ``None`` if it is not."""
    if shipment.text("status") not in HELD:
        return None
    reason, code = _why([shipment])
    return WarehouseOrder(
        external_id=shipment.required_identifier("order_id"),
        updated_at=shipment.newest("last_update_at", "created_date"),
        order_external_id=shipment.required("reference_id"),
        state=State.ON_HOLD,
        reason=reason,
        reason_code=code,
    )


def changed_at(order: Node) -> datetime | None:
    """Return when anything of an order changed last, its shipments included."""
    moments = [order.utc("created_date")]
    moments += [one.newest("last_update_at", "created_date") for one in order.children("shipments")]
    return max(filter(None, moments), default=None)


def _state(word: str | None, shipments: Sequence[Node]) -> tuple[State, str | None, str | None]:
    state = ORDERS.get(word or "", State.UNKNOWN)
    if state is State.UNKNOWN:
        return state, None, word
    held = [one for one in shipments if one.text("status") in HELD]
    if state in _GOING_ON and held:
        return State.ON_HOLD, *_why(held)
    if state is State.ON_HOLD:
        return state, f"{HELD_WORDS[word or '']}.", word
    if state is State.ACCEPTED and any(_details(one) & IN_WORK for one in shipments):
        return State.IN_PROGRESS, None, None
    if state is State.SHIPPED and _all_delivered(shipments):
        return State.DELIVERED, None, None
    return state, None, None


def _all_delivered(shipments: Sequence[Node]) -> bool:
    sent = [one for one in shipments if _is(one, ShipmentState.SHIPPED)]
    return bool(sent) and all("delivery_date" in one or DELIVERED in _details(one) for one in sent)


def _is(shipment: Node, state: ShipmentState) -> bool:
    return SHIPMENTS.get(shipment.text("status") or "") is state


def _details(shipment: Node) -> set[int]:
    found = (one.identifier() for one in shipment.children("status_details"))
    return {int(number) for number in found if number}


def _why(held: Sequence[Node]) -> tuple[str, str | None]:
    """Return why shipments are held, in words and in ShipBob's vocabulary."""
    words, codes = [], []
    for shipment in held:
        status = shipment.required("status")
        details = list(shipment.children("status_details"))
        texts = [text for one in details for text in _words(one)]
        codes += [name for one in details if (name := one.text("name"))] or [status]
        words.append(f"{HELD_WORDS[status]}: {', '.join(texts)}" if texts else HELD_WORDS[status])
    return "; ".join(dict.fromkeys(words)) + ".", ", ".join(dict.fromkeys(codes))[:250]


def _words(detail: Node) -> list[str]:
    said = detail.text("description") or detail.text("name")
    more = detail.inner("extra_information").texts("validation_messages")
    return [said, *more] if said else list(more)


def _expected(shipments: Sequence[Node]) -> datetime | None:
    """Return when the first shipment that is still there is to leave."""
    moments = (
        one.utc("estimated_fulfillment_date")
        for one in shipments if _is(one, ShipmentState.PENDING)
    )  # fmt: skip
    return min(filter(None, moments), default=None)
