"""940, warehouse shipping order: a release, its change or its cancellation.

Segments by X12 004010 (https://www.stedi.com/edi/x12-004010/940): W05 names the order, N1 to N4 and
PER its people and places, G62 its dates, NTE what to mind, W66 the carrier, each LX a line with its
item (W01), description (G69) and references (N9).
"""

from collections.abc import Iterator
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import (
    CancelRelease,
    Recipient,
    ReleaseLine,
    ReleaseOrder,
)
from odoo.addons.retail_connector_base.canonical.address import Address
from odoo.addons.retail_connector_base.providers import RejectedError

from .items import references, sku_of, unit_of
from .reading import Loop, SetReader
from .writing import Speller, Written

GROUP, CODE = "OW", "940"
# Element 473.
ORIGINAL, CHANGE, CANCEL = "N", "R", "F"
PAIRS, UPC = ((4, 5), (6, 7), (15, 16)), 3
# Qualifiers: dates (432), references (128), parties (98), communication (365).
SHIP_BY, ORDERED = "10", "04"
ORDER_NAME, REQUEST, PRIORITY, LOT, TAG = "CO", "RE", "PH", "LT", "ZZ"
SHIP_TO, WAREHOUSE = "ST", "WH"
PHONE, EMAIL = "TE", "EM"
# Element 363: warehouse instructions, other instructions.
NOTE, GIFT = "WHI", "OTH"
EACH = "EA"


def write_order(speller: Speller, order: ReleaseOrder, status: str = ORIGINAL,
                request: str = "") -> tuple[Written, ...]:  # fmt: skip
    """Return the segments of a release, or of what it has become (``status``).

    Raises ``RejectedError`` for what cannot be written.
    """
    return tuple(_Writing(speller, order).segments(status, request))


def write_cancel(speller: Speller, command: CancelRelease,
                 order: ReleaseOrder | None) -> tuple[Written, ...]:  # fmt: skip
    """Return the segments of a cancellation; ``order`` is what is cancelled, where it is known."""
    if order is not None:
        return write_order(speller, order, CANCEL, command.request_reference)
    reference = speller.reference(command.order_external_id, 22, "Our reference")
    return (
        ("W05", CANCEL, reference),
        ("N1", WAREHOUSE, "", "92", speller.reference(command.location_external_id, 80, "N1")),
        ("N9", REQUEST, speller.text(command.request_reference, 30, "The request", cut=True)),
    )


