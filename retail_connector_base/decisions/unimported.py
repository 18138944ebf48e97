"""What a channel sold and Odoo has not imported, read from messages that wait in the inbox."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from ..canonical import Order


def newest(orders: Iterable[Order]) -> dict[str, Order]:
    """Return the newest state of each order by its external id."""
    found: dict[str, Order] = {}
    for order in orders:
        known = found.get(order.external_id)
        if known is None or order.version >= known.version:
            found[order.external_id] = order
    return found


def unimported(
    waiting: Iterable[Order], imported: Mapping[str, Order]
) -> dict[tuple[str | None, str | None], Decimal]:
    """Return the units that wait, by (variant's external id, SKU).

    Of an order that was imported in an older state, only what came on top counts.
    """
    totals: dict[tuple[str | None, str | None], Decimal] = {}
    for order in newest(waiting).values():
        before = _quantities(imported.get(order.external_id))
        for line, item in _quantities(order).items():
            key, quantity = item
            extra = quantity - before.get(line, (key, Decimal(0)))[1]
            if extra > 0:
                totals[key] = totals.get(key, Decimal(0)) + extra
    return totals


def _quantities(
    order: Order | None,
) -> dict[str, tuple[tuple[str | None, str | None], Decimal]]:
    """Return by line what is still wanted of it; nothing of an order that was cancelled."""
    if order is None or order.cancelled_at:
        return {}
    return {
        line.external_id: ((line.variant_external_id, line.sku), Decimal(line.quantity))
        for line in order.lines
    }
