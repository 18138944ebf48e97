"""Invoices with their transactions: what ShipBob charges, line by line.

Source: the schemas ``InvoiceDtoV3`` and ``TransactionDtoV3``. What a transaction refers to is a
shipment, a return, a WRO, or nothing that we know.
"""

from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import Money, WarehouseInvoice
from odoo.addons.retail_connector_base.canonical.warehouse_invoice import InvoiceLine, Service

from .node import Node
from .vocabulary import FEES, SERVICES, plain

# Our own addition to what was read.
LINES = "transactions"
# Credits and refunds lower what is to be paid.
_GIVEN_BACK = frozenset(("Refund", "Credit"))


def to_invoice(shown: Node) -> WarehouseInvoice:
    """Return an invoice of one kind of work, of one day's billing."""
    number = shown.required_identifier("invoice_id")
    currency = shown.currency("currency_code")
    if currency is None:
        raise shown.wrong("currency_code", "is missing")
    rows = list(shown.children(LINES))
    tax = sum((_tax(row) for row in rows), Decimal(0))
    days = sorted(filter(None, (row.day("charge_date") for row in rows)))
    return WarehouseInvoice(
        external_id=number,
        number=number,
        issued_on=shown.day("invoice_date"),
        period_start=days[0] if days else None,
        period_end=days[-1] if days else None,
        total=Money(amount=shown.number("amount"), currency=currency),
        total_tax=Money(amount=tax, currency=currency),
        lines=tuple(_line(row, currency, index) for index, row in enumerate(rows)),
    )


def _line(row: Node, currency: str, index: int) -> InvoiceLine:
    if (row.currency("currency_code") or currency) != currency:
        raise row.wrong("currency_code", "is not the invoice's")
    amount = Money(amount=_signed(row, row.number("amount")), currency=currency)
    kind, reference = row.text("reference_type"), row.text("reference_id")
    details = row.inner("additional_details")
    return InvoiceLine(
        external_id=row.text("transaction_id") or f"line-{index + 1}",
        service=service_of(row.text("transaction_fee"), row.text("invoice_type")),
        description=row.text("transaction_fee"),
        quantity=Decimal(1),
        unit_price=amount,
        amount=amount,
        shipment_external_id=reference if kind == "Shipment" else None,
        receipt_external_id=reference if kind == "WRO" else None,
        tracking_number=_text(details, "TrackingId"),
        charged_on=row.day("charge_date"),
    )


def service_of(fee: str | None, kind: str | None) -> Service:
    """Return what a fee is for, by its name; by the kind of its invoice where that says nothing."""
    name = plain(fee)
    for word, service in FEES:
        if word in name:
            return service
    return SERVICES.get(kind or "", Service.OTHER)


def _signed(row: Node, amount: Decimal) -> Decimal:
    return -abs(amount) if row.text("transaction_type") in _GIVEN_BACK else amount


def _tax(row: Node) -> Decimal:
    taxes = (one.number("tax_amount") for one in row.children("taxes"))
    return _signed(row, sum(taxes, Decimal(0)))


def _text(details: Node, key: str) -> str | None:
    value = details.raw.get(key)
    return value.strip() or None if isinstance(value, str) else None
