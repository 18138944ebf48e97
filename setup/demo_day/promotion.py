"""A promotion: two shops and the stores sell the same few units at once, and one API goes away."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random

from environment import step

from .channel import Channel
from .company import Company
from .delivery import cancel, state_of, validate
from .outward import PROMOTED_UNITS
from .rpc import Odoo

LONGEST_SECONDS = 25
# Seconds between two customers of a shop; of a store.
SHOP_PACE, STORE_PACE = 0.7, 1.5
AWAY_AFTER, AWAY_SECONDS = 3.0, 4.0


@dataclass
class Promotion:
    """What was sold where. ``products`` are ids by SKU, ``stores`` and ``shops`` count units."""

    products: Mapping[str, int] = field(default_factory=dict)
    units: int = PROMOTED_UNITS
    stores: Counter[str] = field(default_factory=Counter)
    shops: dict[str, Counter[str]] = field(default_factory=dict)
    turned_away: int = 0

    def sold(self, sku: str) -> int:
        """Return the units sold everywhere."""
        return self.stores[sku] + sum(counts[sku] for counts in self.shops.values())

    def beyond_stock(self, sku: str) -> int:
        """Return the units that were sold and do not exist."""
        return max(0, self.sold(sku) - self.units)


def promote(
    odoo: Odoo, channels: Sequence[Channel], products: Mapping[str, int], seed: int
) -> Promotion:
    """Sell until shops and stores are sold out, or the time is up."""
    promotion = Promotion(products)
    company, away = channels[0].company, channels[-1]
    with step(f"promotion: {len(channels)} shops and the stores sell the same units at once"):
        until = time.monotonic() + LONGEST_SECONDS
        for channel in channels:
            channel.simulator.shop.only_available = True
        with ThreadPoolExecutor(len(channels) + 1) as pool:
            shops = [
                pool.submit(sell_in_shop, channel, products, Random(f"{seed}:{index}"), until)
                for index, channel in enumerate(channels)
            ]
            outage = pool.submit(_go_away, away)
            _sell_in_stores(odoo, company, promotion, Random(f"{seed}:stores"), until)
            for channel, shop in zip(channels, shops, strict=True):
                promotion.shops[channel.brand.name] = shop.result()
            outage.result()
        for channel in channels:
            channel.simulator.shop.only_available = False
            promotion.turned_away += channel.simulator.shop.refused
    return promotion


def _go_away(channel: Channel) -> None:
    """Let a shop's API be unavailable for some seconds; its customers notice nothing."""
    time.sleep(AWAY_AFTER)
    channel.simulator.pause()
    time.sleep(AWAY_SECONDS)
    channel.simulator.resume()


def sell_in_shop(
    channel: Channel, products: Mapping[str, int], rng: Random, until: float,
    pace: float = SHOP_PACE,
) -> Counter[str]:  # fmt: skip
    """Let customers buy one or two units each until all is sold out; tell Odoo of each sale."""
    sold: Counter[str] = Counter()
    shop, misses = channel.simulator.shop, 0
    while time.monotonic() < until and misses < 2 * len(products):
        sku, quantity = rng.choice(list(products)), rng.choice((1, 1, 2))
        history = shop.sell(sku, quantity) or shop.sell(sku, 1)
        if history:
            sold[sku] += sum(line.quantity for line in history.current.lines if line.sku == sku)
            channel.send(shop.events([history]))
        misses = 0 if history else misses + 1
        time.sleep(pace * rng.uniform(0.5, 1.5))
    return sold


def _sell_in_stores(
    odoo: Odoo, company: Company, promotion: Promotion, rng: Random, until: float
) -> None:
    """Take units off the shelf, each with a delivery of its own, while Odoo has any to give."""
    counter = _counter(odoo, company)
    left = list(promotion.products)
    while left and time.monotonic() < until:
        sku = rng.choice(left)
        if _sell_one(odoo, company, promotion.products[sku], counter):
            promotion.stores[sku] += 1
        else:
            left.remove(sku)
        time.sleep(STORE_PACE * rng.uniform(0.5, 1.5))


def _counter(odoo: Odoo, company: Company) -> dict[str, int]:
    """Return what a delivery over the counter is made of."""
    kind = odoo.read("stock.warehouse", [("id", "=", company.warehouse)], "out_type_id")
    return {
        "picking_type_id": kind[0]["out_type_id"][0],
        "location_id": company.stock_location,
        "location_dest_id": odoo.reference("stock.stock_location_customers"),
        "company_id": company.id,
    }


def _sell_one(odoo: Odoo, company: Company, product: int, counter: Mapping[str, int]) -> bool:
    """Sell one unit over the counter; false when Odoo has none to give."""
    move = {
        "product_id": product,
        "product_uom_qty": 1,
        "location_id": counter["location_id"],
        "location_dest_id": counter["location_dest_id"],
        "company_id": company.id,
    }
    values = {**counter, "origin": "Store", "move_ids": [(0, 0, move)]}
    picking = odoo.create("stock.picking", values, **company.context)
    odoo.call("stock.picking", "action_confirm", [picking], context=company.context)
    odoo.call("stock.picking", "action_assign", [picking], context=company.context)
    available = state_of(odoo, picking) == "assigned"
    finish = validate if available else cancel
    finish(odoo, picking, company.context)
    return available
