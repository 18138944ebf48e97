"""Reads an order's fulfilment orders and its fulfilments."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from odoo.addons.retail_connector_base.canonical import Tracking
from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    RejectedError,
    TransientError,
)

from . import documents_fulfillment as documents
from .client import ShopifyClient
from .fulfillment_allocation import FulfillmentOrder, Part
from .gid import gid, number_of
from .node import Node
from .paging import connection, walk

PAGE_SIZE = 50
# A person ends a hold: asking every few minutes is often enough. Schedules name their end.
HOLD_SECONDS = 600.0
LONGEST_WAIT = 3600.0
CANCELLED = "CANCELLED"
GONE = frozenset({CANCELLED, "ERROR", "FAILURE"})


@dataclass(frozen=True)
class Parcel:
    """A fulfilment: units by line of the order, and how it can be followed."""

    id: str
    status: str
    units: Counter[str]
    carrier: str | None
    trackings: tuple[Tracking, ...]

    @property
    def numbers(self) -> frozenset[str]:
        """The tracking numbers."""
        return frozenset(tracking.number for tracking in self.trackings)


class FulfillmentReader:
    """Reads one order. All ids are the shop's numbers."""

    def __init__(self, client: ShopifyClient) -> None:
        self._client = client

    def orders(self, order: str) -> list[FulfillmentOrder]:
        """Return the fulfilment orders of an order that exists."""
        variables = {"id": gid("Order", order), "first": 5, "nested": 30}
        found = []
        path = ("order", "fulfillmentOrders")
        try:
            pages = walk(self._client, documents.FULFILLMENT_ORDERS, variables, path)
            for nodes, _end, _data in pages:
                found += [self._order(node) for node in nodes]
        except (TypeError, KeyError, MalformedPayloadError) as error:
            raise TransientError(f"The shop's answer cannot be used: {error}") from error
        return found

    def parcels(self, order: str, without: Collection[str] = ()) -> Iterator[Parcel]:
        """Yield an order's fulfilments that count, except those with the ids ``without``."""
        for number in self.parcel_ids(order):
            parcel = self.parcel(number) if number not in without else None
            if parcel and parcel.status not in GONE:
                yield parcel

    def parcel_ids(self, order: str) -> list[str]:
        """Return the ids of the fulfilments that count.

        Raises ``RejectedError`` without such an order.
        """
        data = self._client.execute(documents.FULFILLMENTS, {"id": gid("Order", order)})
        found = data.get("order")
        if not found:
            raise RejectedError(f"The shop has no order {order}.")
        nodes = found.get("fulfillments") or ()
        return [number_of(node.get("id")) for node in nodes if node.get("status") not in GONE]

    def parcel(self, number: str) -> Parcel | None:
        """Return one fulfilment, ``None`` when the shop does not have it."""
        variables: dict[str, Any] = {
            "id": gid("Fulfillment", number),
            "first": PAGE_SIZE,
            "after": None,
        }
        units: Counter[str] = Counter()
        while True:
            node = self._client.execute(documents.FULFILLMENT, variables).get("fulfillment")
            if not node:
                return None
            lines, more, end = connection(node, "fulfillmentLineItems")
            for line in lines:
                units[_line_of(line)] += int(line.get("quantity") or 0)
            if not more:
                return _parcel(number, node, units)
            if not end or end == variables["after"]:
                raise TransientError("The shop says that more lines follow, but not where.")
            variables["after"] = end

    def _order(self, node: dict[str, Any]) -> FulfillmentOrder:
        lines, more, end = connection(node, "lineItems")
        if more:
            variables = {"id": node.get("id"), "first": PAGE_SIZE}
            path = ("fulfillmentOrder", "lineItems")
            operation = documents.FULFILLMENT_ORDER_LINES
            for rest, _end, _data in walk(self._client, operation, variables, path, end):
                lines += rest
        reason, wait = _waiting(node, self._client.now())
        return FulfillmentOrder(
            id=number_of(node.get("id")),
            status=str(node.get("status")),
            location=_location(node),
            parts=tuple(
                Part(number_of(part.get("id")), _line_of(part), int(part["remainingQuantity"]))
                for part in lines
            ),
            reason=reason,
            wait=wait,
        )


def _line_of(node: dict[str, Any]) -> str:
    return number_of((node.get("lineItem") or {}).get("id"))


def _location(node: dict[str, Any]) -> str:
    """Return the location; one that was deleted has a name only."""
    assigned = node.get("assignedLocation") or {}
    location = assigned.get("location") or {}
    return number_of(location["id"]) if location.get("id") else str(assigned.get("name") or "")


def _waiting(node: dict[str, Any], now: datetime) -> tuple[str, float | None]:
    """Return why a fulfilment order waits, and for how long at least."""
    if node.get("status") == "SCHEDULED":
        moment = Node(node).utc("fulfillAt")
        if moment is None:
            return "scheduled", HOLD_SECONDS
        seconds = min(max((moment - now).total_seconds(), 60.0), LONGEST_WAIT)
        return f"scheduled for {moment:%Y-%m-%d %H:%M} UTC", seconds
    if node.get("status") != "ON_HOLD":
        return "", None
    texts = [_hold(hold) for hold in node.get("fulfillmentHolds") or ()]
    return f"on hold ({', '.join(texts) or 'without a reason'})", HOLD_SECONDS


def _hold(hold: dict[str, Any]) -> str:
    parts = (hold.get("displayReason"), hold.get("reasonNotes"))
    return ": ".join(str(part) for part in parts if part)


def _parcel(number: str, node: dict[str, Any], units: Counter[str]) -> Parcel:
    infos = node.get("trackingInfo") or ()
    return Parcel(
        id=number,
        status=str(node.get("status")),
        units=units,
        carrier=next((info["company"] for info in infos if info.get("company")), None),
        trackings=tuple(
            Tracking(number=info["number"], url=info.get("url"))
            for info in infos
            if info.get("number")
        ),
    )
