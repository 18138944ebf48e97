"""A run's own third-party warehouse: an account, a shop that sells from there, and its book."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from random import Random

from demo_day.api_bodies import Body, now
from demo_day.api_client import ApiCaller
from demo_day.company import Company
from demo_day.connect import Backend, fill_in
from demo_day.goods import Good, stock_up
from demo_day.reading import Database
from demo_day.rpc import Odoo
from demo_day.warehouse_books import House, wrong
from demo_day.warehouse_setup import CENTRE, connect_account, open_shop
from simulator_common import Trouble
from simulator_shipbob import Account, ShipBobSimulator
from simulator_shipbob.stocking import OPEN

from .outlet import warehouse_of

GOODS, STOCK, PRICE = 4, 60, 8
PAUSE, SECONDS = 0.2, 30.0
ADDRESS = {
    "name": "Ada Lovelace", "street": "1 Main St", "city": "Reno", "zip": "89501",
    "country_code": "US",
}  # fmt: skip
# What is still to be released, or to be moved in Odoo.
OWED = """
    SELECT (SELECT count(*) FROM retail_goods_task task JOIN retail_warehouse house
                ON house.odoo_id = task.warehouse_id
             WHERE task.state = 'waiting' AND house.backend_id = ANY(%s))
         + (SELECT count(*) FROM retail_release release
             WHERE release.backend_id = ANY(%s)
               AND (release.changed OR release.state = 'ready' AND release.command_id IS NULL
                                       AND release.reason IS NULL))
         + (SELECT count(*) FROM stock_picking picking
              JOIN stock_picking_type type ON type.id = picking.picking_type_id
              JOIN retail_warehouse house ON house.odoo_id = type.warehouse_id
             WHERE type.code = 'outgoing' AND picking.state = 'assigned'
               AND house.backend_id = ANY(%s)
               AND NOT EXISTS (SELECT FROM retail_release WHERE picking_id = picking.id))
"""
SALE = "SELECT odoo_id FROM retail_order_binding WHERE backend_id = %s AND external_id = %s"
COUNTS = """
    SELECT external_id, state, variance_count FROM retail_snapshot WHERE backend_id = %s ORDER BY id
"""
UNDECIDED = ("compared", "to_approve")
RELEASES = """
    SELECT release.name FROM retail_release release
      JOIN retail_order_binding bound ON bound.odoo_id = release.order_id
     WHERE release.backend_id = %s AND bound.external_id = %s ORDER BY release.id
"""


@dataclass
class Hub:
    """A warehouse in Odoo, the account that runs it, and what its shop sold.

    ``expected`` are the codes of problems that somebody may be shown in the end.
    """

    simulator: ShipBobSimulator
    backend: Backend
    shop: ApiCaller
    odoo: Odoo
    warehouse: int
    skus: Sequence[str]
    sold: dict[str, dict[str, int]] = field(default_factory=dict)
    expected: set[str] = field(default_factory=set)

    @property
    def account(self) -> Account:
        """What really lies and happens there."""
        return self.simulator.account

    # What customers do

    def sell(self, rng: Random, orders: int) -> list[str]:
        """Take orders of a few units each; return those that were not taken."""
        first = len(self.sold) + 1
        wanted = {
            f"{self.backend.name}-{number}": {
                sku: rng.randint(1, 3) for sku in rng.sample(list(self.skus), rng.choice((1, 1, 2)))
            }
            for number in range(first, first + orders)
        }
        answer = self.shop.send("orders", [basket(*one) for one in wanted.items()])
        items = answer.json().get("items", [])
        taken = [name for name, item in zip(wanted, items, strict=True) if "id" in item]
        self.sold |= {name: wanted[name] for name in taken}
        return [name for name in wanted if name not in taken]

    def cancel(self, database: Database, order: str) -> None:
        """Press “Cancel” on an order."""
        odoo = Odoo(self.odoo.url).log_in(database.name)
        odoo.context |= self.odoo.context
        sale = database.value(SALE, self.shop.backend, order)
        odoo.call("sale.order", "action_cancel", [sale])

    # What the warehouse does

    def open_shipments(self) -> list[int]:
        """Return the shipments that have still to leave."""
        return [one["id"] for one in self.account.all_shipments() if one["status"] in OPEN]

    def shipment_of(self, database: Database, order: str) -> int:
        """Return the first shipment of an order."""
        name = database.rows(RELEASES, self.backend.id, order)[0][0]
        return self.account.shipments(name)[0]["id"]

    def ship(self, rng: Random) -> None:
        """Let all leave; of some the label was printed before, so that only a poll tells of it."""
        for number in self.open_shipments():
            if rng.random() < 0.5:
                self.account.label(number)
            self.account.ship(number)

    # What Odoo is told

    def deliver(self, trouble: Trouble | None = None) -> list[str]:
        """Send events until each is accepted or lost; return the last answers, if not in time."""
        self.simulator.webhooks.sender.trouble = trouble or Trouble()
        deadline = time.monotonic() + SECONDS
        while True:
            answers = self.simulator.deliver().answers
            bad = [answer for answer in answers if not answer.startswith("2")]
            if not bad or time.monotonic() > deadline:
                return bad
            time.sleep(PAUSE)  # as a sender does that was refused

    def poll(self, *kinds: str) -> None:
        """Press the button that reads the account's lists of some kinds."""
        domain = [
            ("backend_id", "=", self.backend.id), ("kind", "in", kinds), ("direction", "=", "in")
        ]  # fmt: skip
        flows = self.odoo.search("retail.flow", domain)
        self.odoo.call("retail.flow", "action_poll_now", flows)

    def counts(self, database: Database) -> list[tuple[str, str, int]]:
        """Return name, state and number of unexplained differences of all counts."""
        return database.rows(COUNTS, self.backend.id)

    def compare_again(self) -> None:
        """Press “Compare Again” on the counts that nobody has decided about."""
        domain = [("backend_id", "=", self.backend.id), ("state", "in", UNDECIDED)]
        counts = self.odoo.search("retail.snapshot", domain)
        self.odoo.call("retail.snapshot", "action_compare_again", counts)

    def ask_through(self, port: int) -> None:
        """Let Odoo reach the account through a proxy."""
        fill_in(
            self.odoo, "retail.setting", self.backend.id, "value",
            {"api_url": f"http://127.0.0.1:{port}"},
        )  # fmt: skip

    def wrong(self, database: Database) -> list[str]:
        """Return what Odoo holds that is not so."""
        house = House(
            self.account, CENTRE, self.backend.id, self.shop.backend, self.warehouse,
            dict.fromkeys(self.skus, STOCK), self.sold,
        )  # fmt: skip
        found = wrong(database, house, self.expected)
        return [f"{name}: {words}" for name, all_ in found.items() for words in all_]


