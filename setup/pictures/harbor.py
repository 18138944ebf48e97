"""A third party that speaks the canonical API, and how an administrator connects it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

from demo_day.api_client import ApiCaller, create_token
from demo_day.company import Company
from demo_day.goods import Good, stock_up
from demo_day.rpc import Odoo
from environment import databases

HARBOR, HALL = "Harbor Fulfilment", "HF-1"
GOODS = (
    Good("HF-TENT", "Tent for two", 189, stock=120),
    Good("HF-STOVE", "Gas stove", 49, stock=80),
    Good("HF-LAMP", "Head lamp", 25, stock=200),
    Good("HF-BAG", "Sleeping bag", 99, stock=60),
)
COST = 0.4
TARIFF = (("pick", "unit", 0.5), ("pack", "order", 1.25), ("freight", "parcel", 6.4))


@dataclass
class Harbor:
    """The third party: who speaks for it, its warehouse here and there, and what it was sent."""

    odoo: Odoo
    company: Company
    database: str
    settle: Callable[[], object]
    backend: int
    house: int
    warehouse: int
    caller: ApiCaller
    products: Mapping[str, int]

    def say(self, route: str, **item: Any) -> None:
        """Post one item. Odoo takes it in soon."""
        self.caller.send(route, [{"updated_at": moment(), **item}]).raise_for_status()

    def order(self, buyer: int, **wanted: int) -> int:
        """Return a confirmed order of goods by SKU without its prefix."""
        lines = [
            (0, 0, {"product_id": self.products[f"HF-{sku}"], "product_uom_qty": units})
            for sku, units in wanted.items()
        ]
        values = {"partner_id": buyer, "warehouse_id": self.house, "order_line": lines}
        order = self.odoo.create(
            "sale.order", {**values, "company_id": self.company.id}, **self.company.context
        )
        self.odoo.call("sale.order", "action_confirm", [order], context=self.company.context)
        return order

    def release(self, order: int) -> str:
        """Return the reference of an order's release."""
        return self.odoo.read("retail.release", [("order_id", "=", order)], "name")[0]["name"]

    def answer(self, order: int, state: str, **values: Any) -> None:
        """Say how far an order is."""
        name = self.release(order)
        told = {"external_id": f"HF-{name}", "order_external_id": name, "state": state}
        self.say("warehouse-orders", **told, **values)

    def ship(self, order: int, **units: int) -> str:
        """Send goods of an order in one parcel; return its release."""
        name = self.release(order)
        lines = [{"sku": f"HF-{sku}", "quantity": str(number)} for sku, number in units.items()]
        self.say(
            "shipments", external_id=f"S-{name}", order_external_id=name, state="shipped",
            shipped_at=moment(), location_external_id=HALL, carrier="UPS Ground", lines=lines,
            trackings=[{"number": f"1Z-{name}"}],
        )  # fmt: skip
        return name

    def pass_time(self, query: str, **values: Any) -> None:
        """Let time have passed: nobody could wait for it."""
        with databases.connect(self.database) as connection, connection.cursor() as cursor:
            cursor.execute(query, {"warehouse": self.warehouse, **values})


def connect(odoo: Odoo, company: Company, database: str, settle: Callable[[], object]) -> Harbor:
    """Make a backend, a warehouse with goods and a tariff, and a token."""
    values = {
        "name": HARBOR, "provider": "canonical", "company_id": company.id,
        "owner_id": odoo.context["uid"],
    }  # fmt: skip
    backend = odoo.create("retail.backend", values, **company.context)
    odoo.write("retail.backend", backend, {"state": "running"})
    place = {"name": HARBOR, "code": "HARB", "company_id": company.id}
    house = odoo.create("stock.warehouse", place, **company.context)
    shelf = odoo.read("stock.warehouse", [("id", "=", house)], "lot_stock_id")[0]["lot_stock_id"][0]
    products = stock_up(odoo, replace(company, warehouse=house, stock_location=shelf), GOODS)
    for good in GOODS:
        cost = {"standard_price": good.price * COST}
        odoo.call("product.product", "write", [products[good.sku]], cost, context=company.context)
    warehouse = odoo.create("retail.warehouse", _warehouse(odoo, backend, house), **company.context)
    caller = ApiCaller(odoo.url, create_token(odoo, backend, HARBOR), backend)
    return Harbor(odoo, company, database, settle, backend, house, warehouse, caller, products)


def _warehouse(odoo: Odoo, backend: int, house: int) -> dict[str, Any]:
    rates = [
        (0, 0, {"service": service, "per": per, "price": price}) for service, per, price in TARIFF
    ]
    return {
        "backend_id": backend,
        "external_id": HALL,
        "name": "Harbor Hall 1",
        "odoo_id": house,
        "tz": "America/Los_Angeles",
        "cutoff": 15.0,
        "biller_id": odoo.create("res.partner", {"name": f"{HARBOR} Inc."}),
        "tariff_ids": rates,
    }


def moment() -> str:
    """Return this moment as messages tell it."""
    return datetime.now(timezone.utc).isoformat()
