"""846, inventory inquiry and advice: what a warehouse counts.

Segments by X12 004010 (https://www.stedi.com/edi/x12-004010/846): BIA names the report and its
instant, N1 the warehouse, each LIN an item, QTY what there is of it (element 673: 17 on hand, 33
available for sale).
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from odoo.addons.retail_connector_base.canonical import (
    CanonicalMessage,
    SnapshotLine,
    StockSnapshot,
)

from .items import location_of, references, sku_of, unit_of
from .reading import Loop, Segment, SetReader
from .wire import RawSet

PAIRS = tuple((number, number + 1) for number in range(2, 30, 2))
LOT = "LT"
# Qualifiers of DTM (element 374) that name the instant of the count, the surest first.
INSTANTS = ("184", "366", "097", "007")
# Items of one message: a large report comes in parts.
PART = 2_000


def read_846(reader: SetReader, part: int = 1, parts: int = 1) -> CanonicalMessage:
    """Return the snapshot, or one part of it. Raises ``SetError``."""
    return _Report(reader).message(part, parts)


def parts_of(raw: RawSet) -> list[RawSet]:
    """Return a report as parts that hold so many items each; SE counts what is in each.

    A report whose own trailer is wrong stays whole: it will be refused.
    """
    start = f"LIN{raw.separators.element}"
    items = [at for at, segment in enumerate(raw.segments) if segment.startswith(start)]
    told = [part.strip().lstrip("0") for part in raw.segments[-1].split(raw.separators.element)]
    right = told[:3] == ["SE", str(len(raw.segments)), raw.number.lstrip("0")]
    if raw.fault or len(items) <= PART or not right:
        return [raw]
    bounds = [*items[::PART], len(raw.segments) - 1]
    head, found = raw.segments[: items[0]], []
    for begin, end in pairwise(bounds):
        body = (*head, *raw.segments[begin:end])
        ends = raw.separators.element.join(("SE", str(len(body) + 1), raw.number))
        found.append(replace(raw, segments=(*body, ends)))
    return found


class _Report:
    """One 846."""

    def __init__(self, reader: SetReader) -> None:
        self.reader = reader
        self.top = reader.required("BIA")
        self.head, self.loops = reader.split("LIN", reader.body)

    def message(self, part: int, parts: int) -> StockSnapshot:
        reader = self.reader
        taken_at = self._taken_at()
        lines = [line for loop in self.loops for line in self._lines(loop)]
        location = location_of(reader, self.head) or self._only_location()
        reader.stop_if_wrong()
        name = f"{location}/{self.top.get(3) or 'report'}@{taken_at:%Y%m%d%H%M%S}"
        return StockSnapshot(
            external_id=name if parts == 1 else f"{name}#{part}",
            updated_at=reader.envelope.written_at,
            snapshot_external_id=name,
            location_external_id=location,
            taken_at=taken_at,
            complete=reader.profile.snapshot_complete,
            part=part,
            parts=parts,
            lines=tuple(lines),
        )

    def _taken_at(self):
        """Return the instant of the count. An instant that is not told is no instant."""
        reader = self.reader
        times = {s.get(1): s for s in self.head if s.name == "DTM"}
        for qualifier in INSTANTS:
            if qualifier in times:
                return reader.moment(times[qualifier], 2, 3)
        found = reader.moment(self.top, 4, 5)
        if not found:
            text = "The report names no instant (BIA04, DTM)."
            reader.refuse(self.top, 4, "1", text)
        return found

    def _only_location(self) -> str | None:
        locations = self.reader.profile.locations
        if len(locations) == 1:
            return locations[0].external_id
        self.reader.refuse(self.top, 2, "1", "The report does not name its warehouse (N1*WH).")
        return None

    def _lines(self, loop: Loop) -> Iterator[SnapshotLine]:
        reader, item = self.reader, loop[0]
        pairs = {item.get(n): item.get(n + 1) for n, _ in PAIRS}
        lots = [pairs.get(LOT, ""), *references(loop, (LOT,), "REF")]
        sku = sku_of(reader, item, [p for p in PAIRS if item.get(p[0]) != LOT])
        on_hand, unit = self._quantity(loop, reader.profile.on_hand)
        sellable, _unit = self._quantity(loop, reader.profile.sellable)
        if not sku:
            reader.refuse(item, 3, "1", f"Segment {item.position}: LIN names no item.")
        elif on_hand is None:
            words = ", ".join(reader.profile.on_hand)
            text = f"Segment {item.position}: an item without a quantity on hand (QTY*{words})."
            reader.refuse(item, 3, "1", text)
        else:
            yield SnapshotLine(
                sku=sku,
                on_hand=on_hand,
                sellable=sellable,
                unit=unit,
                lot=next(filter(None, lots), None),
            )

    def _quantity(self, loop: Loop, words: tuple[str, ...]) -> tuple[Decimal | None, str | None]:
        """Return an item's quantity (of the first qualifier that is there) and its unit."""
        told = [s for s in loop if s.name == "QTY"]
        word = next((w for w in words if any(s.get(1) == w for s in told)), "")
        found = [s for s in told if s.get(1) == word]
        total: Decimal | None = None
        for segment in found:
            quantity = self.reader.number(segment, 2)
            if quantity is None:
                text = f"Segment {segment.position}: QTY02 tells no quantity."
                self.reader.refuse(segment, 2, "1", text)
            else:
                total = (total or Decimal(0)) + quantity
        units = {self._unit(segment) for segment in found}
        if len(units) > 1:
            text = f"Segment {found[0].position}: one item is counted in two units."
            self.reader.refuse(found[0], 3, "7", text)
        return total, next(iter(units), None)

    def _unit(self, segment: Segment) -> str | None:
        """Return the unit of a quantity: the first component of QTY03."""
        separator = self.reader.raw.separators.component
        return unit_of(segment.get(3).split(separator)[0])
