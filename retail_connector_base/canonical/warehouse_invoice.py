"""What a warehouse charges for its work."""

from datetime import date
from enum import Enum
from typing import ClassVar

from .base import CanonicalMessage, CanonicalModel
from .money import ExactDecimal, Money


class Service(str, Enum):
    """What is charged for."""

    STORAGE = "storage"
    PICK = "pick"
    PACK = "pack"
    FREIGHT = "freight"
    RECEIVING = "receiving"
    RETURN = "return"
    MATERIAL = "material"
    OTHER = "other"


class InvoiceLine(CanonicalModel):
    """One charge: ``quantity`` times ``unit_price`` is ``amount``, untaxed.

    ``order_external_id`` is our reference of the release, ``shipment_external_id`` the warehouse's
    id of the shipment it is charged for.
    """

    external_id: str
    service: Service
    description: str | None = None
    quantity: ExactDecimal
    unit_price: Money | None = None
    amount: Money
    order_external_id: str | None = None
    shipment_external_id: str | None = None
    tracking_number: str | None = None
    receipt_external_id: str | None = None
    sku: str | None = None
    charged_on: date | None = None


class WarehouseInvoice(CanonicalMessage):
    """An invoice of a warehouse for a period. ``total`` is with tax, ``total_tax`` is the tax."""

    kind: ClassVar[str] = "warehouse_invoice"

    number: str
    issued_on: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    location_external_id: str | None = None
    total: Money
    total_tax: Money | None = None
    lines: tuple[InvoiceLine, ...] = ()
