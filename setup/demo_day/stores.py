"""Forty stores and a webshop share their stock for a day; one store loses its line in the peak."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from simulator_estate import (
    AMERICA,
    Good,
    Habits,
    Life,
    Planner,
    Sender,
    Ticket,
    assortment,
    stores,
)  # fmt: skip

from environment import say, step

from .channel import Channel
from .outward import publish
from .promotion import sell_in_shop
from .rpc import Odoo
from .stores_setup import Shelves, open_estate
from .stores_sign import sign_days, wait_until_decided

STORES = 40
CONTROLLER = ("storekeeper", "storekeeper-of-the-demo")
GOODS = 8
HOURS, SECONDS = 2.0, 75.0
HABITS = Habits(tip=0.1, known=0.2, duplicate=0.1, lost_answer=0.05, disorder=0.2)
# What the webshop offers is what lies in its own warehouse and in all stores.
SHARED = ("SHARED-1", "SHARED-2", "SHARED-3")
SHARED_PRICE = Decimal("59.90")
OWN_UNITS = 2
PEAK_SECONDS, STORE_PACE, SHOP_PACE = 30.0, 0.9, 0.8
# What goes wrong, and where.
OFFLINE, SHORT, LOST, LATE = "S07", "S03", "S05", "S09"
MISSING = Decimal("-5.00")


@dataclass
class Estate:
    """The stores' day: what was done, what was sent, where the goods lay in the morning."""

    odoo: Odoo
    channel: Channel
    life: Life
    sender: Sender
    backend: int
    shelves: Shelves
    products: dict[str, int]
    shared: dict[str, int]
    bought: dict[str, int] = field(default_factory=dict)
    sold: dict[str, int] = field(default_factory=dict)
    burst: int = 0
    signed: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def own(self) -> dict[str, int]:
        """What of the shared goods lay in the webshop's own warehouse."""
        return {sku: units for sku, (_price, units) in shared_goods().items()}

    def __post_init__(self) -> None:
        rng = Random(f"{self.life.seed}:stores")
        self.planner = Planner(self.life.habits, rng, self.life)


def trade_in_stores(
    odoo: Odoo, channel: Channel, settle: Callable[[str], None], seed: int, tickets: int,
    controller: Odoo,
) -> Estate:  # fmt: skip
    """Open the stores, let them trade and sell against the webshop, and close their day."""
    begin = time.monotonic()
    with step(f"{STORES} stores open"):
        estate = _opened(odoo, channel, seed)
    settle("with the stores' goods in the webshop")
    with step(f"the stores trade: {tickets} tickets"):
        _trade(estate, tickets)
    with step(
        f"promotion: {STORES} stores and a webshop sell the same units, {OFFLINE} is offline"
    ):
        _peak(estate, seed)
    with step("evening: the last line is back, registers report their day"):
        _come_back(estate)
    settle("before the registers report")
    _report(estate)
    settle("after the registers reported")
    with step("what was lost is found, a short drawer is signed"):
        _follow_up(estate)
    settle("with late tickets")
    wait_until_decided(odoo, estate.backend, SECONDS)
    estate.signed = sign_days(controller, estate.backend)
    settle("with signed days")
    wait_until_decided(odoo, estate.backend, SECONDS)
    estate.seconds = time.monotonic() - begin
    return estate


def _opened(odoo: Odoo, channel: Channel, seed: int) -> Estate:
    """Set the estate up and let the webshop offer what lies in all stores."""
    places = stores(AMERICA, STORES)
    goods = assortment(f"{seed}:stores", AMERICA, GOODS, "STORE")
    shared = publish(odoo, channel.company, [channel], shared_goods())
    sender, backend, shelves, products = open_estate(odoo, channel, places, goods, shared)
    now = datetime.now(timezone.utc)
    start = now - timedelta(hours=HOURS)
    day = start.astimezone(ZoneInfo(AMERICA.timezone)).date()
    life = Life(places, goods, seed, day, HABITS, begin=start, hours=HOURS)
    return Estate(odoo, channel, life, sender, backend, shelves, products, shared)


def shared_goods() -> dict[str, tuple[float, int]]:
    """Return price and units in the webshop's own warehouse by SKU."""
    return {sku: (float(SHARED_PRICE), OWN_UNITS) for sku in SHARED}


def _trade(estate: Estate, tickets: int) -> None:
    life = estate.life.trade(tickets)
    lost = _independent(life)
    if lost:
        life.mark(lost, "lost")
    told = [ticket for ticket in life.tickets if "lost" not in ticket.marks]
    estate.sender.send(estate.planner.parcels(told, batch=2))


def _independent(life: Life) -> Ticket | None:
    """Return a ticket of which nothing comes back before it is found."""
    needed = {line.original[0] for one in life.tickets for line in one.lines if line.original}
    own = [one for one in life.tickets if one.store == LOST and one.counts]
    return next((one for one in own if one.id not in needed), None)


# The peak


def _peak(estate: Estate, seed: int) -> None:
    """Sell the same units in the webshop and in the stores, as fast as customers come."""
    until = time.monotonic() + PEAK_SECONDS
    shop = estate.channel.simulator.shop
    shop.only_available = True
    with ThreadPoolExecutor(2) as pool:
        rng = Random(f"{seed}:peak:shop")
        web = pool.submit(sell_in_shop, estate.channel, estate.shared, rng, until, SHOP_PACE)
        _sell_in_stores(estate, Random(f"{seed}:peak:stores"), until)
        estate.bought = dict(web.result())
    shop.only_available = False
    sold = {sku: estate.sold.get(sku, 0) for sku in SHARED}
    say(f"   sold in stores {sold}, in the webshop {estate.bought}")


def _sell_in_stores(estate: Estate, rng: Random, until: float) -> None:
    """Sell what lies in the stores, unit by unit; the offline store keeps its tickets."""
    left = [
        (store, sku)
        for (store, sku), units in estate.shelves.morning.items()
        if sku in SHARED
        for _unit in range(int(units))
    ]
    rng.shuffle(left)
    while left and time.monotonic() < until:
        store, sku = left.pop()
        _sell_one(estate, store, sku)
        time.sleep(STORE_PACE * rng.uniform(0.5, 1.5))


def _sell_one(estate: Estate, store: str, sku: str) -> None:
    counter = estate.life.counters[f"{store}:R1"]
    counter.offline = store == OFFLINE
    good = Good(sku, sku, SHARED_PRICE, AMERICA.taxes[0])
    ticket = estate.life.sell(counter.place, datetime.now(timezone.utc), good)
    estate.sold[sku] = estate.sold.get(sku, 0) + 1
    if not ticket.offline:
        estate.sender.send(estate.planner.parcels([ticket]))


# The evening


def _come_back(estate: Estate) -> None:
    """Send what the offline store sold, in one burst."""
    kept = [ticket for ticket in estate.life.tickets if ticket.offline]
    estate.burst = len(kept)
    estate.sender.send(replace(one, unheard=True) for one in estate.planner.parcels(kept))


def _report(estate: Estate) -> None:
    with step("registers report their day"):
        now = datetime.now(timezone.utc)
        life = estate.life.close({f"{SHORT}:R1": MISSING}, {f"{LATE}:R1"}, now)
        estate.sender.send(estate.planner.reports(life.counters.values()))


def _follow_up(estate: Estate) -> None:
    late = [ticket for ticket in estate.life.tickets if ticket.marks]
    estate.sender.send(estate.planner.parcels(late))
