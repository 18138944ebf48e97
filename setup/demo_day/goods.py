"""Products and their stock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .company import Company
from .rpc import Odoo


@dataclass(frozen=True)
class Good:
    """A storable product to be created, with the stock it starts with."""

    sku: str
    name: str
    price: float
    barcode: str = ""
    stock: float = 100_000


def stock_up(odoo: Odoo, company: Company, goods: Iterable[Good]) -> dict[str, int]:
    """Create products that belong to a company, count their stock, return their ids by SKU."""
    wanted = list(goods)
    ids = odoo.create_many("product.product", [_values(good, company) for good in wanted])
    _count(odoo, company, list(zip(ids, wanted, strict=True)))
    return {good.sku: number for good, number in zip(wanted, ids, strict=True)}


def _values(good: Good, company: Company) -> dict[str, object]:
    return {
        "name": good.name,
        "default_code": good.sku,
        "barcode": good.barcode or False,
        "list_price": good.price,
        "type": "consu",
        "is_storable": True,
        "company_id": company.id,
        "taxes_id": [(5,)],
    }


def _count(odoo: Odoo, company: Company, products: Sequence[tuple[int, Good]]) -> None:
    """Enter and apply an inventory count."""
    context = {**company.context, "inventory_mode": True}
    rows = [
        {"product_id": number, "location_id": company.stock_location,
         "inventory_quantity": good.stock}
        for number, good in products
        if good.stock
    ]  # fmt: skip
    quants = odoo.call("stock.quant", "create", rows, context=context)
    odoo.call("stock.quant", "action_apply_inventory", quants, context=context)
