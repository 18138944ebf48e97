"""Opening an estate as an administrator does: a backend, a token, and the wizard for its stores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from simulator_estate import CARD, CASH, GIFT_CARD, KINDS, ON_ACCOUNT, Good, Sender, Store

from .api_client import create_token
from .channel import Channel
from .company import Company
from .goods import Good as Product
from .goods import stock_up
from .rpc import Odoo

SCOPES = ("pos-tickets:write", "pos-closings:write", "messages:read")
ON_SHELF = 500
EACH, IN_STORES = 1, 12


@dataclass
class Shelves:
    """Units per (store, SKU) in the morning, and each store's stock location."""

    morning: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    locations: dict[str, int] = field(default_factory=dict)


def open_estate(
    odoo: Odoo, channel: Channel, places: Sequence[Store], goods: Sequence[Good],
    shared: Mapping[str, int],
) -> tuple[Sender, int, Shelves, dict[str, int]]:  # fmt: skip
    """Set everything up; return who sends, the backend, the shelves and the products by SKU."""
    company = channel.company
    weigh_in_grams(odoo)
    backend = make_backend(odoo, company, "Stores")
    set_up(odoo, company, backend, places)
    products = stock_up(
        odoo, company,
        [Product(good.sku, good.title, float(good.price), good.barcode, 0) for good in goods],
    )  # fmt: skip
    shelves = Shelves(locations=locations_of(odoo, backend))
    fill(odoo, company, shelves, products, ON_SHELF)
    some = dict(list(shelves.locations.items())[:IN_STORES])
    fill(odoo, company, Shelves(shelves.morning, some), shared, EACH)
    _share(odoo, channel, list(shelves.locations.values()))
    token = create_token(odoo, backend, "Stores", SCOPES, role="pos")
    return Sender(odoo.url, token), backend, shelves, products


def make_backend(odoo: Odoo, company: Company, name: str) -> int:
    """Create a running backend for a system that calls the canonical API."""
    values = {
        "name": name, "provider": "canonical", "company_id": company.id,
        "warehouse_id": company.warehouse, "owner_id": odoo.context["uid"],
        "allows_unreferenced_returns": True,
    }  # fmt: skip
    backend = odoo.create("retail.backend", values, **company.context)
    odoo.write("retail.backend", backend, {"state": "running"})
    return backend


def weigh_in_grams(odoo: Odoo) -> None:
    """Let quantities have three decimal places: Odoo's own two are not enough for scales."""
    found = odoo.search("decimal.precision", [("name", "=", "Product Unit")])
    odoo.write("decimal.precision", found, {"digits": 3})


def set_up(odoo: Odoo, company: Company, backend: int, places: Sequence[Store]) -> None:
    """Fill the wizard in: the list of registers is pasted, the tenders are typed."""
    shown = odoo.call("retail.backend", "action_set_up_stores", [backend], context=company.context)
    setup = shown["res_id"]
    rows = [
        f"{store.id};{store.name};{register};{store.name} {register}"
        for store in places
        for register in store.registers
    ]
    odoo.write("retail.pos.setup", setup, {"pasted": "\n".join(rows)})
    odoo.call("retail.pos.setup", "action_propose", [setup], context=company.context)
    if not odoo.search("retail.mapping", _tenders_of(backend), limit=1):
        _type_tenders(odoo, company, setup)
    _name_accounts(odoo, company, setup)
    odoo.call("retail.pos.setup", "action_apply", [setup], context=company.context)
    found = odoo.search("retail.pos.store", [("backend_id", "=", backend)])
    odoo.write("retail.pos.store", found, {"tz": places[0].terms.timezone})


def _tenders_of(backend: int) -> list[tuple[str, str, object]]:
    return [("backend_id", "=", backend), ("kind", "=", "pos_tender")]


def _type_tenders(odoo: Odoo, company: Company, setup: int) -> None:
    domain = [("company_id", "=", company.id), ("type", "=", "bank")]
    journal = odoo.search("account.journal", domain, limit=1)[0]
    ways = {CASH: "drawer", CARD: "new", GIFT_CARD: "new", ON_ACCOUNT: "new"}
    known = odoo.read("retail.pos.setup.tender", [("setup_id", "=", setup)], "word")
    for word in set(ways) - {row["word"] for row in known}:
        values = {
            "setup_id": setup, "word": word, "kind": KINDS[word], "what": ways[word],
            "method_name": f"{word} (stores)", "journal_id": journal,
        }  # fmt: skip
        odoo.create("retail.pos.setup.tender", values, **company.context)


def _name_accounts(odoo: Odoo, company: Company, setup: int) -> None:
    """Choose where cash differences go, unless the company says so already."""
    names = {"profit_account_id": "income_other", "loss_account_id": "expense"}
    row = odoo.read("retail.pos.setup", [("id", "=", setup)], *names)[0]
    values = {
        name: odoo.search(
            "account.account",
            [("account_type", "=", kind), ("company_ids", "in", company.id)], limit=1,
        )[0]
        for name, kind in names.items()
        if not row[name]
    }  # fmt: skip
    if values:
        odoo.write("retail.pos.setup", setup, values)


def locations_of(odoo: Odoo, backend: int) -> dict[str, int]:
    """Return the stock location of each store's warehouse."""
    rows = odoo.read("retail.pos.store", [("backend_id", "=", backend)], "external_id", "odoo_id")
    houses = {row["odoo_id"][0]: row["external_id"] for row in rows}
    found = odoo.read("stock.warehouse", [("id", "in", list(houses))], "lot_stock_id")
    return dict(sorted((houses[row["id"]], row["lot_stock_id"][0]) for row in found))


def fill(
    odoo: Odoo, company: Company, shelves: Shelves, products: Mapping[str, int], units: int
) -> None:
    """Count the stock of products in stores."""
    context = {**company.context, "inventory_mode": True}
    rows = [
        {"product_id": number, "location_id": location, "inventory_quantity": units}
        for location in shelves.locations.values()
        for number in products.values()
    ]
    quants = odoo.call("stock.quant", "create", rows, context=context)
    odoo.call("stock.quant", "action_apply_inventory", quants, context=context)
    for store in shelves.locations:
        shelves.morning |= {(store, sku): Decimal(units) for sku in products}


def _share(odoo: Odoo, channel: Channel, locations: Sequence[int]) -> None:
    """Let the webshop offer what lies in the stores, beside its own."""
    domain = [("backend_id", "=", channel.backend.id), ("odoo_id", "!=", False)]
    place = odoo.search("retail.location.binding", domain, limit=1)
    odoo.write("retail.location.binding", place, {"also_ids": [(6, 0, list(locations))]})
