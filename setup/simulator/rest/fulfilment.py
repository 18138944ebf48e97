"""Fulfilments in webhook JSON, inside an order and by themselves."""

from ..fulfilment import Fulfilment
from ..identifiers import gid
from ..order import Order
from ..settings import ShopSettings
from .lines import line_json
from .money import Json
from .people import address_json


def fulfilment_json(parcel: Fulfilment, order: Order, settings: ShopSettings) -> Json:
    """Write a fulfilment as it stands inside an order."""
    tracking = parcel.tracking
    return {
        "id": parcel.id,
        "admin_graphql_api_id": gid("Fulfillment", parcel.id),
        "created_at": settings.local(parcel.created_at),
        "location_id": parcel.location_id,
        "name": parcel.name,
        "order_id": order.id,
        "origin_address": {},
        "receipt": {},
        "service": "manual",
        "shipment_status": None,
        "status": parcel.status,
        "tracking_company": tracking.company,
        "tracking_number": tracking.numbers[0] if tracking.numbers else None,
        "tracking_numbers": list(tracking.numbers),
        "tracking_url": tracking.urls[0] if tracking.urls else None,
        "tracking_urls": list(tracking.urls),
        "updated_at": settings.local(parcel.updated_at),
        "line_items": _lines(parcel, order),
    }


def fulfilment_event_json(parcel: Fulfilment, order: Order, settings: ShopSettings) -> Json:
    """Write a fulfilment as ``fulfillments/create`` and ``fulfillments/update`` tell of it."""
    destination = address_json(order.delivery) if order.delivery else None
    own = {"email": order.email, "destination": destination, "origin_address": None}
    return fulfilment_json(parcel, order, settings) | own


def _lines(parcel: Fulfilment, order: Order) -> list[Json]:
    """Write the lines with the units of this fulfilment; several parts of one line add up."""
    units: dict[int, int] = {}
    for shipped in parcel.lines:
        units[shipped.line_id] = units.get(shipped.line_id, 0) + shipped.quantity
    return [
        line_json(line, order) | {"quantity": units[line.id]}
        for line in order.lines
        if line.id in units
    ]
