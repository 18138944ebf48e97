"""A run's own stores: set up by the wizard, a day of tickets, and what Odoo must hold of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from random import Random
from zoneinfo import ZoneInfo

from simulator_estate import AMERICA, Habits, Life, Parcel, Planner, Sender, assortment, stores

from demo_day.api_client import create_token
from demo_day.company import Company
from demo_day.connect import Backend
from demo_day.goods import Good as Product
from demo_day.goods import stock_up
from demo_day.reading import Database
from demo_day.rpc import Odoo
from demo_day.stores_books import wrong
from demo_day.stores_setup import (
    SCOPES,
    Shelves,
    fill,
    locations_of,
    make_backend,
    set_up,
    weigh_in_grams,
)  # fmt: skip

# Days that will be closed or shown without anybody.
UNDECIDED = """
    SELECT count(*) FROM retail_pos_day
     WHERE backend_id = ANY(%s) AND state IN ('reported', 'closing')
"""
STORES, GOODS, ON_SHELF, HOURS = 2, 5, 500, 2.0
HABITS = Habits(tip=0.1, known=0.2, duplicate=0.1, lost_answer=0.1, disorder=0.2)
SECONDS = 90.0


@dataclass
class Estate:
    """The stores' day, its backend, and where the goods lay in the morning."""

    life: Life
    sender: Sender
    backend: Backend
    shelves: Shelves
    reported: bool = False

    def __post_init__(self) -> None:
        rng = Random(f"{self.life.seed}:post")
        self.planner = Planner(self.life.habits, rng, self.life)

    def send(self, parcels: Sequence[Parcel]) -> list[str]:
        """Send parcels until each is taken; return those that were refused."""
        return self.sender.send(parcels, SECONDS).refused

    def trade(self, tickets: int, batch: int = 2) -> list[Parcel]:
        """Let customers come; return what is sent of it."""
        known = {ticket.id for ticket in self.life.tickets}
        self.life.trade(tickets)
        new = [ticket for ticket in self.life.tickets if ticket.id not in known]
        return self.planner.parcels(new, batch)

    def report(self) -> list[Parcel]:
        """Let the registers close their day; return their reports."""
        self.life.close()
        self.reported = True
        return self.planner.reports(self.life.counters.values())

    def wrong(self, database: Database) -> list[str]:
        """Return what Odoo holds that is not so."""
        found = wrong(
            database, self.backend.id, self.life, self.shelves.morning, closed=self.reported
        )
        return [f"{name}: {words}" for name, all_ in found.items() for words in all_]


def opened_estate(
    odoo: Odoo, company: Company, url: str, name: str, habits: Habits = HABITS
) -> Estate:
    """Set stores up that nobody had before, with goods of their own."""
    number = odoo.call("stock.warehouse", "search_count", [])
    named = [replace(one, name=f"{name} {number} {one.id}") for one in stores(AMERICA, STORES)]
    goods = assortment(name, AMERICA, GOODS, f"T{number}")
    weigh_in_grams(odoo)
    backend = make_backend(odoo, company, name)
    set_up(odoo, company, backend, named)
    made = [Product(good.sku, good.title, float(good.price), stock=0) for good in goods]
    products = stock_up(odoo, company, made)
    shelves = Shelves(locations=locations_of(odoo, backend))
    fill(odoo, company, shelves, products, ON_SHELF)
    token = create_token(odoo, backend, name, SCOPES, role="pos")
    start = datetime.now(timezone.utc) - timedelta(hours=HOURS)
    day = start.astimezone(ZoneInfo(AMERICA.timezone)).date()
    life = Life(named, goods, name, day, habits, begin=start, hours=HOURS)
    return Estate(life, Sender(url, token), Backend(backend, name, ""), shelves)


def undecided(database: Database, backends: Sequence[int]) -> int:
    """Count the reported days of estates that are neither closed nor shown to a person."""
    return database.value(UNDECIDED, list(backends)) if backends else 0
