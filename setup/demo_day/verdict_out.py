"""At the end of the day, about the way out: read, compare, and fill the summary."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from .channel import Channel
from .dispatch import Dispatch
from .invariants_out import OUTWARD, Outward, raised_from_zero, shortage_is_known
from .promotion import Promotion
from .reading import Database
from .summary import Summary
from .told import delivered, parcels, reserved_for_nobody, shelves, tags

COMMANDS = """
    SELECT kind, state, external_ids FROM retail_outbox_command WHERE backend_id = %s
"""


def judge_way_out(
    summary: Summary,
    channels: Sequence[Channel],
    database: Database,
    promotion: Promotion,
    dispatch: Dispatch,
) -> None:
    """Check what every shop was told."""
    found = [_outward(channel, database, promotion) for channel in channels]
    for name, check in OUTWARD.items():
        summary.invariants[name] = [words for outward in found for words in check(outward)]
    beyond = {sku: promotion.beyond_stock(sku) for sku in promotion.products}
    free = {
        shelf.sku: Decimal(shelf.free) for outward in found for shelf in outward.shelves
        if shelf.sku in beyond
    }  # fmt: skip
    summary.invariants["shortage is known to the unit"] = shortage_is_known(beyond, free)
    summary.invariants["all that is reserved has its delivery"] = reserved_for_nobody(database)
    summary.promotion = _promotion(promotion, found, beyond)
    summary.effects = _effects(channels)
    summary.told = {
        "quantities": sum(len(outward.shelves) for outward in found),
        "prices": sum(len(outward.tags) for outward in found),
        "deliveries": len(dispatch.numbers),
        "of split orders": dispatch.split,
        "units of test orders": sum(sum(outward.unimported.values()) for outward in found),
    }


def _outward(channel: Channel, database: Database, promotion: Promotion) -> Outward:
    backend = channel.backend.id
    rows = database.rows(COMMANDS, backend)
    made = [ids for kind, state, ids in rows if kind == "fulfill" and state == "done"]
    known = channel.simulator.shop.assortment.sku
    return Outward(
        name=channel.brand.name,
        simulator=channel.simulator,
        shelves=shelves(database, backend),
        tags=tags(database, backend, channel.brand.taxes_included),
        made=[[number.rsplit("/", 1)[-1] for number in ids or ()] for ids in made],
        delivered=dict(delivered(database, backend)),
        parcels=dict(parcels(database, backend)),
        unimported=_unimported(channel, database),
        promoted=tuple(sku for sku in promotion.products if known(sku)),
    )


def _unimported(channel: Channel, database: Database) -> Counter[str]:
    """Count the units of orders that are none of Odoo's: tests, which the shop takes stock for."""
    imported = {order.external_id for order in database.orders(channel.backend.id)}
    units: Counter[str] = Counter()
    for key, truth in channel.simulator.expected().items():
        if truth.test and key not in imported and truth.outcome != "cancelled":
            units.update(truth.quantities)
    return units


def _promotion(
    promotion: Promotion, found: Sequence[Outward], beyond: dict[str, int]
) -> dict[str, int]:
    return {
        "units": promotion.units * len(promotion.products),
        **{f"sold by {name}": counts.total() for name, counts in promotion.shops.items()},
        "sold by stores": promotion.stores.total(),
        "turned away": promotion.turned_away,
        "offered again after 0": sum(raised_from_zero(outward) for outward in found),
        "sold beyond stock before anyone could know": sum(beyond.values()),
    }


def _effects(channels: Sequence[Channel]) -> dict[str, int]:
    counts = Counter(effect.mutation for one in channels for effect in one.simulator.effects)
    return dict(sorted(counts.items()))
