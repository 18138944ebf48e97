"""Fulfilment orders and fulfilments as nodes."""

from ..fulfilment import (
    Fulfilment,
    FulfilmentOrder,
    Hold,
    Part,
    Shipped,
    ShownEvent,
    Tracking,
)
from ..identifiers import gid
from ..order import Order
from ..settings import utc
from .goods import variant_node
from .levels import place_of
from .lines import line_node
from .live import Live
from .money import Node, bag

ACTIONS = {
    "OPEN": ("CREATE_FULFILLMENT", "MOVE", "HOLD", "SPLIT", "REPORT_PROGRESS"),
    "IN_PROGRESS": ("CREATE_FULFILLMENT", "MOVE", "HOLD", "SPLIT"),
    "ON_HOLD": ("RELEASE_HOLD", "HOLD"),
    "SCHEDULED": ("MARK_AS_OPEN", "MOVE"),
}


def fulfilment_order_node(item: FulfilmentOrder, order: Order) -> Node:
    """Return a FulfillmentOrder without its order."""
    actions = [a for a in ACTIONS.get(item.status, ()) if a != "SPLIT" or item.remaining > 1]
    return {
        "__typename": "FulfillmentOrder",
        "id": gid("FulfillmentOrder", item.id),
        "assignedLocation": Live(lambda shop: _assigned(place_of(shop, item.location_id))),
        "channelId": None,
        "createdAt": utc(item.created_at),
        "deliveryMethod": _method(item),
        "destination": _destination(item, order),
        "fulfillAt": utc(item.fulfil_at or item.created_at),
        "fulfillBy": None,
        "fulfillmentHolds": [_hold(hold) for hold in item.holds],
        "internationalDuties": None,
        "lineItems": [_part(part, order) for part in item.parts],
        "merchantRequests": [],
        "orderId": gid("Order", order.id),
        "orderName": order.name,
        "orderProcessedAt": utc(order.created_at),
        "requestStatus": "UNSUBMITTED",
        "status": item.status,
        "supportedActions": [{"action": action, "externalUrl": None} for action in actions],
        "updatedAt": utc(item.updated_at),
    }


def _assigned(location: Node | None) -> Node:
    address = location["address"] if location else {}
    return {
        "__typename": "FulfillmentOrderAssignedLocation",
        **{name: address.get(name) for name in (
            "address1", "address2", "city", "countryCode", "phone", "province", "zip")},
        "location": location,
        "name": location["name"] if location else "",
    }  # fmt: skip


def _method(item: FulfilmentOrder) -> Node:
    return {
        "__typename": "DeliveryMethod",
        "id": gid("DeliveryMethod", item.id),
        "additionalInformation": None,
        "brandedPromise": None,
        "maxDeliveryDateTime": None,
        "methodType": "SHIPPING",
        "minDeliveryDateTime": None,
        "presentedName": "Standard",
        "serviceCode": "STD",
        "sourceReference": None,
    }


def _destination(item: FulfilmentOrder, order: Order) -> Node | None:
    address = order.delivery
    if address is None:
        return None
    return {
        "__typename": "FulfillmentOrderDestination",
        "id": gid("FulfillmentOrderDestination", item.id),
        "address1": address.street,
        "address2": address.street2,
        "city": address.city,
        "company": address.company,
        "countryCode": address.country_code,
        "email": order.email,
        "firstName": address.first_name,
        "lastName": address.last_name,
        "location": None,
        "phone": address.phone,
        "province": address.province,
        "zip": address.zip,
    }


def hold_node(hold: Hold) -> Node:
    """Return a FulfillmentHold."""
    return _hold(hold)


def _hold(hold: Hold) -> Node:
    return {
        "__typename": "FulfillmentHold",
        "id": gid("FulfillmentHold", hold.id),
        "displayReason": hold.reason.replace("_", " ").capitalize(),
        "handle": hold.handle,
        "heldByApp": None,
        "heldByRequestingApp": hold.by_app,
        "reason": hold.reason,
        "reasonNotes": hold.notes,
    }


