"""What a warehouse says, as canonical messages with the fields that tests do not care about."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from itertools import count

from odoo.addons.retail_connector_base.canonical import (
    Lot,
    Shipment,
    ShipmentLine,
    ShipmentState,
    Tracking,
    WarehouseOrder,
    WarehouseOrderState,
)

START = datetime(2026, 5, 4, 9, 30, tzinfo=timezone.utc)
numbers = count(1)


def at(minutes):
    """Return a moment after the start of the story."""
    return START + timedelta(minutes=minutes)


def said(release, state, minutes=1, **values):
    """Return what the warehouse says of a release (the record, or our reference of it)."""
    reference = getattr(release, "name", release)
    defaults = {
        "external_id": getattr(release, "external_id", None) or f"W-{reference}",
        "order_external_id": reference,
        "state": WarehouseOrderState(state),
        "updated_at": at(minutes),
    }
    return WarehouseOrder(**{**defaults, **values})


def left(release, external_id=None, minutes=2, tracking=None, lots=None, **quantities):
    """Return a shipment of a release: quantities by SKU, named by our lines.

    ``lots`` are ``{sku: {number: quantity}}``; ``tracking`` is one parcel's number.
    """
    lines = {line.product_id.default_code: line for line in release.line_ids}
    told = tuple(
        ShipmentLine(
            external_id=f"L{position}",
            order_line_external_id=lines[sku].external_id if sku in lines else None,
            sku=sku,
            quantity=Decimal(str(quantity)),
            lots=tuple(
                Lot(number=number, quantity=Decimal(str(part)))
                for number, part in (lots or {}).get(sku, {}).items()
            ),
        )
        for position, (sku, quantity) in enumerate(quantities.items(), 1)
    )
    return shipment(release, external_id, minutes, tracking, lines=told)


def shipment(release, external_id=None, minutes=2, tracking=None, **values):
    """Return a shipment of a release with any fields."""
    defaults = {
        "external_id": external_id or f"S-{next(numbers)}",
        "order_external_id": getattr(release, "name", release),
        "state": ShipmentState.SHIPPED,
        "shipped_at": at(minutes),
        "updated_at": at(minutes),
        "location_external_id": "W1",
        "trackings": (Tracking(number=tracking),) if tracking else (),
    }
    return Shipment(**{**defaults, **values})
