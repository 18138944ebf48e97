"""Counts that a person enters: a line for each item, as spreadsheets copy them."""

import csv
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from odoo.addons.retail_connector_base.canonical import SnapshotLine

SEPARATORS = "\t;,"


class EntryError(ValueError):
    """A line that is none. ``number`` counts from 1."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__(f"{number}: {text}")
        self.number = number
        self.text = text


def lines_of(text: str) -> tuple[SnapshotLine, ...]:
    """Return the lines of a text: SKU, quantity, and where there are lot and unit.

    Separated by tabs, semicolons or commas, whichever comes first in the text. A first line whose
    quantity is a word is a heading. Raises ``EntryError`` for what cannot be read.
    """
    return tuple(_lines(text.strip("\ufeff\r\n")))


def _lines(text: str) -> Iterator[SnapshotLine]:
    separator = next((one for one in SEPARATORS if one in text), SEPARATORS[0])
    for number, cells in enumerate(csv.reader(text.splitlines(), delimiter=separator), 1):
        words = [cell.strip() for cell in cells]
        if not any(words):
            continue
        quantity = _quantity(words[1] if len(words) > 1 else "", separator)
        if quantity is None and number == 1 and len(words) > 1:
            continue
        if quantity is None or not words[0] or len(words) > 4:
            raise EntryError(number, separator.join(cells))
        lot, unit = [*words[2:], "", ""][:2]
        yield SnapshotLine(sku=words[0], on_hand=quantity, lot=lot or None, unit=unit or None)


def _quantity(word: str, separator: str) -> Decimal | None:
    """Read a number; a decimal comma is one where commas do not separate."""
    text = word.replace(",", ".") if separator != "," else word
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 10**12 else None
