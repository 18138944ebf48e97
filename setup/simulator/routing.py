"""Keeps an order's fulfilment orders in step with what its lines still want."""

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from .fulfilment import FulfilmentOrder, Part
from .line import Line
from .order import Order
from .stock import Flow

if TYPE_CHECKING:
    from .shop import Shop

Flows = dict[tuple[int, int], Flow]


def routed(shop: "Shop", order: Order) -> Order:
    """Return the order with every unit that is to be shipped in exactly one fulfilment order."""
    orders = [_reduced(order, item) for item in order.fulfilment_orders]
    missing = {line: gap for line in order.lines if (gap := _gap(order, line, orders)) > 0}
    if missing:
        parts = tuple(
            Part(shop.ids.next("FulfillmentOrderLineItem"), line.id, gap, gap)
            for line, gap in missing.items()
        )
        number = shop.ids.next("FulfillmentOrder")
        place = shop.place_for(order, parts)
        moment = order.updated_at
        orders.append(FulfilmentOrder(number, place, parts, moment, moment))
    return replace(order, fulfilment_orders=tuple(orders))


def _gap(order: Order, line: Line, orders: list[FulfilmentOrder]) -> int:
    """Return the units of a line that are in no fulfilment order yet."""
    if not line.shippable:
        return 0
    waiting = sum(
        part.remaining for item in orders if item.active for part in item.parts
        if part.line_id == line.id
    )  # fmt: skip
    return line.current_quantity - order.shipped(line.id) - waiting


def _reduced(order: Order, item: FulfilmentOrder) -> FulfilmentOrder:
    """Take units out that are no longer wanted; a cancelled order cancels what is open."""
    if not item.active:
        return item
    parts = []
    for part in item.parts:
        line = next(line for line in order.lines if line.id == part.line_id)
        others = sum(
            other.remaining for fellow in order.fulfilment_orders
            if fellow.active and fellow.id < item.id
            for other in fellow.parts if other.line_id == line.id
        )  # fmt: skip
        room = max(line.current_quantity - order.shipped(line.id) - others, 0)
        gone = max(part.remaining - room, 0)
        parts.append(replace(part, total=part.total - gone, remaining=part.remaining - gone))
    if tuple(parts) == item.parts:
        return item
    left = replace(item, parts=tuple(parts), updated_at=order.updated_at)
    return replace(left, cancelled=bool(order.cancelled_at) and not left.started)


def flows(shop: "Shop", before: Order | None, after: Order) -> Flows:
    """Return what an order's new state takes out of the stock, by item and location."""
    sums: Flows = defaultdict(Flow)
    for key, flow in _held(shop, after).items():
        sums[key] += flow
    for key, flow in _held(shop, before).items() if before else ():
        sums[key] += -flow
    return {key: flow for key, flow in sums.items() if flow}


def _held(shop: "Shop", order: Order) -> Flows:
    """Return what an order holds of the stock in one state."""
    sums: Flows = defaultdict(Flow)
    items = {
        line.id: line.variant.inventory_item_id
        for line in order.lines
        if line.variant and line.shippable and line.variant.tracked
    }
    for item in order.fulfilment_orders:
        for part in item.parts if item.active else ():
            if part.line_id in items:
                sums[items[part.line_id], item.location_id] += Flow(committed=part.remaining)
    for parcel in order.fulfilments:
        for shipped in parcel.lines if parcel.status == "success" else ():
            if shipped.line_id in items:
                key = items[shipped.line_id], parcel.location_id
                sums[key] += Flow(shipped=shipped.quantity)
    for refund in order.refunds:
        for line in refund.lines if not refund.restock else ():
            if line.line_id in items:
                key = items[line.line_id], shop.places[0].id
                sums[key] += Flow(lost=line.quantity)
    return sums
