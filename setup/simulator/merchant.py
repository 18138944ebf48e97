"""What a merchant, or the app on his behalf, does with orders and stock.

What the shop does not allow raises ``RefusedError``; nothing has changed then.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from . import edits, parcels
from .fulfilment import Fulfilment, FulfilmentOrder, Hold, RefusedError, ShownEvent, Tracking
from .history import History
from .order import Order, Refund

if TYPE_CHECKING:
    from .shop import Shop

UPDATED = ("orders/updated",)
ItemEdit = Callable[[FulfilmentOrder], FulfilmentOrder]
Picks = Mapping[int, Mapping[int, int] | None]


class Merchant:
    """Acts on one shop, one action at a time."""

    def __init__(self, shop: "Shop") -> None:
        self.shop = shop

    def fulfil(
        self, picks: Picks, tracking: Tracking | None = None, by_app: bool = False
    ) -> Fulfilment:
        """Ship units of fulfilment orders, given by part; ``None`` ships all that remains."""
        with self.shop.lock:
            history, chosen = self._chosen(picks)
            for item in chosen:
                if item.status not in ("OPEN", "IN_PROGRESS"):
                    status = item.status.lower()
                    raise RefusedError(
                        f"Fulfillment order {item.id} has an unfulfillable status= {status}."
                    )
            if len({item.location_id for item in chosen}) > 1:
                raise RefusedError("All fulfillment orders must be assigned to the same location.")
            made: list[Fulfilment] = []

            def change(order: Order, moment: datetime) -> Order:
                after, parcel = parcels.fulfil(
                    self.shop, order, picks, tracking or Tracking(), moment, by_app
                )
                made.append(parcel)
                return after

            number = self.shop.ids.peek("Fulfillment")
            self.shop.advance(history, change, parcels.fulfil_topics(history, picks), number)
            return made[0]

    def _chosen(self, picks: Picks) -> tuple[History, list[FulfilmentOrder]]:
        found = [self.fulfilment_order(number) for number in picks]
        if not found:
            raise RefusedError("The fulfillment order line items are missing.")
        histories = {history.id: history for history, _ in found}
        if len(histories) > 1:
            raise RefusedError("All fulfillment orders must belong to the same order.")
        for _, item in found:
            parcels.check(item, picks[item.id])
        return found[0][0], [item for _, item in found]

    def fulfil_all(self, history: History, tracking: Tracking | None = None) -> list[Fulfilment]:
        """Ship all that can be shipped, one parcel per location."""
        waiting = [
            item
            for item in history.current.fulfilment_orders
            if item.status in ("OPEN", "IN_PROGRESS")
        ]
        places = dict.fromkeys(item.location_id for item in waiting)
        return [
            self.fulfil({i.id: None for i in waiting if i.location_id == place}, tracking)
            for place in places
        ]

    def cancel_fulfilment(self, number: int) -> Fulfilment:
        """Call a parcel back: its units wait again."""
        with self.shop.lock:
            history, parcel = self.fulfilment(number)
            if parcel.status != "success":
                raise RefusedError("Fulfillment cannot be cancelled.", ("id",))
            topics = ("fulfillments/update", "orders/updated")
            order = self.shop.advance(
                history, lambda order, now: parcels.cancelled(order, number, now), topics, number
            )
            return order.fulfilment(number)

    def track(self, number: int, tracking: Tracking) -> Fulfilment:
        """Write how a parcel can be followed."""
        with self.shop.lock:
            history, parcel = self.fulfilment(number)
            if parcel.status != "success":
                raise RefusedError("Fulfillment is cancelled.", ("fulfillmentId",))

            def change(order: Order, moment: datetime) -> Order:
                changed = replace(order.fulfilment(number), tracking=tracking, updated_at=moment)
                return parcels.with_parcel(order, changed, moment)

            topics = ("fulfillments/update", "orders/updated")
            return self.shop.advance(history, change, topics, number).fulfilment(number)

    def report(self, number: int, status: str, at: datetime | None = None) -> ShownEvent:
        """Show the customer where a parcel is."""
        with self.shop.lock:
            history, parcel = self.fulfilment(number)
            if parcel.status != "success":
                raise RefusedError("Fulfillment is cancelled.", ("fulfillmentEvent",))
            made = ShownEvent(
                self.shop.ids.next("FulfillmentEvent"), status, at or parcel.created_at
            )

            def change(order: Order, moment: datetime) -> Order:
                found = order.fulfilment(number)
                changed = replace(found, events=(*found.events, made), updated_at=moment)
                return parcels.with_parcel(order, changed, moment)

            self.shop.advance(history, change, ("fulfillments/update",), number)
            return made

    def hold(
        self, number: int, reason: str = "OTHER", notes: str | None = None,
        handle: str | None = None, by_app: bool = False, units: Mapping[int, int] | None = None,
    ) -> tuple[Hold, FulfilmentOrder | None]:  # fmt: skip
        """Hold a fulfilment order, or split off some units of it and hold those.

        Returns the hold, and what remains free after a split.
        """
        with self.shop.lock:
            history, item = self.fulfilment_order(number)
            if not item.active:
                raise RefusedError(
                    "The fulfillment order is not in a holdable state.",
                    ("id",), "FULFILLMENT_ORDER_NOT_FOUND",
                )  # fmt: skip
            if by_app and handle in [hold.handle for hold in item.holds if hold.by_app]:
                code = "DUPLICATE_FULFILLMENT_HOLD_HANDLE"
                raise RefusedError(
                    "The handle is already in use.", ("fulfillmentHold", "handle"), code
                )
            rest = self.split(number, units, keep=True) if units else None
            made = Hold(self.shop.ids.next("FulfillmentHold"), reason, notes, handle, by_app)
            self._change(history, number, lambda old: replace(old, holds=(*old.holds, made)))
            return made, rest

    def release(self, number: int, hold_ids: Sequence[int] | None = None) -> FulfilmentOrder:
        """Take holds off a fulfilment order: all of them unless some are named."""
        with self.shop.lock:
            history, item = self.fulfilment_order(number)
            if not item.holds:
                raise RefusedError("The fulfillment order is not on hold.", ("id",))
            gone = {hold.id for hold in item.holds} if hold_ids is None else set(hold_ids)
            kept = tuple(hold for hold in item.holds if hold.id not in gone)
            return self._change(history, number, lambda old: replace(old, holds=kept))

    def move(
        self, number: int, location_id: int, units: Mapping[int, int] | None = None
    ) -> tuple[FulfilmentOrder, FulfilmentOrder | None]:
        """Let another location ship; returns what moved, and what stayed behind if anything."""
        with self.shop.lock:
            history, item = self.fulfilment_order(number)
            self._movable(history, item, location_id, units)
            new = self.shop.ids.peek("FulfillmentOrder")
            whole = not item.started and units in (None, {p.id: p.remaining for p in item.parts})
            if whole:
                changed = replace(item, location_id=location_id)
                return self._change(history, number, lambda old: changed, "moved"), None
            order = self.shop.advance(
                history,
                lambda order, now: parcels.split(self.shop, order, item, units, now, location_id),
                UPDATED, cause="moved",
            )  # fmt: skip
            return order.fulfilment_order(new), order.fulfilment_order(number)

    def _movable(
        self, history: History, item: FulfilmentOrder, location_id: int,
        units: Mapping[int, int] | None,
    ) -> None:  # fmt: skip
        if not item.active or item.holds:
            raise RefusedError("Fulfillment order is not in a movable state.", ("id",))
        parcels.check(item, units)
        if not any(place.id == location_id and place.active for place in self.shop.places):
            raise RefusedError("Location not found.", ("newLocationId",))
        for part in item.parts:
            line = next(line for line in history.current.lines if line.id == part.line_id)
            if line.variant and not self.shop.stock.level(
                line.variant.inventory_item_id, location_id
            ):
                raise RefusedError(
                    "The destination location doesn't stock the requested inventory item.",
                    ("newLocationId",),
                )

    def split(
        self, number: int, units: Mapping[int, int] | None, keep: bool = False
    ) -> FulfilmentOrder:
        """Move units into a new fulfilment order and return it.

        With ``keep`` the units stay, and it is the others that go into the returned one.
        """
        with self.shop.lock:
            history, item = self.fulfilment_order(number)
            if not units:
                code = "NO_LINE_ITEMS_PROVIDED_TO_SPLIT"
                raise RefusedError("At least one line item is needed to split.", None, code)
            if not item.active:
                raise RefusedError("The fulfillment order is not in a splittable state.")
            parcels.check(item, units, "INVALID_LINE_ITEM_QUANTITY")
            if keep:
                units = {p.id: p.remaining - units.get(p.id, 0) for p in item.parts}
                units = {part: count for part, count in units.items() if count}
            if not units or sum(units.values()) == item.remaining:
                raise RefusedError(
                    "Splitting needs units on both sides.", None, "INVALID_LINE_ITEM_QUANTITY"
                )
            new = self.shop.ids.peek("FulfillmentOrder")
            order = self.shop.advance(
                history, lambda order, now: parcels.split(self.shop, order, item, units, now),
                UPDATED,
            )  # fmt: skip
            return order.fulfilment_order(new)

    def schedule(self, number: int, at: datetime) -> FulfilmentOrder:
        """Put a fulfilment order off until a certain time."""
        return self._edit(number, lambda old: replace(old, fulfil_at=at))

    def open(self, number: int) -> FulfilmentOrder:
        """Let a fulfilment order that was put off begin now."""
        return self._edit(number, lambda old: replace(old, fulfil_at=None))

    def start(self, number: int) -> FulfilmentOrder:
        """Say that somebody is at work on a fulfilment order."""
        return self._edit(number, lambda old: replace(old, in_progress=True))

    def give_up(self, number: int) -> FulfilmentOrder:
        """Say that a fulfilment order cannot be completed; a new one takes its place."""
        return self._edit(number, lambda old: replace(old, incomplete=True))

    def _edit(self, number: int, edit: ItemEdit) -> FulfilmentOrder:
        with self.shop.lock:
            history, item = self.fulfilment_order(number)
            if not item.active:
                raise RefusedError("Nothing of the fulfillment order is waiting.", ("id",))
            return self._change(history, number, edit)

    def cancel_order(self, history: History, restock: bool = True) -> Order:
        """Cancel an order and give the money back, and the goods too if ``restock``."""
        with self.shop.lock:
            if history.current.cancelled_at or history.current.fulfilments:
                raise RefusedError("The order cannot be cancelled.")
            rng = self.shop.rng(f"cancel:{history.id}")

            def change(order: Order, moment: datetime) -> Order:
                after = edits.cancel(self.shop, rng, order, moment)
                last = _restocking(after.refunds[-1], restock)
                return replace(after, refunds=(*after.refunds[:-1], last))

            topics = ("orders/cancelled", "orders/updated")
            return self.shop.advance(history, change, topics)

    def edit(self, history: History, edit: edits.Edit, topics: tuple[str, ...] = UPDATED) -> Order:
        """Let one of ``edits`` happen to an order now: paid, annotated, a unit removed, …"""
        rng = self.shop.rng(f"edit:{history.id}:{len(history.states)}")
        return self.shop.advance(
            history, lambda order, now: edit(self.shop, rng, order, now), topics
        )

    def set_available(self, sku: str, quantity: int, location_id: int | None = None) -> None:
        """Write another available quantity by hand."""
        with self.shop.lock:
            variant = self.shop.assortment.sku(sku)
            if variant is None:
                raise RefusedError(f"There is no variant with SKU {sku}.")
            place = location_id or self.shop.places[0].id
            level = self.shop.stock.connect(variant.inventory_item_id, place)
            self.shop.stock.put(level, "available", quantity, "manual")

    def _change(
        self, history: History, number: int, edit: ItemEdit, cause: str = ""
    ) -> FulfilmentOrder:
        def change(order: Order, moment: datetime) -> Order:
            item = replace(edit(order.fulfilment_order(number)), updated_at=moment)
            return parcels.with_order(order, item, moment)

        return self.shop.advance(history, change, UPDATED, cause=cause).fulfilment_order(number)

    def fulfilment_order(self, number: int) -> tuple[History, FulfilmentOrder]:
        """Return a fulfilment order and the history of its order."""
        history = self.shop.owner("FulfillmentOrder", number)
        if history is None:
            code = "FULFILLMENT_ORDER_NOT_FOUND"
            raise RefusedError("Fulfillment order does not exist.", ("id",), code)
        return history, history.current.fulfilment_order(number)

    def fulfilment(self, number: int) -> tuple[History, Fulfilment]:
        """Return a fulfilment and the history of its order."""
        history = self.shop.owner("Fulfillment", number)
        if history is None:
            raise RefusedError("Fulfillment does not exist.", ("id",))
        return history, history.current.fulfilment(number)


def _restocking(refund: Refund, restock: bool) -> Refund:
    kind = "cancel" if restock else "no_restock"
    lines = tuple(replace(line, restock_type=kind) for line in refund.lines)
    return replace(refund, lines=lines, restock=restock)
