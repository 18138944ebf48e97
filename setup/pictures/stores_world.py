"""What the pictures of stores show: an estate that trades, one drawer that is short, a new one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from simulator_estate import AMERICA, Habits, Life, Planner, Sender, Store, assortment, stores

from demo_day.api_client import create_token
from demo_day.company import Company
from demo_day.goods import Good as Product
from demo_day.goods import stock_up
from demo_day.rpc import Odoo
from demo_day.stores_setup import (
    SCOPES,
    Shelves,
    fill,
    locations_of,
    make_backend,
    set_up,
    weigh_in_grams,
)

ESTATE, NEW_ESTATE = "City stores", "Outlet stores"
NAMES = ("Union Square", "Riverside", "Harbor Mall", "Old Town", "Airport", "Campus")
REGISTERS = ("R1", "R2")
TICKETS, HOURS = 90, 3.0
HABITS = Habits(tip=0.1, known=0.2)
# Short by a banknote; and two registers that have not reported.
SHORT, SILENT = "S03:R1", ("S05:R2", "S06:R1")
UNITS = 400
# Registers of an estate that is not set up, as a spreadsheet has them.
LIST = "\n".join(
    f"O{number};{name};R{register};Till {register}"
    for number, name in enumerate(("Outlet North", "Outlet South", "Outlet Lakeside"), 1)
    for register in (1, 2)
)


def open_stores(odoo: Odoo, company: Company, settle: Callable[[], None]) -> None:
    """Let six stores trade for some hours and report their day; open a second estate."""
    places = [replace(store, name=name) for store, name in zip(_stores(), NAMES, strict=True)]
    goods = assortment("pictures", AMERICA, 8, "STORE")
    weigh_in_grams(odoo)
    backend = make_backend(odoo, company, ESTATE)
    set_up(odoo, company, backend, places)
    wanted = [Product(good.sku, good.title, float(good.price), good.barcode, 0) for good in goods]
    products = stock_up(odoo, company, wanted)
    fill(odoo, company, Shelves(locations=locations_of(odoo, backend)), products, UNITS)
    sender = Sender(odoo.url, create_token(odoo, backend, ESTATE, SCOPES, role="pos"))
    start = datetime.now(timezone.utc) - timedelta(hours=HOURS)
    day = start.astimezone(ZoneInfo(AMERICA.timezone)).date()
    life = Life(places, goods, 11, day, HABITS, begin=start, hours=HOURS).trade(TICKETS)
    planner = Planner(HABITS, Random("pictures"), life)
    sender.send(planner.parcels(life.tickets, batch=5))
    settle()
    life.close({SHORT: Decimal("-20.00")})
    told = [one for place, one in life.counters.items() if place not in SILENT]
    sender.send(planner.reports(told))
    settle()
    _open_new(odoo, company)


def _stores() -> Sequence[Store]:
    return stores(AMERICA, len(NAMES), len(REGISTERS))


def _open_new(odoo: Odoo, company: Company) -> None:
    """Connect a second estate; one of its warehouses is there already."""
    make_backend(odoo, company, NEW_ESTATE)
    values = {"name": "Outlet South", "code": "OUTSO", "company_id": company.id}
    odoo.create("stock.warehouse", values, **company.context)