def _line(order: Order, number: int):
    return next(line for line in order.lines if line.id == number)


def _part(part: Part, order: Order) -> Node:
    line = _line(order, part.line_id)
    variant = line.variant
    return {
        "__typename": "FulfillmentOrderLineItem",
        "id": gid("FulfillmentOrderLineItem", part.id),
        "image": None,
        "inventoryItemId": variant and gid("InventoryItem", variant.inventory_item_id),
        "lineItem": Live(lambda shop: line_node(line, order)),
        "originalUnitPriceSet": bag(line.unit_price, order.terms),
        "productTitle": variant.title if variant else line.title,
        "remainingQuantity": part.remaining,
        "requiresShipping": True,
        "sku": line.sku or None,
        "totalQuantity": part.total,
        "variant": variant and variant_node(variant),
        "variantTitle": (variant.option or None) if variant else None,
        "vendor": "Simulated Goods" if variant else None,
        "warnings": [],
        "weight": variant and {"value": float(variant.weight), "unit": variant.weight_unit},
    }


def fulfilment_node(parcel: Fulfilment, order: Order) -> Node:
    """Return a Fulfillment without its order."""
    cancelled = parcel.status == "cancelled"
    return {
        "__typename": "Fulfillment",
        "id": gid("Fulfillment", parcel.id),
        "legacyResourceId": str(parcel.id),
        "createdAt": utc(parcel.created_at),
        "deliveredAt": None,
        "displayStatus": "CANCELED" if cancelled else _shown(parcel),
        "estimatedDeliveryAt": None,
        "events": [event_node(event) for event in sorted(parcel.events, key=lambda one: one.at)],
        "fulfillmentLineItems": [_shipped(line, order) for line in parcel.lines],
        "inTransitAt": None,
        "location": Live(lambda shop: place_of(shop, parcel.location_id)),
        "name": parcel.name,
        "originAddress": None,
        "requiresShipping": True,
        "service": None,
        "status": parcel.status.upper(),
        "totalQuantity": parcel.quantity,
        "trackingInfo": tracking_nodes(parcel.tracking),
        "updatedAt": utc(parcel.updated_at),
    }


def event_node(event: ShownEvent) -> Node:
    """Return a FulfillmentEvent."""
    return {
        "__typename": "FulfillmentEvent",
        "id": gid("FulfillmentEvent", event.id),
        "createdAt": utc(event.at),
        "happenedAt": utc(event.at),
        "status": event.status,
    }


def _shown(parcel: Fulfilment) -> str:
    latest = max(parcel.events, key=lambda event: event.at, default=None)
    return latest.status if latest else "FULFILLED"


def tracking_nodes(tracking: Tracking) -> list[Node]:
    """Return one FulfillmentTrackingInfo per number, or one for the carrier alone."""
    count = max(len(tracking.numbers), len(tracking.urls), bool(tracking.company))
    numbers = [*tracking.numbers, *[None] * (count - len(tracking.numbers))]
    urls = [*tracking.urls, *[None] * (count - len(tracking.urls))]
    return [
        {"__typename": "FulfillmentTrackingInfo", "company": tracking.company, "number": number,
         "url": url}
        for number, url in zip(numbers, urls, strict=True)
    ]  # fmt: skip


def _shipped(shipped: Shipped, order: Order) -> Node:
    line, terms = _line(order, shipped.line_id), order.terms
    net = line.share(line.net(line.quantity, terms), shipped.quantity, terms)
    return {
        "__typename": "FulfillmentLineItem",
        "id": gid("FulfillmentLineItem", shipped.id),
        "discountedTotalSet": bag(net, terms),
        "lineItem": Live(lambda shop: line_node(line, order)),
        "originalTotalSet": bag(line.gross(shipped.quantity), terms),
        "quantity": shipped.quantity,
    }
