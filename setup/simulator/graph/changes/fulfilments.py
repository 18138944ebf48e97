"""Creating, cancelling and following parcels."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from ...fulfilment import Fulfilment, RefusedError, Tracking
from ...identifiers import number_of
from ..fulfilment import event_node
from ..money import Node
from ..mutation import Mutation
from ..order import fulfilment_entry
from .registry import Mutations

if TYPE_CHECKING:
    from ..engine import Engine


def create(engine: "Engine", fulfillment: Mapping[str, Any], message: str | None = None) -> Node:
    """Ship units of one or more fulfilment orders in one parcel."""
    picks = {}
    for group in fulfillment["lineItemsByFulfillmentOrder"]:
        number = number_of(group["fulfillmentOrderId"], "FulfillmentOrder")
        if number in picks:
            raise RefusedError("A fulfillment order was given twice.", ("fulfillment",))
        picks[number] = units_of(group.get("fulfillmentOrderLineItems"))
    tracking = tracking_of(fulfillment.get("trackingInfo"))
    try:
        return _payload(engine, engine.shop.merchant.fulfil(picks, tracking, by_app=True))
    except RefusedError as refused:
        field = ("fulfillment",) if refused.field in (None, ("id",)) else refused.field
        raise RefusedError(refused.message, field) from None


def cancel(engine: "Engine", id: str) -> Node:
    """Call a parcel back."""
    number = number_of(id, "Fulfillment")
    return _payload(engine, engine.shop.merchant.cancel_fulfilment(number))


def track(
    engine: "Engine", fulfillmentId: str, trackingInfoInput: Mapping[str, Any], **_: Any
) -> Node:
    """Write how a parcel can be followed."""
    number = number_of(fulfillmentId, "Fulfillment")
    tracking = tracking_of(trackingInfoInput)
    return _payload(engine, engine.shop.merchant.track(number, tracking))


def report(engine: "Engine", fulfillmentEvent: Mapping[str, Any]) -> Node:
    """Show the customer where a parcel is."""
    number = number_of(fulfillmentEvent["fulfillmentId"], "Fulfillment")
    moment = fulfillmentEvent.get("happenedAt")
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    made = engine.shop.merchant.report(number, fulfillmentEvent["status"], moment)
    return {"fulfillmentEvent": event_node(made), "userErrors": []}


def _payload(engine: "Engine", parcel: Fulfilment) -> Node:
    order = engine.shop.owner("Fulfillment", parcel.id).current
    return {"fulfillment": fulfilment_entry(parcel, order), "userErrors": []}


def units_of(lines: list[Mapping[str, Any]] | None) -> dict[int, int] | None:
    """Return units by part, ``None`` when no lines are given: all of them are meant."""
    if not lines:
        return None
    units: dict[int, int] = {}
    for line in lines:
        number = number_of(line["id"], "FulfillmentOrderLineItem")
        if number in units:
            raise GraphQLError("Fulfillment order line items must be unique.")
        units[number] = line["quantity"]
    return units


def tracking_of(values: Mapping[str, Any] | None) -> Tracking:
    """Return the tracking of an input, where one number or several may stand."""
    values = values or {}
    numbers = values.get("numbers") or ([values["number"]] if values.get("number") else [])
    urls = values.get("urls") or ([values["url"]] if values.get("url") else [])
    return Tracking(values.get("company"), tuple(numbers), tuple(urls))


MUTATIONS: Mutations = {
    "fulfillmentCreate": Mutation(create),
    "fulfillmentCancel": Mutation(cancel),
    "fulfillmentEventCreate": Mutation(report),
    "fulfillmentTrackingInfoUpdate": Mutation(track),
}
