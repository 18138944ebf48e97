"""What a warehouse counts on its shelves at one instant."""

from typing import ClassVar

from pydantic import AwareDatetime, Field

from .base import CanonicalMessage, CanonicalModel, Count, ExternalId
from .money import ExactDecimal


class SnapshotLine(CanonicalModel):
    """Units of one item. ``on_hand`` is what lies there, ``sellable`` what of it may be sent.

    ``unit`` is the warehouse's word for what it counts in, units of the item without one. ``lot``
    is a lot or serial number where the warehouse counts by it.
    """

    sku: str
    item_external_id: str | None = None
    on_hand: ExactDecimal
    sellable: ExactDecimal | None = None
    unit: str | None = None
    lot: str | None = None


class StockSnapshot(CanonicalMessage):
    """The stock of a warehouse at ``taken_at``.

    A large one comes in ``parts``, each a message of its own (``external_id``), which name the same
    ``snapshot_external_id``. ``complete``: items that no part names have nothing there.
    """

    kind: ClassVar[str] = "stock_snapshot"

    snapshot_external_id: ExternalId
    location_external_id: ExternalId
    taken_at: AwareDatetime
    complete: bool = True
    part: Count = Field(default=1, ge=1)
    parts: Count = Field(default=1, ge=1)
    lines: tuple[SnapshotLine, ...] = ()

    @property
    def entity_key(self) -> str:
        """Each part stands for itself: their order does not matter."""
        return f"{self.kind}:{self.external_id}"
