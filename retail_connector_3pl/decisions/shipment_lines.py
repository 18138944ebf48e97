"""What a shipment says of goods: its lines as they can be compared from one version to the next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import Parcel, Shipment, ShipmentLine


@dataclass(frozen=True)
class ToldLot:
    """Units of one lot or serial number, in the told unit."""

    number: str
    quantity: Decimal
    expires_on: date | None = None


@dataclass(frozen=True)
class ToldLine:
    """Goods of a shipment: one line, or several that say the same of the same thing.

    ``key`` names it within the shipment. ``parcels`` are (parcel's id, quantity) where it is told
    what lies in which. Quantities are in ``unit``, ``None`` for the product's own.
    """

    key: str
    line_reference: str | None
    sku: str | None
    quantity: Decimal
    unit: str | None = None
    lots: tuple[ToldLot, ...] = ()
    parcels: tuple[tuple[str, Decimal], ...] = ()


def told_lines(shipment: Shipment) -> list[ToldLine]:
    """Return what left, each thing once.

    Lines of parcels say where the goods lie; they are the goods themselves where the shipment has
    no lines of its own. Lots that only they name are taken from them.
    """
    inside = [(parcel, line) for parcel in shipment.parcels for line in parcel.lines]
    lines = shipment.lines or tuple(line for _parcel, line in inside)
    groups: dict[tuple, list[ShipmentLine]] = {}
    for line in lines:
        groups.setdefault(_identity(line), []).append(line)
    packed = _packed(inside, groups)
    taken: set[str] = set()
    return [
        _told(identity, same, packed.get(identity, ()), taken)
        for identity, same in groups.items()
        if sum(line.quantity for line in same)
    ]


def _identity(line: ShipmentLine) -> tuple:
    return (line.external_id, line.order_line_external_id, line.sku, line.unit)


def _packed(
    inside: Iterable[tuple[Parcel, ShipmentLine]], groups: dict[tuple, list[ShipmentLine]]
) -> dict[tuple, list[tuple[str, ShipmentLine]]]:
    """Return by identity of a line what parcels hold of it."""
    found: dict[tuple, list[tuple[str, ShipmentLine]]] = {}
    for parcel, line in inside:
        identity = next((one for one in groups if _is_same(one, _identity(line))), None)
        if identity is not None:
            found.setdefault(identity, []).append((parcel.external_id, line))
    return found


def _is_same(whole: tuple, part: tuple) -> bool:
    """Tell whether a line of a parcel is about a line of the shipment.

    Parcels may number their lines themselves: then what both name of the thing agrees.
    """
    if whole[3] != part[3]:
        return False
    if whole[0] and whole[0] == part[0]:
        return True
    named = [(a, b) for a, b in zip(whole[1:3], part[1:3], strict=True) if a and b]
    return bool(named) and all(a == b for a, b in named)


def _told(
    identity: tuple,
    same: list[ShipmentLine],
    packed: Iterable[tuple[str, ShipmentLine]],
    taken: set[str],
) -> ToldLine:
    external_id, reference, sku, unit = identity
    packed = list(packed)
    lots = _lots(same) or _lots([line for _parcel, line in packed])
    return ToldLine(
        key=_free(external_id or reference or sku or "", taken),
        line_reference=reference,
        sku=sku,
        quantity=sum((line.quantity for line in same), Decimal(0)),
        unit=unit,
        lots=lots,
        parcels=tuple((parcel, line.quantity) for parcel, line in packed if line.quantity),
    )


def _lots(lines: Iterable[ShipmentLine]) -> tuple[ToldLot, ...]:
    found: dict[str, ToldLot] = {}
    for lot in (lot for line in lines for lot in line.lots):
        known = found.get(lot.number)
        quantity = lot.quantity + (known.quantity if known else Decimal(0))
        found[lot.number] = ToldLot(lot.number, quantity, lot.expires_on)
    return tuple(found.values())


def _free(key: str, taken: set[str]) -> str:
    """Return the key, with a number where another line has it already."""
    found, number = key, 1
    while found in taken:
        number += 1
        found = f"{key}~{number}"
    taken.add(found)
    return found
