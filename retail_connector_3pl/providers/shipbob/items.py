"""Which stock item a line is: by its number where it is bound, by its SKU otherwise.

Source: ``GET /inventory``: ``InventoryIds`` are exact; ``SearchBy`` finds parts of names and SKUs.
"""

from collections.abc import Sequence
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import AnnouncedLine, ReleaseLine
from odoo.addons.retail_connector_base.providers import RejectedError

from .client import PAGE, Row, ShipBobClient

Line = AnnouncedLine | ReleaseLine
# Numbers that one request asks for.
_TOGETHER = 100


class Items:
    """Finds stock items; what was found is remembered."""

    def __init__(self, client: ShipBobClient) -> None:
        self._client = client
        self._bound: dict[str, Row] = {}
        self._by_sku: dict[str, int] = {}

    def of(self, lines: Sequence[Line]) -> dict[str, int]:
        """Return the numbers of stock items by the lines' references.

        Raises ``RejectedError`` for an item that ShipBob does not have, or has twice.
        """
        self._read([line.item_external_id for line in lines if line.item_external_id])
        return {line.external_id: self._of(line) for line in lines}

    def _of(self, line: Line) -> int:
        row = self._bound.get(line.item_external_id or "")
        if row and row.get("sku") in (line.sku, None, ""):
            return int(row["inventory_id"])
        if line.sku not in self._by_sku:
            self._by_sku[line.sku] = self._search(line.sku)
        return self._by_sku[line.sku]

    def _read(self, numbers: Sequence[str]) -> None:
        asked = {one for one in numbers if one.isascii() and one.isdigit()}
        wanted = sorted(asked - self._bound.keys())
        for start in range(0, len(wanted), _TOGETHER):
            part = ",".join(wanted[start : start + _TOGETHER])
            for row in self._client.every("inventory", InventoryIds=part, PageSize=PAGE):
                self._bound[str(row.get("inventory_id"))] = row

    def _search(self, sku: str) -> int:
        rows = self._client.every("inventory", SearchBy=sku, PageSize=PAGE)
        found = [row for row in rows if row.get("sku") == sku and not _is_bundle(row)]
        active = [row for row in found if _variant(row).get("is_active") is not False] or found
        if len(active) == 1:
            return int(active[0]["inventory_id"])
        words = "no stock item" if not active else f"{len(active)} stock items"
        raise RejectedError(f"ShipBob has {words} with the SKU “{sku}”: see to its products there.")


def _variant(row: Row) -> Row:
    found = row.get("variant")
    return found if isinstance(found, dict) else {}


def _is_bundle(row: Row) -> bool:
    return bool(_variant(row).get("is_bundle"))


def whole(quantity: Decimal, what: str) -> int:
    """Return a number of units. Raises ``RejectedError`` for a fraction, or nothing at all."""
    if quantity != quantity.to_integral_value() or not 0 < quantity < 2**31:
        raise RejectedError(f"ShipBob counts whole units: {quantity} of “{what}” cannot be told.")
    return int(quantity)
