"""945, warehouse shipping advice: what left for a customer.

Segments by X12 004010 (https://www.stedi.com/edi/x12-004010/945): W06 names the order, W27 the
carrier, each LX a pack or a line, MAN its marks, W12 what of an item was ordered and shipped.
"""

import hashlib
from collections.abc import Iterator
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import (
    CanonicalMessage,
    Shipment,
    ShipmentLine,
    ShipmentState,
    Tracking,
    WarehouseOrder,
    WarehouseOrderState,
)
from odoo.addons.retail_connector_base.canonical.shipment import Parcel

from .items import location_of, lots_of, references, sku_of, unit_of
from .reading import Loop, Segment, SetReader

# Element 88: who assigned a mark. A carrier's, or the shipper's for the carrier, is a tracking.
TRACKED = frozenset(["CP", "SM", "CA"])
# Qualifiers of N9 that hold a carrier's number, and one that names a pallet or a carton.
TRACKING_REFERENCES = frozenset(["2I", "08", "WY", "CN"])
PLATE = "LV"
# Qualifiers of N9 that name a shipment, the surest first.
SHIPMENT_REFERENCES = ("SI", "BM", "MB", "CN")
SUBSTITUTE = "IS"
# Element 368: more of it will follow. All other words end the line.
MORE = frozenset(["BK", "BM", "BO", "BP", "PR", "SS", "SP", "PS", "IN", "NN", "NS", "ED", "EW"])
PAIRS, OTHER_PAIRS = ((7, 8),), ((7, 8), (17, 18))


def read_945(reader: SetReader) -> CanonicalMessage:
    """Return the shipment; the order's end where nothing was shipped and nothing will be.

    Raises ``SetError``.
    """
    return _Advice(reader).message()


