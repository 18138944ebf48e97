"""Opening a third party's warehouse: the house, its goods, the account that runs it, a shop."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from simulator_shipbob import Account, ShipBobSimulator

from .api_client import ApiCaller, create_token
from .company import Company
from .connect import fill_in, start
from .goods import Good, stock_up
from .reading import Database
from .rpc import Odoo

# The fulfilment centre of the account that is used; it has another one.
CENTRE = "10"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MUG, PEN, LAMP = "HUB-MUG", "HUB-PEN", "HUB-LAMP"
# Prices that include 19 % of tax without any rounding.
PRICES = {MUG: Decimal("11.90"), PEN: Decimal("5.95"), LAMP: Decimal("23.80")}
STOCK = 100
SCOPES = ("orders:write", "messages:read")


@dataclass
class Hub:
    """A warehouse in Odoo (``own.warehouse``), the account that runs it, and a shop that sells it.

    ``backend`` is the account's, ``place`` what Odoo calls the centre. ``broken`` are steps that
    did not have the effect they should.
    """

    odoo: Odoo
    database: Database
    own: Company
    simulator: ShipBobSimulator
    backend: int
    shop: ApiCaller
    products: dict[str, int]
    broken: list[str] = field(default_factory=list)

    @property
    def account(self) -> Account:
        """What really lies and happens in the warehouse."""
        return self.simulator.account


def open_hub(odoo: Odoo, company: Company, simulator: ShipBobSimulator, database: Database) -> Hub:
    """Build the house, fill it, connect the account and let a shop sell from it."""
    own = make_house(odoo, company)
    goods = [Good(sku, sku, float(price), stock=STOCK) for sku, price in PRICES.items()]
    products = stock_up(odoo, own, goods)
    for sku in PRICES:
        simulator.account.add_product(sku, {CENTRE: STOCK})
    backend = connect_account(odoo, own, simulator)
    shop = open_shop(odoo, own, invoice_policy="delivery")
    return Hub(odoo, database, own, simulator, backend, shop, products)


def make_house(odoo: Odoo, company: Company) -> Company:
    """Make one more warehouse of a company; return the company as it works from there."""
    values = {"name": "Hub", "code": "HUB", "company_id": company.id}
    house = odoo.create("stock.warehouse", values, **company.context)
    stock = odoo.read("stock.warehouse", [("id", "=", house)], "lot_stock_id")[0]["lot_stock_id"]
    return replace(company, warehouse=house, stock_location=stock[0])


def connect_account(
    odoo: Odoo, own: Company, simulator: ShipBobSimulator, name: str = "Hub"
) -> int:
    """Create the backend, say which warehouse the centre is, and start it."""
    values = {
        "name": name, "provider": "shipbob", "company_id": own.id, "owner_id": odoo.context["uid"]
    }  # fmt: skip
    backend = odoo.create("retail.backend", values, **own.context)
    fill_in(odoo, "retail.setting", backend, "value", _settings(simulator))
    secrets = {"access_token": simulator.token, "webhook_secret": SECRET}
    fill_in(odoo, "retail.credential", backend, "secret_input", secrets)
    odoo.call("retail.backend", "action_fetch_warehouses", [backend])
    place = odoo.search(
        "retail.warehouse", [("backend_id", "=", backend), ("external_id", "=", CENTRE)]
    )
    odoo.write("retail.warehouse", place, {"odoo_id": own.warehouse})
    start(odoo, backend)
    return backend


def _settings(simulator: ShipBobSimulator) -> dict[str, str]:
    channel = str(simulator.account.channel["id"])
    return {
        "api_url": simulator.base_url, "channel_id": channel, "fulfillment_centers": CENTRE
    }  # fmt: skip


def open_shop(odoo: Odoo, own: Company, name: str = "Mail Order", **options: Any) -> ApiCaller:
    """Let a shop without a provider of its own sell from the house, through the API.

    ``options`` are further values of its backend.
    """
    values = {
        "name": name, "provider": "canonical", "company_id": own.id,
        "warehouse_id": own.warehouse, "owner_id": odoo.context["uid"], **options,
    }  # fmt: skip
    backend = odoo.create("retail.backend", values, **own.context)
    odoo.write("retail.backend", backend, {"state": "running"})
    preset = odoo.create(
        "retail.ownership.preset", {"backend_id": backend, "preset": "marketplace"}
    )
    odoo.call("retail.ownership.preset", "action_apply", [preset])
    token = create_token(odoo, backend, name, SCOPES, role="marketplace")
    return ApiCaller(odoo.url, token, backend)
