"""Holding, moving and splitting fulfilment orders."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...fulfilment import FulfilmentOrder, RefusedError
from ...identifiers import number_of
from ..fulfilment import hold_node
from ..money import Node
from ..mutation import Mutation
from ..order import fulfilment_order_entry
from .fulfilments import units_of
from .registry import Mutations

if TYPE_CHECKING:
    from ..engine import Engine


def _node(engine: "Engine", item: FulfilmentOrder | None) -> Node | None:
    if item is None:
        return None
    _, current = engine.shop.merchant.fulfilment_order(item.id)
    return fulfilment_order_entry(current, engine.shop.owner("FulfillmentOrder", item.id).current)


def hold(engine: "Engine", id: str, fulfillmentHold: Mapping[str, Any]) -> Node:
    """Hold a fulfilment order or some units of it."""
    number, merchant = number_of(id, "FulfillmentOrder"), engine.shop.merchant
    made, rest = merchant.hold(
        number, fulfillmentHold["reason"], fulfillmentHold.get("reasonNotes"),
        fulfillmentHold.get("handle") or "", True,
        units_of(fulfillmentHold.get("fulfillmentOrderLineItems")),
    )  # fmt: skip
    return {
        "fulfillmentHold": hold_node(made),
        "fulfillmentOrder": _node(engine, merchant.fulfilment_order(number)[1]),
        "remainingFulfillmentOrder": _node(engine, rest),
        "userErrors": [],
    }


def release(
    engine: "Engine", id: str, holdIds: Sequence[str] | None = None, externalId: str | None = None
) -> Node:
    """Take holds off."""
    holds = None if holdIds is None else [number_of(item, "FulfillmentHold") for item in holdIds]
    number = number_of(id, "FulfillmentOrder")
    released = engine.shop.merchant.release(number, holds)
    return {"fulfillmentOrder": _node(engine, released), "userErrors": []}


def move(
    engine: "Engine", id: str, newLocationId: str,
    fulfillmentOrderLineItems: list[Mapping[str, Any]] | None = None,
) -> Node:  # fmt: skip
    """Let another location ship."""
    number, merchant = number_of(id, "FulfillmentOrder"), engine.shop.merchant
    place = number_of(newLocationId, "Location")
    moved, rest = merchant.move(number, place, units_of(fulfillmentOrderLineItems))
    left = rest if rest and rest.active else None
    return {
        "movedFulfillmentOrder": _node(engine, moved),
        "originalFulfillmentOrder": _node(engine, merchant.fulfilment_order(number)[1]),
        "remainingFulfillmentOrder": _node(engine, left),
        "userErrors": [],
    }


def split(engine: "Engine", fulfillmentOrderSplits: Sequence[Mapping[str, Any]]) -> Node:
    """Move units into fulfilment orders of their own."""
    if len(fulfillmentOrderSplits) != 1:
        raise RefusedError("The simulator splits one fulfillment order at a time.")
    (wanted,) = fulfillmentOrderSplits
    number = number_of(wanted["fulfillmentOrderId"], "FulfillmentOrder")
    new = engine.shop.merchant.split(number, units_of(wanted["fulfillmentOrderLineItems"]))
    old = engine.shop.merchant.fulfilment_order(number)[1]
    # The units that were named leave the old fulfilment order, which keeps what remains.
    result = {
        "fulfillmentOrder": _node(engine, old),
        "remainingFulfillmentOrder": _node(engine, new),
        "replacementFulfillmentOrder": None,
    }
    return {"fulfillmentOrderSplits": [result], "userErrors": []}


MUTATIONS: Mutations = {
    "fulfillmentOrderHold": Mutation(hold),
    "fulfillmentOrderReleaseHold": Mutation(release),
    "fulfillmentOrderMove": Mutation(move),
    "fulfillmentOrderSplit": Mutation(split),
}
