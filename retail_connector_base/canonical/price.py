"""What one item costs, told by the system that owns prices."""

from decimal import Decimal
from typing import ClassVar

from pydantic import AwareDatetime, model_validator

from .base import CanonicalMessage
from .money import CurrencyCode, ExactDecimal


class Price(CanonicalMessage):
    """The price of one unit from a quantity on, in one price list.

    The item is named by the channel's variant, its SKU or its barcode. ``price_list`` is the
    sender's name of the list, ``None`` for the list that the backend sells by. ``valid_from`` and
    ``valid_until`` are UTC; an open end is ``None``. ``amount`` is ``None`` to take a price back.
    """

    kind: ClassVar[str] = "price"

    variant_external_id: str | None = None
    sku: str | None = None
    barcode: str | None = None
    price_list: str | None = None
    currency: CurrencyCode
    amount: ExactDecimal | None
    compare_at: ExactDecimal | None = None
    taxes_included: bool | None = None
    min_quantity: ExactDecimal = Decimal(0)
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None

    @model_validator(mode="after")
    def _names_an_item(self) -> "Price":
        if not (self.variant_external_id or self.sku or self.barcode):
            raise ValueError("name the item by variant_external_id, sku or barcode")
        return self

    @property
    def entity_key(self) -> str:
        """The item's key: prices of one item are applied in order."""
        return f"price:{self.variant_external_id or self.sku or self.barcode}"
