"""The parcels of a shipment: its cartons, or the shipment itself where ShipBob names none.

Source: the schemas ``ParentCartonViewModel`` and ``CartonViewModel``. A shipment has one tracking
number; an order of several parcels that travel apart is several shipments.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical.shipment import Parcel, ShipmentLine, Tracking

from .node import Node

GRAMS = Decimal("28.349523125")
Lines = Callable[[Node], tuple[ShipmentLine, ...]]


def trackings_of(shipment: Node) -> tuple[Tracking, ...]:
    """Return the tracking of a shipment; freight has a number of its own."""
    told = shipment.inner("tracking")
    number = told.text("tracking_number") or told.text("pro_number")
    return (Tracking(number=number, url=told.text("tracking_url")),) if number else ()


def parcels_of(shipment: Node, lines_of: Lines) -> tuple[Parcel, ...]:
    """Return the parcels with what lies in each, where ShipBob says so."""
    trackings = trackings_of(shipment)
    tracking = trackings[0] if trackings else None
    carrier = shipment.inner("tracking").text("carrier")
    cartons = list(_cartons(shipment))
    found = [
        Parcel(
            external_id=name, tracking=tracking, carrier=carrier, weight_grams=_weight(carton),
            lines=tuple(line for part in carton.children("carton_details")
                        for line in lines_of(part)),
        )
        for name, carton in cartons
    ]  # fmt: skip
    if found or tracking is None:
        return tuple(found)
    name = shipment.required_identifier()
    alone = Parcel(
        external_id=name, tracking=tracking, carrier=carrier, weight_grams=_weight(shipment)
    )
    return (alone,)


def _cartons(shipment: Node) -> Iterator[tuple[str, Node]]:
    """Yield the cartons by their id: those in pallets, and pallets that name none."""
    for index, parent in enumerate(shipment.children("parent_cartons")):
        inner = list(parent.children("cartons"))
        for position, carton in enumerate(inner):
            number = carton.identifier() or carton.text("barcode")
            yield number or f"{shipment.required_identifier()}-{index}-{position}", carton
        if not inner:
            name = parent.text("barcode") or f"{shipment.required_identifier()}-{index}"
            yield name, parent


def _weight(holder: Node) -> Decimal | None:
    ounces = holder.inner("measurements").decimal("total_weight_oz")
    return round(ounces * GRAMS, 2) if ounces and ounces > 0 else None