def basket(number: str, wanted: Mapping[str, int]) -> Body:
    """Return a paid order of several goods, without taxes."""
    lines = [
        {
            "external_id": str(place), "title": sku, "sku": sku, "ordered_quantity": units,
            "quantity": units, "unit_price": _dollars(PRICE), "discount": _dollars(0), "taxes": [],
        }
        for place, (sku, units) in enumerate(wanted.items(), 1)
    ]  # fmt: skip
    return {
        "external_id": number, "name": f"#{number}", "placed_at": now(), "updated_at": now(),
        "local_date": now()[:10], "currency": "USD", "presentment_currency": "USD",
        "taxes_included": False, "email": f"{number.lower()}@example.com", "lines": lines,
        "total": _dollars(PRICE * sum(wanted.values())), "total_tax": _dollars(0),
        "payment_state": "paid", "shipping_address": ADDRESS,
    }  # fmt: skip


def _dollars(amount: int) -> Body:
    side = {"amount": str(amount), "currency": "USD"}
    return {"shop": side, "presentment": side}


def account_at(name: str) -> ShipBobSimulator:
    """Return an account whose chance depends on its name only."""
    return ShipBobSimulator(name, clock=lambda: datetime.now(timezone.utc))


def opened_hub(odoo: Odoo, company: Company, simulator: ShipBobSimulator, name: str) -> Hub:
    """Build a warehouse, fill it, connect the account that runs it, and let a shop sell there."""
    number = odoo.call("stock.warehouse", "search_count", [])
    full = f"{name}-{number}"
    own = warehouse_of(odoo, company, full)
    goods = [Good(f"{full}-{one}", f"{full} {one}", PRICE, stock=STOCK) for one in range(GOODS)]
    stock_up(odoo, own, goods)
    for good in goods:
        simulator.account.add_product(good.sku, {CENTRE: STOCK})
    backend = _connected(odoo, own, simulator, full)
    shop = open_shop(odoo, own, f"{full}-shop")
    return Hub(simulator, backend, shop, odoo, own.warehouse, [good.sku for good in goods])


def _connected(odoo: Odoo, own: Company, simulator: ShipBobSimulator, name: str) -> Backend:
    """Connect an account; it is polled only when somebody asks."""
    backend = connect_account(odoo, own, simulator, name)
    flows = odoo.search("retail.flow", [("backend_id", "=", backend)])
    odoo.write("retail.flow", flows, {"interval": 0})
    return Backend(backend, name, _hooked(odoo, simulator))


def _hooked(odoo: Odoo, simulator: ShipBobSimulator) -> str:
    """Have the subscriptions lead to this server, whichever address Odoo believes to have."""
    for row in simulator.webhooks.rows.values():
        row["url"] = odoo.url + row["url"][row["url"].index("/retail/") :]
    return next(row["url"] for row in simulator.webhooks.rows.values())


def owed(database: Database, backends: Sequence[int]) -> int:
    """Count what warehouses are still to be asked, and what they did that is still to be done."""
    ids = list(backends)
    return database.value(OWED, *[ids] * 3) if ids else 0