class _Writing:
    """Writes one release."""

    def __init__(self, speller: Speller, order: ReleaseOrder) -> None:
        self.spell, self.order = speller, order

    def segments(self, status: str, request: str) -> Iterator[Written]:
        spell, order = self.spell, self.order
        reference = spell.reference(order.order_external_id, 22, "Our reference")
        yield ("W05", status, reference, spell.text(order.order_name, 22, "W0503", cut=True))
        yield from self._people()
        yield ("N9", ORDER_NAME, spell.text(order.order_name, 30, "The order's number", cut=True))
        if request:
            yield ("N9", REQUEST, spell.text(request, 30, "The request", cut=True))
        if order.priority:
            yield ("N9", PRIORITY, str(order.priority))
        for tag in order.tags:
            yield ("N9", TAG, spell.text(tag, 30, "A tag", cut=True))
        if order.ordered_at:
            yield ("G62", ORDERED, spell.day(order.ordered_at))
        if order.ship_by:
            yield ("G62", SHIP_BY, spell.day(order.ship_by))
        for piece in spell.lines(order.note, 80, 20, "The note"):
            yield ("NTE", NOTE, piece)
        for piece in spell.lines(order.gift_message, 80, 20, "The gift message"):
            yield ("NTE", GIFT, piece)
        if order.carrier or order.service:
            yield self._carrier()
        yield from self._lines()

    def _carrier(self) -> Written:
        """Return W66: prepaid, by motor, the service as routing, the carrier's code (SCAC)."""
        carrier, service = self.order.carrier or "", self.order.service
        is_code = 2 <= len(carrier) <= 4 and carrier.isalnum()
        words = " ".join(filter(None, ("" if is_code else carrier, service)))
        routing = self.spell.text(words, 35, "The carrier's service", cut=True)
        return ("W66", "PP", "M", "", "", routing, "", "", "", "", carrier if is_code else "")

    def _people(self) -> Iterator[Written]:
        spell, recipient = self.spell, self.order.recipient
        address = recipient.address
        names = [n for n in (address.name, address.company) if n]
        yield ("N1", SHIP_TO, spell.text(names[0] if names else "", 60, "The name", cut=True))
        if len(names) > 1:
            yield ("N2", spell.text(names[1], 60, "The company", cut=True))
        yield from self._streets(address)
        yield (
            "N4",
            spell.text(address.city, 30, "The city"),
            self._state(address),
            spell.text(address.zip, 15, "The postal code"),
            spell.text(address.country_code, 3, "The country"),
        )
        yield from self._contacts(names[0] if names else "")
        yield (
            "N1",
            WAREHOUSE,
            "",
            "92",
            spell.reference(self.order.location_external_id, 80, "N1"),
        )

    def _streets(self, address: Address) -> Iterator[Written]:
        """Yield N3: nothing of an address is cut; what is long goes on in the next element."""
        pieces = self.spell.lines(address.street, 55, 4, "The street")
        pieces += self.spell.lines(address.street2, 55, 4, "The second line of the street")
        if len(pieces) > 4:
            raise RejectedError("The street has more than 4 × 55 characters.")
        for at in range(0, len(pieces), 2):
            yield ("N3", *pieces[at : at + 2])

    def _state(self, address: Address) -> str:
        code = address.province_code or ""
        code = code.rpartition("-")[2]
        return code if len(code) == 2 and code.isascii() and code.isalnum() else ""

    def _contacts(self, name: str) -> Iterator[Written]:
        recipient = self.order.recipient
        phone = recipient.phone or recipient.address.phone
        pairs = [(PHONE, phone), (EMAIL, recipient.email)]
        told = [(kind, self.spell.text(text, 80, "A contact", cut=True)) for kind, text in pairs]
        flat = [part for pair in told if pair[1] for part in pair]
        if flat:
            yield ("PER", "IC", self.spell.text(name, 60, "The name", cut=True), *flat)

    def _lines(self) -> Iterator[Written]:
        spell, total = self.spell, Decimal(0)
        for number, line in enumerate(self.order.lines, 1):
            total += line.quantity
            yield ("LX", str(number))
            yield self._item(line)
            if description := spell.text(line.name, 45, "The description", cut=True):
                yield ("G69", description)
            qualifier = spell.profile.line_qualifier
            yield ("N9", qualifier, spell.reference(line.external_id, 30, "A line's reference"))
            for lot in line.lots:
                yield ("N9", LOT, spell.reference(lot, 30, "A lot"))
        if self.order.lines:
            yield ("W76", spell.number(total, 15, "The total"))

    def _item(self, line: ReleaseLine) -> Written:
        spell = self.spell
        lot = line.lots[0] if len(line.lots) == 1 and len(line.lots[0]) <= 12 else ""
        known = line.item_external_id
        return (
            "W01",
            spell.number(line.quantity, 15, "A quantity"),
            spell.text(line.unit, 2, "A unit") or EACH,
            "",
            spell.profile.item_qualifiers[0],
            spell.reference(line.sku, 48, "An item's number"),
            "ZZ" if known else "",
            spell.reference(known, 48, "The warehouse's number of an item"),
            "", "", "", "", "",
            spell.reference(lot, 12, "A lot"),
        )  # fmt: skip


def read_940(reader: SetReader) -> tuple[str, ReleaseOrder]:
    """Return the status of an order (element 473) and what it says. Raises ``SetError``."""
    return _Reading(reader).order()


