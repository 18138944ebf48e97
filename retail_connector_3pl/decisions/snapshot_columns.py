"""How the lines of a count are kept: by column, as SQL reads them."""

from collections.abc import Iterable

from odoo.addons.retail_connector_base.canonical import SnapshotLine
from odoo.addons.retail_connector_base.decisions.receipt import printable

# Of a line. What no line of a part tells is left out of it.
COLUMNS = ("sku", "item", "on_hand", "sellable", "unit", "lot")

Columns = dict[str, list[str | None]]


def columns_of(lines: Iterable[SnapshotLine]) -> Columns:
    """Return the lines of a part by column, in their order; quantities as they were written."""
    rows = [_row(line) for line in lines]
    found = {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}
    return {name: values for name, values in found.items() if any(map(_is_told, values))}


def _row(line: SnapshotLine) -> tuple[str | None, ...]:
    sellable = None if line.sellable is None else f"{line.sellable:f}"
    words = (_word(line.sku) or "", _word(line.item_external_id), f"{line.on_hand:f}", sellable)
    return (*words, _word(line.unit), _word(line.lot))


def _word(text: str | None) -> str | None:
    """Return a word as it is kept and compared, without space around it."""
    return printable((text or "").strip()) or None


def _is_told(value: str | None) -> bool:
    return value is not None


def count_of(columns: Columns) -> int:
    """Return how many lines there are."""
    return len(columns.get("sku", ()))
