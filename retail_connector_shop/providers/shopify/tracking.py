"""How a shipment can be followed, as the API takes it, and whether it is so already."""

from collections.abc import Sequence
from typing import Any

from odoo.addons.retail_connector_base.canonical import Tracking

from .fulfillment_read import Parcel


def tracking_input(carrier: str | None, trackings: Sequence[Tracking]) -> dict[str, Any]:
    """Return a ``FulfillmentTrackingInput``, empty when there is nothing to tell.

    Addresses are given when all parcels have one: the API matches them by their place.
    """
    content: dict[str, Any] = {}
    if carrier:
        content["company"] = carrier
    if trackings:
        content["numbers"] = [tracking.number for tracking in trackings]
        urls = [tracking.url for tracking in trackings]
        if all(urls):
            content["urls"] = urls
    return content


def is_tracked_so(parcel: Parcel, carrier: str | None, trackings: Sequence[Tracking]) -> bool:
    """Tell whether a fulfilment shows this carrier and these parcels, in their order.

    Where we give no address or carrier, the shop may have found one by itself.
    """
    wanted = tracking_input(carrier, trackings)
    if [tracking.number for tracking in parcel.trackings] != wanted.get("numbers", []):
        return False
    if "urls" in wanted and [one.url for one in parcel.trackings] != wanted["urls"]:
        return False
    return carrier is None or carrier == parcel.carrier
