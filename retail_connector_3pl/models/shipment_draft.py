"""Goods of a shipment on their way into Odoo."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass
class LotDraft:
    """Units of one lot that are still to be allotted, in the product's unit."""

    number: str
    quantity: Decimal
    expires_on: date | None = None


@dataclass
class GoodsDraft:
    """Units of a product that a shipment tells of, in the product's unit.

    ``line`` is the line of the release that the warehouse named. ``lots`` and ``parcels`` are what
    is still to be allotted to moves: they are used up. ``parcels`` are quantities by parcel's id.
    """

    key: str
    product: Any
    quantity: Decimal
    line: Any
    lots: list[LotDraft] = field(default_factory=list)
    parcels: dict[str, Decimal] = field(default_factory=dict)
