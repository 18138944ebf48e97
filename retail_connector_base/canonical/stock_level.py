"""What a channel can sell of one item at one location."""

from typing import ClassVar

from .base import CanonicalMessage
from .money import ExactDecimal


class StockLevel(CanonicalMessage):
    """A quantity in units of the item; ``None`` when the channel does not count it.

    ``connected`` is false once the item is no longer stocked at the location.
    ``external_id`` is ``<item>:<location>``.
    """

    kind: ClassVar[str] = "stock_level"

    inventory_item_external_id: str
    location_external_id: str
    available: ExactDecimal | None = None
    connected: bool = True
