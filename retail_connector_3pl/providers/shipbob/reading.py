"""What one answer lacks and another holds: an order's reference, boxes, the lines of an invoice."""

from .client import Row, ShipBobClient
from .invoices import LINES
from .receiving import BOXES
from .returns import ORDER
from .vocabulary import NOT_CHARGED, RECEIPTS

# Transactions of a page.
_LINES = 1000
# WROs of which nothing can lie on the shelves yet.
_EMPTY = frozenset(("Incomplete", "Awaiting", "Cancelled"))


def with_order(client: ShipBobClient, row: Row) -> Row:
    """Return a return with the reference of the order that its shipment was of."""
    number = row.get("original_shipment_id")
    if row.get("store_order_id") or not number:
        return row
    shipment = client.find(f"shipment/{number}")
    return {**row, ORDER: shipment.get("reference_id")} if shipment else row


def with_boxes(client: ShipBobClient, row: Row) -> Row:
    """Return a receipt with its boxes, where any of it was received."""
    status = row.get("status")
    if status in _EMPTY or status not in RECEIPTS:
        return row
    boxes = client.get(f"receiving/{row.get('id')}/boxes")
    return {**row, BOXES: boxes} if isinstance(boxes, list) else row


def with_lines(client: ShipBobClient, row: Row) -> Row | None:
    """Return an invoice with its transactions, ``None`` for what is no charge for work."""
    if row.get("invoice_type") in NOT_CHARGED:
        return None
    path = f"invoices/{row.get('invoice_id')}/transactions"
    return {**row, LINES: client.every(path, PageSize=_LINES, SortOrder="Ascending")}
