"""What must hold of the way out, checked from outside: what breaks it, in words.

The channel's own model is one side; Odoo's tables, read by plain SQL, are the other.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from simulator import ShopifySimulator
from simulator.stock import Change

from .told import Shelf, Tag

# What the app does with quantities; all else is done by customers and the merchant.
BY_APP = ("set", "adjusted", "activated")
SENT = "fulfillmentCreate"


@dataclass
class Outward:
    """What is known at the end of one shop's way out.

    ``made`` are the ids that Odoo's commands say they made, per command. ``delivered`` are units
    by order and SKU, ``parcels`` tracking numbers by order. ``unimported`` are units by SKU of
    orders that never come to Odoo: the shop counts them as sold. ``promoted`` names the SKUs of
    which nothing came in during the promotion.
    """

    name: str
    simulator: ShopifySimulator
    shelves: list[Shelf]
    tags: list[Tag]
    made: list[list[str]] = field(default_factory=list)
    delivered: dict[str, dict[str, int]] = field(default_factory=dict)
    parcels: dict[str, list[str]] = field(default_factory=dict)
    unimported: Counter[str] = field(default_factory=Counter)
    promoted: tuple[str, ...] = ()


def one_effect_each(outward: Outward) -> list[str]:
    """I6: what was done at the other side is what Odoo's outbox owed it, each once."""
    effects = outward.simulator.effects
    twice = [f"key {key} had {n} effects" for key, n in effects.keys().items() if n > 1]
    theirs = Counter(str(effect.result).rsplit("/", 1)[-1] for effect in effects.of(SENT))
    ours = Counter(number for ids in outward.made for number in ids)
    return [
        *twice,
        *(f"fulfilment {number} belongs to no command" for number in theirs - ours),
        *(f"a command made {number}, which is not there" for number in ours - theirs),
    ]


def in_step(outward: Outward) -> list[str]:
    """I9: the channel shows what Odoo wants, and holds what it acknowledged."""
    return [f"{outward.name} {words}" for words in [*_quantities(outward), *_prices(outward)]]


def _quantities(outward: Outward) -> list[str]:
    found = [] if outward.shelves else ["shows no stock"]
    for shelf in outward.shelves:
        own = outward.simulator.stock.available(shelf.item, shelf.place)
        unknown = outward.unimported[shelf.sku]
        if own != max(0, shelf.wanted - unknown):
            found.append(f"{shelf.sku}: {own} there, {shelf.wanted} - {unknown} wanted")
        # Whether Odoo met sales that it will never be told of depends on what it had to say since.
        if shelf.acknowledged is None or shelf.acknowledged - own not in (0, unknown):
            found.append(f"{shelf.sku}: {own} there, {shelf.acknowledged} acknowledged")
    return found


def _prices(outward: Outward) -> list[str]:
    variants = {variant.id: variant for variant in outward.simulator.shop.variants}
    found = [] if outward.tags else ["shows no price"]
    for tag in outward.tags:
        variant = variants.get(tag.variant)
        theirs = (variant.price, variant.compare_at) if variant else None
        if theirs != (tag.price, tag.compare_at):
            found.append(f"{tag.sku}: price {theirs} there, {tag.price, tag.compare_at} wanted")
        if tag.acknowledged != tag.price:
            found.append(f"{tag.sku}: {tag.price} wanted, {tag.acknowledged} acknowledged")
    return found


def sold_after_zero(outward: Outward) -> list[str]:
    """Nothing is sold by a channel after it acknowledged that there is none."""
    found = [f"{change.reference} took what was not there" for change in _oversold(outward)]
    for sku in outward.promoted:
        closed = False
        for change in changes_of(outward.simulator, sku):
            if change.cause in BY_APP:
                closed = change.after <= 0
            elif change.cause == "sold" and closed:
                found.append(f"{outward.name} sold {sku} in {change.reference} after it was told 0")
    return found


def changes_of(simulator: ShopifySimulator, sku: str) -> list[Change]:
    """Return what happened to the available quantity of a SKU, oldest first."""
    variant = simulator.shop.assortment.sku(sku)
    return simulator.stock.changes(variant.inventory_item_id) if variant else []


def _oversold(outward: Outward) -> list[Change]:
    simulator = outward.simulator
    own = {c.sequence for sku in outward.promoted for c in changes_of(simulator, sku)}
    return [change for change in simulator.stock.oversold() if change.sequence in own]


def raised_from_zero(outward: Outward) -> int:
    """Count how often a promoted SKU was offered again after the channel had been told 0."""
    raised = 0
    for sku in outward.promoted:
        told = [c for c in changes_of(outward.simulator, sku) if c.cause in BY_APP]
        raised += sum(
            before.after <= 0 < after.after and before.cause == "set"
            for before, after in pairwise(told)
        )
    return raised


def shipped_is_shown(outward: Outward) -> list[str]:
    """What left Odoo is shipped in the channel, parcel by parcel, and nothing else."""
    found = []
    for key, truth in outward.simulator.expected().items():
        history = outward.simulator.shop.histories[int(key)]
        ours = {sku: n for sku, n in outward.delivered.get(key, {}).items() if n}
        if truth.shipped != ours:
            words = f"{truth.shipped} shipped there, {ours} here"
            found.append(f"{outward.name} {truth.name}: {words}")
        live = [one for one in history.current.fulfilments if one.status == "success"]
        numbers = sorted(",".join(parcel.tracking.numbers) for parcel in live)
        if numbers != outward.parcels.get(key, []):
            here = outward.parcels.get(key, [])
            found.append(f"{outward.name} {truth.name}: parcels {numbers} there, {here} here")
    return found


OUTWARD: dict[str, Callable[[Outward], list[str]]] = {
    "I6": one_effect_each,
    "I9": in_step,
    "nothing sold after 0": sold_after_zero,
    "shipped here is shipped there": shipped_is_shown,
}


def shortage_is_known(beyond: dict[str, int], free: dict[str, Decimal]) -> list[str]:
    """What was sold beyond the stock is missing in Odoo to the unit."""
    return [
        f"{sku}: {units} sold beyond stock, Odoo lacks {max(0, -free.get(sku, Decimal(0)))}"
        for sku, units in beyond.items()
        if max(Decimal(0), -free.get(sku, Decimal(0))) != units
    ]
