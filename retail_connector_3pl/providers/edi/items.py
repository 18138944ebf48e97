"""What segments of several sets have in common: item numbers, units, lots, references, places."""

from collections.abc import Sequence
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical.shipment import Lot

from .reading import Loop, Segment, SetReader

# Units of an item: no conversion is needed.
EACH = frozenset(["", "EA", "UN", "PC", "PCE"])
# Qualifiers of N9 (element 128) and of G62 (element 432).
LOTS = frozenset(["LT", "BT"])
SERIAL, EXPIRY = "SE", "36"
# Qualifiers of N1 (element 98) that name the warehouse, the surest first.
WAREHOUSE = ("WH", "SF", "RL", "LW")


def sku_of(
    reader: SetReader, segment: Segment, pairs: Sequence[tuple[int, int]], upc: int = 0
) -> str | None:
    """Return the item number that is ours, by the qualifiers agreed; else any that is there.

    ``pairs`` are the elements of qualifier and number; ``upc`` is one with a U.P.C. code.
    """
    found = {segment.get(qualifier): segment.get(number) for qualifier, number in pairs}
    for qualifier in reader.profile.item_qualifiers:
        if number := found.get(qualifier):
            return number
    others = [number for number in found.values() if number]
    return (segment.get(upc) if upc else "") or (others[0] if others else None)


def unit_of(word: str) -> str | None:
    """Return the word of a unit, ``None`` where units are counted."""
    return None if word in EACH else word


def references(loop: Loop, qualifiers: Sequence[str] | frozenset[str], name: str = "N9") -> list:
    """Return the references of some qualifiers, each once, in their order."""
    found = [s.get(2) for s in loop if s.name == name and s.get(1) in qualifiers and s.get(2)]
    return list(dict.fromkeys(found))


def lots_of(
    reader: SetReader, segment: Segment, loop: Loop, number: int, quantity: Decimal
) -> tuple[Lot, ...]:
    """Return the lot of a line (element ``number`` or N9*LT) or its serial numbers (N9*SE)."""
    names = [segment.get(number), *references(loop, LOTS)]
    names = list(dict.fromkeys(name for name in names if name))
    serials = references(loop, (SERIAL,))
    if len(names) > 1:
        text = f"Segment {segment.position}: one line names two lots; each has a line of its own."
        reader.refuse(segment, number, "7", text)
        return ()
    if serials:
        return tuple(Lot(number=serial, quantity=Decimal(1)) for serial in serials)
    if not names or quantity == 0:
        return ()
    dates = [reader.day(s, 2) for s in loop if s.name == "G62" and s.get(1) == EXPIRY]
    return (Lot(number=names[0], quantity=quantity, expires_on=dates[0] if dates else None),)


def location_of(reader: SetReader, segments: Loop) -> str | None:
    """Return the code of the warehouse that a set is of: of the only one, whatever it is called."""
    if not reader.profile.names_locations:
        return reader.profile.locations[0].external_id
    found = {s.get(1): s.get(4) for s in segments if s.name == "N1" and s.get(4)}
    return next((found[name] for name in WAREHOUSE if name in found), None)
