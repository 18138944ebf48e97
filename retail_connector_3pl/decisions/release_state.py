"""What a warehouse's word about an order means for its release."""

from odoo.addons.retail_connector_base.canonical import WarehouseOrderState

_MEANS: dict[WarehouseOrderState, str] = {
    WarehouseOrderState.ACCEPTED: "accepted",
    WarehouseOrderState.IN_PROGRESS: "accepted",
    WarehouseOrderState.ON_HOLD: "on_hold",
    WarehouseOrderState.REJECTED: "rejected",
    WarehouseOrderState.CANCELLED: "cancelled",
    # Goods are told of by shipments: until they are, the word says that the order was taken.
    WarehouseOrderState.SHIPPED: "accepted",
    WarehouseOrderState.DELIVERED: "accepted",
}
# The warehouse had taken the order before any of these.
_IMPLIES_ACCEPTANCE = frozenset({"ready", "sent"})


def release_state(told: WarehouseOrderState, current: str, has_left: bool) -> str | None:
    """Return the state that a release is told to have, ``None`` where the word says nothing.

    ``has_left``: all that is to leave has left as far as Odoo knows; only then is an order
    delivered, so that its goods are never taken for delivered before they moved.
    """
    if told is WarehouseOrderState.DELIVERED and has_left:
        return "delivered"
    if told in (WarehouseOrderState.SHIPPED, WarehouseOrderState.DELIVERED):
        return "accepted" if current in _IMPLIES_ACCEPTANCE | {"on_hold", "rejected"} else None
    return _MEANS.get(told)
