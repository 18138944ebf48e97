"""What left, and what did not: one of the shipments that ShipBob makes of an order.

Source: the schema ``ShipmentViewModel``. A shipment names its order's reference, products by the
reference they were ordered with, and stock items with lots and serial numbers.
"""

from odoo.addons.retail_connector_base.canonical import Shipment, ShipmentState
from odoo.addons.retail_connector_base.canonical.shipment import Lot, ShipmentLine
from odoo.addons.retail_connector_base.providers import MalformedPayloadError

from .cartons import parcels_of, trackings_of
from .node import Node
from .orders import changed_at
from .quantities import name_of, units_of
from .vocabulary import SHIPMENTS

_ENDED = frozenset((ShipmentState.SHIPPED, ShipmentState.CANCELLED))


def state_of(shipment: Node) -> ShipmentState:
    """Return how far a shipment has come."""
    return SHIPMENTS.get(shipment.text("status") or "", ShipmentState.UNKNOWN)


def to_shipment(shipment: Node, order: Node | None = None) -> Shipment:
    """Return a shipment. ``order``: the whole of which it is a part, where that is known."""
    state = state_of(shipment)
    left = state is ShipmentState.SHIPPED
    return Shipment(
        external_id=shipment.required_identifier(),
        updated_at=_version(shipment, order),
        order_external_id=_reference(shipment, order),
        name=shipment.identifier(),
        state=state,
        shipped_at=_left_at(shipment) if left else None,
        location_external_id=shipment.inner("location").identifier(),
        carrier=shipment.inner("tracking").text("carrier"),
        trackings=trackings_of(shipment) if left else (),
        lines=_lines(shipment, shipment, order) if left else (),
        parcels=parcels_of(shipment, _packed) if left else (),
        final=order is not None and _is_last(shipment, order),
    )


def _version(shipment: Node, order: Node | None):
    """Whether more will come is the order's word: its last change is the version then."""
    own = shipment.newest("last_update_at", "created_date")
    whole = changed_at(order) if order else None
    return max(filter(None, (own, whole)), default=None)


def _reference(shipment: Node, order: Node | None) -> str:
    found = shipment.text("reference_id") or (order.text("reference_id") if order else None)
    if found is None:
        raise shipment.wrong("reference_id", "is missing")
    return found


def _left_at(shipment: Node):
    """Return when it left; the hand-over to a forwarder, or when ShipBob had done its part."""
    freight = shipment.inner("tracking").utc("shipping_date")
    return freight or shipment.newest("actual_fulfillment_date") or shipment.utc("last_update_at")


def in_order(order: Node) -> list[Node]:
    """Return the shipments of an order in the order in which they left, the last one last."""
    return sorted(order.children("shipments"), key=_leaving)


def _leaving(shipment: Node) -> tuple[float, int]:
    try:
        moment = shipment.utc("actual_fulfillment_date")
        return (moment.timestamp() if moment else 0.0), int(shipment.required_identifier())
    except MalformedPayloadError:
        return 0.0, 0


def _is_last(shipment: Node, order: Node) -> bool:
    """Tell whether an order is over, and this shipment the last that left: told after the others.

    Any other one would say that nothing more comes, before it is told what came.
    """
    shipments = in_order(order)
    if not all(state_of(one) in _ENDED for one in shipments):
        return False
    left = [one.identifier() for one in shipments if state_of(one) is ShipmentState.SHIPPED]
    return left[-1:] == [shipment.identifier()]


def _lines(holder: Node, shipment: Node, order: Node | None) -> tuple[ShipmentLine, ...]:
    found = []
    for product in holder.children("products"):
        units = units_of(product, shipment, order)
        if units:
            found.append(_line(product, units))
    return tuple(found)


def _packed(carton: Node) -> tuple[ShipmentLine, ...]:
    """Return what a carton holds of products that are one stock item; bundles are not counted."""
    found = []
    for product in carton.children("products"):
        items = list(product.children("inventory_items"))
        units = sum(item.units("quantity") for item in items)
        if units and len({item.required_identifier() for item in items}) == 1:
            found.append(_line(product, units))
    return tuple(found)


def _line(product: Node, units) -> ShipmentLine:
    return ShipmentLine(
        external_id=product.identifier(),
        sku=name_of(product),
        quantity=units,
        lots=tuple(lot for item in product.children("inventory_items") for lot in _lots(item)),
    )


def _lots(item: Node) -> tuple[Lot, ...]:
    """Return serial numbers, one unit each, or the lot."""
    units = item.units("quantity")
    if not units:
        return ()
    expires, serials = item.day("expiration_date"), item.texts("serial_numbers")
    if len(serials) > units:
        raise item.wrong("serial_numbers", "are more than there are units")
    if serials:
        return tuple(Lot(number=one, quantity=1, expires_on=expires) for one in serials)
    number = item.text("lot")
    return (Lot(number=number, quantity=units, expires_on=expires),) if number else ()
