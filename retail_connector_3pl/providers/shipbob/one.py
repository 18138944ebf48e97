"""One entity as ShipBob holds it now."""

from collections.abc import Callable
from datetime import timedelta

from odoo.addons.retail_connector_base.providers import (
    MalformedPayloadError,
    ReceivedMessage,
    RejectedError,
)

from .client import ShipBobClient
from .messages import of_shipment, polled, slim, unusable
from .node import Node
from .reading import with_boxes, with_lines, with_order

YEAR = timedelta(days=365)


def fetch_one(client: ShipBobClient, kind: str, number: str) -> ReceivedMessage | None:
    """Return an entity, ``None`` when there is none."""
    if not number.isascii() or not number.isdigit():
        return None
    try:
        return FETCHED[kind](client, number)
    except MalformedPayloadError as error:
        raise unusable(error) from error


def _order(client: ShipBobClient, number: str) -> ReceivedMessage | None:
    found = client.find(f"order/{number}")
    return polled("poll/order", slim(found), client.now(), True) if found else None


def _shipment(client: ShipBobClient, number: str) -> ReceivedMessage | None:
    found = client.find(f"shipment/{number}")
    order = found and client.find(f"order/{Node(found).required_identifier('order_id')}")
    if not order:
        return None
    return polled("poll/shipment", of_shipment(order, int(number)), client.now(), True)


def _tracking(client: ShipBobClient, number: str) -> ReceivedMessage | None:
    try:
        rows = client.get("shipments-tracking", ShipmentIds=number)
    except RejectedError as error:
        if error.status in (400, 404):
            return None
        raise
    found = [row for row in rows or () if row.get("carrier_tracking_number")]
    return polled("poll/tracking", found[0], client.now(), True) if found else None


def _return(client: ShipBobClient, number: str) -> ReceivedMessage | None:
    found = client.find(f"return/{number}")
    return polled("poll/return", with_order(client, found), client.now(), True) if found else None


def _receipt(client: ShipBobClient, number: str) -> ReceivedMessage | None:
    found = client.find(f"receiving/{number}")
    return polled("poll/receipt", with_boxes(client, found), client.now(), True) if found else None


def _product(client: ShipBobClient, number: str) -> ReceivedMessage | None:
    found = client.find(f"product/{number}")
    return polled("poll/product", found, client.now(), True) if found else None


def _invoice(client: ShipBobClient, number: str) -> ReceivedMessage | None:
    """Invoices are listed only: those of a year are looked through."""
    begun = (client.now() - YEAR).strftime("%Y-%m-%dT00:00:00Z")
    for rows in client.linked("invoices", FromDate=begun, PageSize=1000, SortOrder="Descending"):
        for row in rows:
            content = with_lines(client, row) if str(row.get("invoice_id")) == number else None
            if content is not None:
                return polled("poll/invoice", content, client.now(), True)
    return None


FETCHED: dict[str, Callable[[ShipBobClient, str], ReceivedMessage | None]] = {
    "warehouse_order": _order,
    "shipment": _shipment,
    "tracking": _tracking,
    "return": _return,
    "receipt": _receipt,
    "product": _product,
    "warehouse_invoice": _invoice,
}
