"""I6 and I9: what the channel holds in the end, compared with what Odoo owed and wanted."""

from collections import Counter

from demo_day.reading import Database
from simulator import ShopifySimulator

COMMANDS = """
    SELECT idempotency_key, state, kind FROM retail_outbox_command WHERE backend_id = %s
"""
# Recomputed from Odoo's own stock, not taken from what the projection noted as desired.
FREE = """
    SELECT bound.inventory_item_external_id::bigint, place.external_id::bigint,
           greatest(0, floor(coalesce((
               SELECT sum(coalesce(quant.quantity, 0) - quant.reserved_quantity)
                 FROM stock_quant quant
                 JOIN stock_location location ON location.id = quant.location_id
                 JOIN stock_location root ON root.id = place.odoo_id
                WHERE quant.product_id = bound.odoo_id
                  AND location.parent_path LIKE root.parent_path || '%%'), 0)))::int,
           state.acknowledged, state.desired
      FROM retail_product_binding bound
      JOIN retail_location_binding place ON place.backend_id = bound.backend_id
      LEFT JOIN retail_stock_state state
             ON state.binding_id = bound.id AND state.location_binding_id = place.id
     WHERE bound.backend_id = %s AND bound.inventory_item_external_id IS NOT NULL
     ORDER BY 1, 2
"""


def one_effect_each(simulator: ShopifySimulator, database: Database, backend: int) -> list[str]:
    """I6: as many fulfilments as outbox keys, no key with two effects, no unit shipped twice."""
    commands = database.rows(COMMANDS, backend)
    unsent = Counter(state for _, state, _ in commands if state not in ("done", "cancelled"))
    found = [f"I6: {count} commands {state}" for state, count in unsent.items()]
    owed = {key for key, state, kind in commands if kind == "fulfill" and state == "done"}
    made = [p for h in simulator.shop.orders for p in h.current.fulfilments if p.by_app]
    if len(made) != len(owed):
        found.append(f"I6: {len(made)} fulfilments for {len(owed)} keys")
    twice = {key: n for key, n in simulator.effects.keys().items() if n > 1}
    found += [f"I6: key {key} had {n} effects" for key, n in twice.items()]
    return found + [f"I6: {words}" for words in _shipped_twice(simulator)]


def _shipped_twice(simulator: ShopifySimulator) -> list[str]:
    found = []
    for history in simulator.shop.orders:
        order = history.current
        for line in order.lines:
            units = sum(
                one.quantity for parcel in order.fulfilments if parcel.status == "success"
                for one in parcel.lines if one.line_id == line.id
            )  # fmt: skip
            if units > line.current_quantity:
                found.append(f"{order.name}: {units} of {line.current_quantity} were fulfilled")
    return found


def all_is_shipped(simulator: ShopifySimulator, shipped: int) -> list[str]:
    """Return whether as many orders are fulfilled at the channel as left the house."""
    states = Counter(history.current.fulfilment_status.lower() for history in simulator.shop.orders)
    if states["fulfilled"] == shipped:
        return []
    return [f"I9: {states['fulfilled']} orders are fulfilled, {shipped} left: {dict(states)}"]


def same_stock(simulator: ShopifySimulator, database: Database, backend: int) -> list[str]:
    """I9: what the channel offers is what it acknowledged, and what Odoo could sell."""
    found = []
    rows = database.rows(FREE, backend)
    for item, place, free, acknowledged, desired in rows:
        offered = simulator.stock.available(item, place)
        if not offered == acknowledged == desired == free:
            found.append(
                f"I9: item {item}: offered {offered}, acknowledged {acknowledged},"
                f" desired {desired}, free {free}; there: {_last_changes(simulator, item)}"
            )
    return found if rows else ["I9: nothing is published"]


def _last_changes(simulator: ShopifySimulator, item: str) -> str:
    """Return what happened to an item's quantity at the channel last, in its order."""
    changes = [one for one in simulator.stock.history if str(one.item_id) == str(item)]
    return ", ".join(f"{one.before}{one.delta:+} {one.name} {one.cause}" for one in changes[-12:])


def not_oversold(simulator: ShopifySimulator) -> list[str]:
    """Return sales of units that the channel had acknowledged to be gone."""
    return [f"oversold: item {one.item_id} at {one.before}" for one in simulator.stock.oversold()]
