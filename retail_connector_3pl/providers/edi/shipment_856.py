"""856, ship notice: what some warehouses send instead of a 945.

A tree of HL levels (https://www.stedi.com/edi/x12-004010/856): the shipment, its orders (PRF),
its packs (MAN) and the items in them (LIN, SN1). A notice of one order is understood.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import (
    CanonicalMessage,
    Shipment,
    ShipmentLine,
    ShipmentState,
    Tracking,
)
from odoo.addons.retail_connector_base.canonical.shipment import Parcel

from .items import location_of, lots_of, references, sku_of, unit_of
from .reading import Loop, Segment, SetReader
from .shipment_945 import TRACKED

PAIRS = tuple((number, number + 1) for number in range(2, 30, 2))
REFERENCES = frozenset(["2I", "CN"])
# Element 640 or 1005 say how levels nest; HL03 says what each is.
SHIPMENT, ORDER, PACKS, ITEM = "S", "O", frozenset(["P", "T"]), "I"


@dataclass
class _Level:
    """One HL level and the level it belongs to."""

    code: str
    parent: str
    segments: Loop
    pack: list[ShipmentLine] = field(default_factory=list)


def read_856(reader: SetReader) -> CanonicalMessage:
    """Return the shipment. Raises ``SetError``."""
    return _Notice(reader).message()


class _Notice:
    """One 856."""

    def __init__(self, reader: SetReader) -> None:
        self.reader = reader
        self.top = reader.required("BSN")
        reader.required("HL")
        self.head, loops = reader.split("HL", reader.body)
        self.levels: dict[str, _Level] = {}
        for loop in loops:
            start = loop[0]
            self.levels[start.get(1)] = _Level(start.get(3), start.get(2), loop[1:])

    def message(self) -> Shipment:
        reader = self.reader
        orders = self._orders()
        lines = self._lines()
        shipped_at = self._shipped_at()
        reader.stop_if_wrong()
        parcels = self._parcels()
        shipment = self._of(SHIPMENT)
        return Shipment(
            external_id=f"{orders[0]}/{reader.text(self.top, 2)}",
            updated_at=reader.envelope.written_at,
            order_external_id=orders[0],
            name=self.top.get(2),
            state=ShipmentState.SHIPPED,
            shipped_at=shipped_at,
            location_external_id=location_of(reader, shipment),
            carrier=self._carrier(shipment),
            trackings=self._trackings(shipment, parcels),
            lines=tuple(lines),
            parcels=tuple(parcels),
        )

    def _of(self, code: str) -> Loop:
        return [s for level in self.levels.values() if level.code == code for s in level.segments]

    def _orders(self) -> list[str]:
        found = list(dict.fromkeys(s.get(1) for s in self._of(ORDER) if s.name == "PRF"))
        if len(found) != 1 or not found[0]:
            text = "The notice is not of one order (PRF01)."
            self.reader.refuse(self.top, 2, "7", text)
            self.reader.stop_if_wrong()
        return found

    def _shipped_at(self):
        times = [s for s in self.reader.body if s.name == "DTM" and s.get(1) == "011"]
        if times:
            return self.reader.moment(times[0], 2, 3)
        return self.reader.moment(self.top, 3, 4)

    def _carrier(self, shipment: Loop) -> str | None:
        found = self.reader.first("TD5", shipment)
        return (found.get(3) or found.get(5) or None) if found else None

    def _lines(self) -> list[ShipmentLine]:
        lines = []
        for number, level in self.levels.items():
            if level.code == ITEM:
                line = self._line(number, level)
                if line:
                    lines.append(line)
                    self._pack_of(level).append(line)
        if not lines:
            self.reader.refuse(self.top, 2, "1", "The notice names no item.")
        return lines

    def _line(self, number: str, level: _Level) -> ShipmentLine | None:
        reader, loop = self.reader, level.segments
        item, count = reader.first("LIN", loop), reader.first("SN1", loop)
        if not item or not count:
            reader.refuse(self.top, 2, "1", f"Level {number} has no LIN or no SN1.")
            return None
        quantity = reader.number(count, 2)
        if quantity is None or quantity < 0:
            reader.refuse(count, 2, "1", f"Segment {count.position}: SN102 tells no quantity.")
            return None
        lot = Segment("LIN", ({item.get(n): item.get(n + 1) for n, _ in PAIRS}.get("LT", ""),), 0)
        line = next(iter(references(loop, (reader.profile.line_qualifier,), "REF")), None)
        return ShipmentLine(
            external_id=number,
            order_line_external_id=line,
            sku=sku_of(reader, item, [p for p in PAIRS if item.get(p[0]) != "LT"]),
            quantity=quantity or Decimal(0),
            unit=unit_of(count.get(3)),
            lots=lots_of(reader, lot, loop, 1, quantity),
        )

    def _pack_of(self, level: _Level) -> list[ShipmentLine]:
        """Return the lines of the pack that a level lies in, however deep."""
        seen = set()
        while level.parent in self.levels and level.parent not in seen:
            seen.add(level.parent)
            level = self.levels[level.parent]
            if level.code in PACKS:
                return level.pack
        return []

    def _parcels(self) -> list[Parcel]:
        parcels = []
        for number, level in self.levels.items():
            if level.code not in PACKS:
                continue
            marks = {s.get(1): s.get(2) for s in level.segments if s.name == "MAN"}
            tracking = next((marks[q] for q in marks if q in TRACKED), None)
            label = next((marks[q] for q in marks if q not in TRACKED), None)
            parcels.append(
                Parcel(
                    external_id=label or tracking or number,
                    tracking=Tracking(number=tracking) if tracking else None,
                    lines=tuple(level.pack),
                )
            )
        return parcels

    def _trackings(self, shipment: Loop, parcels: list[Parcel]) -> tuple[Tracking, ...]:
        numbers = [p.tracking.number for p in parcels if p.tracking]
        numbers = numbers or references(shipment, REFERENCES, "REF")
        return tuple(Tracking(number=number) for number in dict.fromkeys(numbers))
