"""944, warehouse stock transfer receipt advice: what a warehouse took in.

Segments by X12 004010 (https://www.stedi.com/edi/x12-004010/944): W17 names the receipt and our
announcement, each W07 what was received of an item, W13 what of that is out of order. With the
reporting code C (element 514) it is what customers sent back.
"""

from collections.abc import Iterator
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import (
    CanonicalMessage,
    GoodsReceipt,
    ReceiptLine,
    ReceiptState,
    Return,
    ReturnLine,
    ReturnState,
)
from odoo.addons.retail_connector_base.canonical.goods_return import Condition

from .items import location_of, lots_of, references, sku_of, unit_of
from .reading import Loop, Segment, SetReader

CUSTOMER_RETURN = "C"
PAIRS, UPC = ((4, 5), (6, 7), (10, 11)), 3
# Element 412. What these say is a part of what was received.
CONDITIONS = {
    "01": Condition.DAMAGED,
    "04": Condition.DEFECTIVE,
    "05": Condition.WRONG_ITEM,
    "06": Condition.OPENED,
    "07": Condition.SELLABLE,
    "10": Condition.DAMAGED,
}
SHORT, OVER = "02", "03"
# Refused at the door: it is not in the warehouse.
REFUSED = frozenset(["08", "12", "16"])
# References of the order that a return belongs to.
ORDERS = ("CO", "OQ", "OR")


def read_944(reader: SetReader) -> CanonicalMessage:
    """Return the receipt, or the return of a customer. Raises ``SetError``."""
    return _Advice(reader).message()


class _Advice:
    """One 944."""

    def __init__(self, reader: SetReader) -> None:
        self.reader = reader
        self.top = reader.required("W17")
        self.head, self.loops = reader.split("W07", reader.body)

    def message(self) -> CanonicalMessage:
        reader, top = self.reader, self.top
        number = reader.text(top, 3)
        lines = [ln for n, loop in enumerate(self.loops, 1) for ln in self._lines(str(n), loop)]
        clock = top.get(7)
        day = reader.day(top, 2)
        received_at = reader.at(day, clock) if day else None
        self._compare_totals()
        reader.stop_if_wrong()
        if top.get(1) == CUSTOMER_RETURN:
            return self._return(number, lines, received_at)
        return GoodsReceipt(
            external_id=number,
            updated_at=reader.envelope.written_at,
            announcement_reference=top.get(4) or None,
            state=ReceiptState.COMPLETED,
            location_external_id=location_of(self.reader, self.head),
            received_at=received_at,
            lines=tuple(lines),
            note=self._note(),
        )

    def _return(self, number: str, lines: list[ReceiptLine], received_at) -> Return:
        order = next(iter(references(self.head, ORDERS)), None)
        return Return(
            external_id=self.top.get(4) or number,
            updated_at=self.reader.envelope.written_at,
            order_external_id=order,
            name=self.top.get(4) or None,
            state=ReturnState.RECEIVED,
            received_at=received_at,
            location_external_id=location_of(self.reader, self.head),
            lines=tuple(
                ReturnLine(
                    external_id=line.external_id,
                    sku=line.sku,
                    quantity=line.quantity,
                    received_quantity=line.quantity,
                    condition=line.condition,
                    lots=line.lots,
                )
                for line in lines
            ),
            note=self._note(),
        )

    def _note(self) -> str | None:
        texts = [s.get(2) for s in self.head if s.name == "NTE" and s.get(2)]
        return " ".join(texts) or None

    # Lines

    def _lines(self, number: str, loop: Loop) -> Iterator[ReceiptLine]:
        """Yield what is in order of an item first, then each part of it that is not."""
        reader, item = self.reader, loop[0]
        received = reader.number(item, 1)
        if received is None or received < 0:
            text = f"Segment {item.position}: W0701 tells no quantity."
            reader.refuse(item, 1, "1", text)
            return
        parts = list(self._exceptions(loop))
        good = received - sum(
            (q for word, q, _lot in parts if word not in (SHORT, OVER)), Decimal(0)
        )
        if good < 0:
            text = f"Segment {item.position}: more is out of order (W13) than was received (W07)."
            reader.refuse(item, 1, "7", text)
            return
        shared = self._shared(item, loop)
        lots = lots_of(reader, item, loop, 8, good)
        expected = received
        for word, quantity, _lot in parts:
            expected += quantity if word == SHORT else -quantity if word == OVER else 0
        if good or not parts or received == 0:
            yield ReceiptLine(
                external_id=number,
                quantity=good,
                expected_quantity=max(expected, Decimal(0)),
                condition=Condition.SELLABLE,
                lots=lots,
                **shared,
            )
        for index, (word, quantity, lot) in enumerate(parts, 1):
            if word in (SHORT, OVER) or word in REFUSED:
                continue
            yield ReceiptLine(
                external_id=f"{number}.{index}",
                quantity=quantity,
                condition=CONDITIONS.get(word, Condition.UNKNOWN),
                lots=lots_of(reader, lot, loop, 4, quantity),
                **shared,
            )

    def _exceptions(self, loop: Loop) -> Iterator[tuple[str, Decimal, Segment]]:
        """Yield each exception of an item: its condition, its quantity, and its segment."""
        for segment in loop:
            if segment.name != "W13":
                continue
            quantity = self.reader.number(segment, 1)
            if quantity is None or quantity < 0:
                text = f"Segment {segment.position}: W1301 tells no quantity."
                self.reader.refuse(segment, 1, "1", text)
                continue
            if unit_of(segment.get(2)) != unit_of(loop[0].get(2)):
                text = f"Segment {segment.position}: W13 counts in another unit than its W07."
                self.reader.refuse(segment, 2, "7", text)
                continue
            yield self.reader.text(segment, 3), quantity, segment

    def _shared(self, item: Segment, loop: Loop) -> dict:
        reader = self.reader
        sku = sku_of(reader, item, PAIRS, UPC)
        line = next(iter(references(loop, (reader.profile.line_qualifier,))), None)
        if not sku and not line:
            reader.refuse(item, 5, "1", f"Segment {item.position}: W07 names no item.")
        return {"sku": sku, "line_reference": line, "unit": unit_of(item.get(2))}

    def _compare_totals(self) -> None:
        total = self.reader.first("W14")
        told = self.reader.number(total, 1) if total else None
        if told is None:
            return
        received = [self.reader.number(loop[0], 1) or Decimal(0) for loop in self.loops]
        if told != sum(received):
            self.reader.remark(total, "W1401 is not the sum of what the lines say was received.")