class _Advice:
    """One 945."""

    def __init__(self, reader: SetReader) -> None:
        self.reader = reader
        self.top = reader.required("W06")
        self.head, self.loops = reader.split("LX", reader.body)
        if not self.loops:
            self.head, self.loops = self._without_lx()
        self.ordered: list[Segment] = []
        self.parcels: list[Parcel] = []
        self.names: set[str] = set()

    def _without_lx(self) -> tuple[Loop, list[Loop]]:
        head, loops = self.reader.split("W12", self.reader.body)
        everything = [segment for loop in loops for segment in loop]
        return head, [[Segment("LX", ("1",), 0), *everything]] if loops else []

    def message(self) -> CanonicalMessage:
        reader, top = self.reader, self.top
        order = reader.text(top, 2)
        lines = [line for loop in self.loops for line in self._lines(loop)]
        shipped_at = self._shipped_at()
        self._compare_totals(lines)
        reader.stop_if_wrong()
        final = self._is_final()
        if not any(line.quantity for line in lines) and final:
            return self._nothing(order)
        carrier = self._carrier(self.head)
        return Shipment(
            external_id=f"{order}/{self._name()}",
            updated_at=reader.envelope.written_at,
            order_external_id=order,
            name=self._name(),
            state=ShipmentState.SHIPPED,
            shipped_at=shipped_at,
            location_external_id=location_of(reader, self.head),
            carrier=carrier,
            trackings=self._trackings(),
            lines=tuple(lines),
            parcels=tuple(self.parcels),
            final=final,
        )

    def _nothing(self, order: str) -> WarehouseOrder:
        return WarehouseOrder(
            external_id=order,
            updated_at=self.reader.envelope.written_at,
            order_external_id=order,
            state=WarehouseOrderState.CANCELLED,
            reason="The warehouse shipped nothing of it, and will not.",
            reason_code=self.ordered[0].get(1) if self.ordered else None,
        )

    def _name(self) -> str:
        """Return what names the shipment: two shipments of one order must not share it.

        Where the warehouse names it nowhere, what it says is its name: the same again under other
        control numbers is the same shipment.
        """
        named = [self.top.get(4), self.top.get(5)]
        for qualifier in SHIPMENT_REFERENCES:
            named += references(self.head, (qualifier,))
        content = "\x1e".join(self.reader.raw.segments[1:-1])
        digest = hashlib.sha256(content.encode()).hexdigest()[:16]
        return next(filter(None, named), digest)

    def _shipped_at(self):
        dates = {s.get(1): s for s in self.head if s.name == "G62"}
        if self.top.get(3):
            day = self.reader.day(self.top, 3)
            timed = dates.get("11")
            clock = timed.get(4) if timed and timed.get(2) == self.top.get(3) else ""
            return self.reader.at(day, clock) if day else None
        return self.reader.moment(dates["11"], 2, 4) if "11" in dates else None

    def _carrier(self, loop: Loop) -> str | None:
        found = self.reader.first("W27", loop)
        return (found.get(2) or found.get(3) or None) if found else None

    def _trackings(self) -> tuple[Tracking, ...]:
        numbers = [p.tracking.number for p in self.parcels if p.tracking]
        numbers += references(self.head, TRACKING_REFERENCES - {"CN"})
        if not numbers:
            numbers = references(self.head, ("CN",))
        return tuple(Tracking(number=number) for number in dict.fromkeys(numbers))

    # Lines and parcels

    def _lines(self, loop: Loop) -> Iterator[ShipmentLine]:
        number = loop[0].get(1)
        head, details = self.reader.split("W12", loop[1:])
        lines = []
        for index, detail in enumerate(details, 1):
            external_id = number if len(details) == 1 else f"{number}.{index}"
            line = self._line(detail, self._unused(external_id))
            if line:
                lines.append(line)
        self._pack(number, head, details, lines)
        yield from lines

    def _unused(self, external_id: str) -> str:
        """Return a line's id, with its number behind it where somebody counts the same twice."""
        if not external_id or external_id in self.names:
            external_id = f"{external_id}.{len(self.names) + 1}"
        self.names.add(external_id)
        return external_id

    def _line(self, loop: Loop, external_id: str) -> ShipmentLine | None:
        reader, item = self.reader, loop[0]
        self.ordered.append(item)
        quantity = self._quantity(item)
        if quantity is None:
            return None
        substitute = item.get(1) == SUBSTITUTE
        sku = sku_of(reader, item, PAIRS if substitute else OTHER_PAIRS, 6)
        line = next(iter(references(loop, (reader.profile.line_qualifier,))), None)
        if not sku and not line:
            reader.refuse(item, 8, "1", f"Segment {item.position}: W12 names no item.")
        return ShipmentLine(
            external_id=external_id,
            order_line_external_id=line,
            sku=sku,
            quantity=quantity,
            unit=unit_of(item.get(5)),
            lots=lots_of(reader, item, loop, 9, quantity),
        )

    def _quantity(self, item: Segment) -> Decimal | None:
        """Return what was shipped; where it is not told, what was ordered less the difference."""
        reader = self.reader
        ordered, shipped, missing = (reader.number(item, n) for n in (2, 3, 4))
        if shipped is None and ordered is not None and missing is not None:
            shipped = ordered - abs(missing)
        if shipped is None or shipped < 0:
            text = f"Segment {item.position}: W1203 tells no quantity."
            reader.refuse(item, 3, "1", text)
            return None
        if ordered is not None and missing is not None and abs(ordered - shipped) != abs(missing):
            text = f"Segment {item.position}: W1204 is not the difference of W1202 and W1203."
            reader.remark(item, text)
        return shipped

    def _pack(
        self, number: str, head: Loop, details: list[Loop], lines: list[ShipmentLine]
    ) -> None:
        """Note the parcels of a loop: by its marks, its numbers or its pallet."""
        everything = [*head, *(segment for detail in details for segment in detail)]
        marks = [(s.get(at), s.get(at + 1)) for s in everything if s.name == "MAN" for at in (1, 4)]
        tracked = [mark for qualifier, mark in marks if qualifier in TRACKED and mark]
        tracked += [n for n in references(everything, TRACKING_REFERENCES) if n not in tracked]
        labels = [mark for qualifier, mark in marks if mark and qualifier not in TRACKED]
        labels += references(everything, (PLATE,))
        count = max(len(tracked), len(labels))
        carriers = [carrier for detail in details if (carrier := self._carrier(detail))]
        for index in range(count):
            tracking = tracked[index] if index < len(tracked) else None
            label = labels[index] if index < len(labels) else tracking
            self._keep(
                Parcel(
                    external_id=label or f"{number}.{index + 1}",
                    tracking=Tracking(number=tracking) if tracking else None,
                    carrier=carriers[0] if carriers else None,
                    lines=tuple(lines) if count == 1 else (),
                )
            )

    def _keep(self, parcel: Parcel) -> None:
        """Add a parcel; the same label again holds more lines of the same parcel."""
        for index, known in enumerate(self.parcels):
            if known.external_id == parcel.external_id:
                self.parcels[index] = known.model_copy(
                    update={
                        "lines": known.lines + parcel.lines,
                        "tracking": known.tracking or parcel.tracking,
                    }
                )
                return
        self.parcels.append(parcel)

    # The whole

    def _is_final(self) -> bool:
        words = {item.get(1) for item in self.ordered}
        return bool(words) and not words & MORE

    def _compare_totals(self, lines: list[ShipmentLine]) -> None:
        total = self.reader.first("W03")
        told = self.reader.number(total, 1) if total else None
        if told is not None and told != sum(line.quantity for line in lines):
            self.reader.remark(total, "W0301 is not the sum of what the lines say was shipped.")
