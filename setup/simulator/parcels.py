"""How fulfilments, and the splitting of fulfilment orders, change an order."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from .fulfilment import Fulfilment, FulfilmentOrder, Part, RefusedError, Shipped, Tracking
from .history import History
from .order import Order

if TYPE_CHECKING:
    from .shop import Shop

Units = Mapping[int, int] | None


def check(item: FulfilmentOrder, units: Units, code: str | None = None) -> None:
    """Refuse units of unknown parts, more than remain, or none at all."""
    if units is None:
        return
    field = ("fulfillment", "lineItemsByFulfillmentOrder")
    for number, count in units.items():
        part = item.part(number)
        if part is None or not 0 < count <= part.remaining:
            text = "Invalid fulfillment order line item quantity requested."
            raise RefusedError(text, field, code)


def _wanted(item: FulfilmentOrder, units: Units) -> dict[int, int]:
    if not units:
        return {part.id: part.remaining for part in item.parts if part.remaining}
    return dict(units)


def fulfil_topics(history: History, picks: Mapping[int, Units]) -> tuple[str, ...]:
    """Return the topics that tell of a new fulfilment."""
    order = history.current
    waiting = sum(order.unshipped(line) for line in order.lines if line.shippable)
    leaving = sum(
        sum(_wanted(order.fulfilment_order(number), units).values())
        for number, units in picks.items()
    )
    topic = "orders/fulfilled" if leaving == waiting else "orders/partially_fulfilled"
    return ("fulfillments/create", topic, "orders/updated")


def fulfil(
    shop: "Shop", order: Order, picks: Mapping[int, Units], tracking: Tracking, moment: datetime,
    by_app: bool,
) -> tuple[Order, Fulfilment]:  # fmt: skip
    """Return the order with one parcel more, and the parcel."""
    lines: list[Shipped] = []
    for number, units in picks.items():
        item = order.fulfilment_order(number)
        wanted = _wanted(item, units)
        lines += [
            Shipped(shop.ids.next("FulfillmentLineItem"), part.line_id, number, part.id, count)
            for part in item.parts if (count := wanted.get(part.id))
        ]  # fmt: skip
        order = with_order(order, _without(item, wanted, moment), moment)
    parcel = Fulfilment(
        shop.ids.next("Fulfillment"), f"{order.name}.{len(order.fulfilments) + 1}",
        item.location_id, moment, moment, tuple(lines), tracking, by_app=by_app,
    )  # fmt: skip
    return replace(order, fulfilments=(*order.fulfilments, parcel)), parcel


def _without(item: FulfilmentOrder, units: Mapping[int, int], moment: datetime) -> FulfilmentOrder:
    parts = tuple(
        replace(part, remaining=part.remaining - units.get(part.id, 0)) for part in item.parts
    )
    return replace(item, parts=parts, updated_at=moment)


def cancelled(order: Order, number: int, moment: datetime) -> Order:
    """Call a parcel back.

    What came from a fulfilment order that still has something to ship goes back into it; for the
    rest ``routed`` makes a new one, as the vendor does for closed fulfilment orders.
    """
    parcel = order.fulfilment(number)
    changed = replace(parcel, status="cancelled", updated_at=moment)
    order = with_parcel(order, changed, moment)
    for shipped in parcel.lines:
        item = order.fulfilment_order(shipped.fulfilment_order_id)
        if item.active:
            order = with_order(
                order, _without(item, {shipped.part_id: -shipped.quantity}, moment), moment
            )
    return order


def split(
    shop: "Shop", order: Order, item: FulfilmentOrder, units: Units, moment: datetime,
    location_id: int | None = None,
) -> Order:  # fmt: skip
    """Move units (default: all that remain) into a new fulfilment order, perhaps elsewhere."""
    wanted = _wanted(item, units)
    parts, left = [], []
    for part in item.parts:
        count = wanted.get(part.id, 0)
        if count:
            number = shop.ids.next("FulfillmentOrderLineItem")
            parts.append(Part(number, part.line_id, count, count))
        left.append(replace(part, total=part.total - count, remaining=part.remaining - count))
    new = FulfilmentOrder(
        shop.ids.next("FulfillmentOrder"), location_id or item.location_id, tuple(parts), moment,
        moment,
    )  # fmt: skip
    kept = tuple(part for part in left if part.total)
    order = with_order(order, replace(item, parts=kept, updated_at=moment), moment)
    return replace(order, fulfilment_orders=(*order.fulfilment_orders, new))


def with_order(order: Order, item: FulfilmentOrder, moment: datetime) -> Order:
    """Replace a fulfilment order."""
    items = tuple(item if old.id == item.id else old for old in order.fulfilment_orders)
    return replace(order, fulfilment_orders=items, updated_at=moment)


def with_parcel(order: Order, parcel: Fulfilment, moment: datetime) -> Order:
    """Replace a fulfilment."""
    items = tuple(parcel if old.id == parcel.id else old for old in order.fulfilments)
    return replace(order, fulfilments=items, updated_at=moment)