class _Reading:
    """Reads one 940, as a warehouse does."""

    def __init__(self, reader: SetReader) -> None:
        self.reader = reader
        self.top = reader.required("W05")
        self.head, self.loops = reader.split("LX", reader.body)
        # W76 counts what there is: it belongs to no line.
        self.loops = [[s for s in loop if s.name != "W76"] for loop in self.loops]

    def order(self) -> tuple[str, ReleaseOrder]:
        reader = self.reader
        reference = reader.text(self.top, 2)
        parties = self._parties()
        lines = tuple(filter(None, (self._line(loop) for loop in self.loops)))
        dates = {s.get(1): s for s in self.head if s.name == "G62"}
        moments = {word: reader.moment(s, 2, 4) for word, s in dates.items()}
        self._compare_totals(lines)
        reader.stop_if_wrong()
        names = references(self.head, (ORDER_NAME,))
        carrier = reader.first("W66", self.head)
        priorities = references(self.head, (PRIORITY,))
        return self.top.get(1), ReleaseOrder(
            order_external_id=reference,
            location_external_id=self._location(parties),
            order_name=names[0] if names else self.top.get(3) or reference,
            recipient=self._recipient(parties.get(SHIP_TO, [])),
            lines=lines,
            priority=int(priorities[0]) if priorities and priorities[0].isdigit() else 0,
            ordered_at=moments.get(ORDERED),
            ship_by=moments.get(SHIP_BY),
            carrier=(carrier.get(10) or None) if carrier else None,
            service=(carrier.get(5) or None) if carrier else None,
            note=self._text(*self._notes()),
            gift_message=self._text(GIFT),
            tags=tuple(references(self.head, (TAG,))),
        )

    def _notes(self) -> list[str]:
        return [s.get(1) for s in self.head if s.name == "NTE" and s.get(1) != GIFT]

    def _text(self, *words: str) -> str | None:
        texts = [s.get(2) for s in self.head if s.name == "NTE" and s.get(1) in words]
        return " ".join(texts) or None

    def _parties(self) -> dict[str, Loop]:
        _head, loops = self.reader.split("N1", self.head)
        parties: dict[str, Loop] = {}
        for loop in loops:
            parties.setdefault(loop[0].get(1), loop)
        return parties

    def _location(self, parties: dict[str, Loop]) -> str:
        for word in (WAREHOUSE, "SF"):
            if word in parties and parties[word][0].get(4):
                return parties[word][0].get(4)
        return self.reader.envelope.receiver.partition(":")[2]

    def _recipient(self, loop: Loop) -> Recipient:
        of = {name: [s for s in loop if s.name == name] for name in ("N2", "N3", "N4", "PER")}
        streets = [s.get(n) for s in of["N3"] for n in (1, 2) if s.get(n)]
        place = of["N4"][0] if of["N4"] else None
        contacts = {s.get(n): s.get(n + 1) for s in of["PER"] for n in (3, 5, 7)}
        address = Address(
            name=(loop[0].get(2) or None) if loop else None,
            company=(of["N2"][0].get(1) or None) if of["N2"] else None,
            street=streets[0] if streets else None,
            street2=" ".join(streets[1:]) or None,
            city=(place.get(1) or None) if place else None,
            province_code=(place.get(2) or None) if place else None,
            zip=(place.get(3) or None) if place else None,
            country_code=(place.get(4) or None) if place else None,
        )
        return Recipient(
            address=address, email=contacts.get(EMAIL) or None, phone=contacts.get(PHONE) or None
        )

    def _line(self, loop: Loop) -> ReleaseLine | None:
        reader, item = self.reader, self.reader.first("W01", loop)
        if item is None:
            return None
        quantity = reader.number(item, 1)
        sku = sku_of(reader, item, PAIRS, UPC)
        if quantity is None or not sku:
            reader.refuse(item, 1, "1", f"Segment {item.position}: W01 names no item or quantity.")
            return None
        lines = references(loop, (reader.profile.line_qualifier,))
        lots = [*references(loop, (LOT,)), *filter(None, [item.get(13)])]
        known = {item.get(q): item.get(n) for q, n in PAIRS}.get("ZZ")
        description = reader.first("G69", loop)
        return ReleaseLine(
            external_id=lines[0] if lines else loop[0].get(1),
            sku=sku,
            item_external_id=known or None,
            name=description.get(1) if description else sku,
            quantity=quantity,
            unit=unit_of(item.get(2)),
            lots=tuple(dict.fromkeys(lots)),
        )

    def _compare_totals(self, lines: tuple[ReleaseLine, ...]) -> None:
        total = self.reader.first("W76")
        told = self.reader.number(total, 1) if total else None
        if told is not None and told != sum(line.quantity for line in lines):
            self.reader.remark(total, "W7601 is not the sum of what the lines order.")
