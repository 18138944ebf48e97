"""943, warehouse stock transfer shipment advice: what will arrive, from suppliers or customers.

Segments by X12 004010 (https://www.stedi.com/edi/x12-004010/943): W06 names the announcement (a
customer's return by the reporting code C, element 514), W27 the carrier, each W04 an item.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import AnnounceReceipt, AnnounceReturn
from odoo.addons.retail_connector_base.canonical.warehouse_command import AnnouncedLine

from .writing import Speller, Written

GROUP, CODE = "AR", "943"
# Element 514.
FULL, RETURN = "F", "C"
TRACKING, ORDER, LOT, EXPECTED = "2I", "CO", "LT", "17"
EACH = "EA"


def write_announcement(
    speller: Speller, command: AnnounceReceipt | AnnounceReturn
) -> tuple[Written, ...]:
    """Return the segments of an announcement. Raises ``RejectedError``."""
    return tuple(_segments(speller, command))


def _segments(spell: Speller, command: AnnounceReceipt | AnnounceReturn) -> Iterator[Written]:
    is_return = isinstance(command, AnnounceReturn)
    expected = None if is_return else command.expected_at
    reference = spell.reference(command.reference, 22, "Our reference")
    yield ("W06", RETURN if is_return else FULL, reference, spell.day(expected))
    if not is_return and command.supplier:
        yield ("N1", "SF", spell.text(command.supplier, 60, "The supplier", cut=True))
    warehouse = spell.reference(command.location_external_id, 80, "The warehouse")
    yield ("N1", "ST", "", "92", warehouse)
    for tracking in command.trackings:
        yield ("N9", TRACKING, spell.reference(tracking.number, 30, "A tracking number"))
    if is_return and command.order_external_id:
        yield ("N9", ORDER, spell.reference(command.order_external_id, 30, "The order"))
    if expected:
        yield ("G62", EXPECTED, spell.day(expected))
    for piece in spell.lines(None if is_return else command.note, 80, 20, "The note"):
        yield ("NTE", "WHI", piece)
    yield _carrier(spell, command.carrier or "")
    yield from _lines(spell, command.lines)


def _carrier(spell: Speller, carrier: str) -> Written:
    is_code = 2 <= len(carrier) <= 4 and carrier.isalnum()
    routing = "" if is_code else spell.text(carrier, 35, "The carrier", cut=True)
    return ("W27", "M", carrier if is_code else "", routing)


def _lines(spell: Speller, lines: Sequence[AnnouncedLine]) -> Iterator[Written]:
    total = Decimal(0)
    for line in lines:
        total += line.quantity
        known = line.item_external_id
        yield (
            "W04",
            spell.number(line.quantity, 10, "A quantity"),
            spell.text(line.unit, 2, "A unit") or EACH,
            "",
            spell.profile.item_qualifiers[0],
            spell.reference(line.sku, 48, "An item's number"),
            "ZZ" if known else "",
            spell.reference(known, 48, "The warehouse's number of an item"),
        )
        if description := spell.text(line.name, 45, "The description", cut=True):
            yield ("G69", description)
        qualifier = spell.profile.line_qualifier
        yield ("N9", qualifier, spell.reference(line.external_id, 30, "A line's reference"))
        for lot in line.lots:
            yield ("N9", LOT, spell.reference(lot, 30, "A lot"))
    yield ("W03", spell.number(total, 10, "The total"))
