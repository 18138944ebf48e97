"""The way out of a run's shop: a warehouse of its own, places bound, stock published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from demo_day.company import Company
from demo_day.connect import Backend
from demo_day.reading import Database
from demo_day.rpc import Odoo
from environment import Failure
from simulator import ShopifySimulator

READY = """
    SELECT picking.id FROM stock_picking picking
      JOIN sale_order orders ON orders.id = picking.sale_id
      JOIN retail_order_binding binding ON binding.odoo_id = orders.id
     WHERE binding.backend_id = %s AND picking.state = 'assigned' ORDER BY picking.id
"""
# What a shop is still to be told, as long as its backend runs.
UNTOLD = """
    SELECT (SELECT count(*) FROM retail_stock_state state
             WHERE state.backend_id = ANY(%s)
               AND (state.pending OR state.attempt_key IS NOT NULL))
         + (SELECT count(*) FROM retail_change
             WHERE kind = 'stock_level' AND backend_id = ANY(%s))
         + (SELECT count(*) FROM retail_outbox_command command
             WHERE command.state IN ('pending', 'leased', 'retry', 'unknown')
               AND command.backend_id = ANY(%s))
         + (SELECT count(*) FROM retail_flow
             WHERE kind = 'stock_level' AND direction = 'out' AND full_at IS NULL
               AND backend_id = ANY(%s))
"""
# What adopting makes of a shop's catalogue. The reading of catalogues is not what is tested here.
BIND = """
    INSERT INTO retail_product_binding (backend_id, company_id, external_id, odoo_id, sku,
           product_external_id, inventory_item_external_id)
    SELECT backend.id, backend.company_id, %s, product.id, product.default_code, %s, %s
      FROM product_product product JOIN product_template template
           ON template.id = product.product_tmpl_id, retail_backend backend
     WHERE backend.id = %s AND product.default_code = %s
       AND template.company_id = backend.company_id
        ON CONFLICT (backend_id, external_id) DO UPDATE
       SET inventory_item_external_id = excluded.inventory_item_external_id
 RETURNING odoo_id
"""


@dataclass
class Outlet:
    """Where the goods of one shop lie, and the products in Odoo by SKU."""

    company: Company
    products: Mapping[str, int]

    def stock(self, odoo: Odoo, quantities: Mapping[str, float]) -> None:
        """Count the stock of some SKUs."""
        context = {**self.company.context, "inventory_mode": True}
        rows = [
            {"product_id": self.products[sku], "location_id": self.company.stock_location,
             "inventory_quantity": quantity}
            for sku, quantity in quantities.items()
        ]  # fmt: skip
        quants = odoo.call("stock.quant", "create", rows, context=context)
        odoo.call("stock.quant", "action_apply_inventory", quants, context=context)

    def take(self, odoo: Odoo, sku: str) -> None:
        """Take one unit out of the stock at once, if there is one."""
        values = {
            "product_id": self.products[sku], "scrap_qty": 1, "company_id": self.company.id,
            "location_id": self.company.stock_location,
        }  # fmt: skip
        made = odoo.create("stock.scrap", values, **self.company.context)
        odoo.call("stock.scrap", "action_validate", [made], context=self.company.context)


def warehouse_of(odoo: Odoo, company: Company, name: str) -> Company:
    """Return the company as seen from a new warehouse."""
    number = odoo.call("stock.warehouse", "search_count", [])
    values = {"name": name, "code": f"F{number}", "company_id": company.id}
    made = odoo.create("stock.warehouse", values, **company.context)
    row = odoo.read("stock.warehouse", [("id", "=", made)], "lot_stock_id")[0]
    return replace(company, warehouse=made, stock_location=row["lot_stock_id"][0])


def open_outlet(
    odoo: Odoo, database: Database, company: Company, simulator: ShopifySimulator,
    backend: Backend, units: int,
) -> Outlet:  # fmt: skip
    """Bind the shop's goods and its place, count ``units`` of each good, publish the stock."""
    products = {
        one.sku: database.value(
            BIND, str(one.id), str(one.product_id), str(one.inventory_item_id), backend.id, one.sku
        )
        for one in simulator.shop.goods
    }
    outlet = Outlet(company, products)
    outlet.stock(odoo, dict.fromkeys(products, units))
    odoo.call("retail.backend", "action_fetch_locations", [backend.id])
    places = odoo.search("retail.location.binding", [("backend_id", "=", backend.id)])
    odoo.write("retail.location.binding", places, {"odoo_id": company.stock_location})
    domain = [("backend_id", "=", backend.id), ("direction", "=", "out")]
    flows = odoo.search("retail.flow", [*domain, ("kind", "=", "stock_level")])
    odoo.call("retail.flow", "action_resume", flows)
    return outlet


def untold(database: Database, backends: Iterable[int]) -> int:
    """Count what shops that publish their stock are still to be told."""
    ids = list(backends)
    return database.value(UNTOLD, *[ids] * 4) if ids else 0


def ready(database: Database, backend: int) -> list[int]:
    """Return the deliveries of a shop's orders that can leave."""
    return [number for (number,) in database.rows(READY, backend)]


def ship(odoo: Odoo, company: Company, pickings: Iterable[int]) -> None:
    """Validate deliveries, one by one as people do."""
    context = {**company.context, "skip_backorder": True, "skip_sms": True}
    for picking in pickings:
        odoo.write("stock.picking", picking, {"carrier_tracking_ref": f"T{picking:06d}"})
        asked = odoo.call("stock.picking", "button_validate", [picking], context=context)
        state = odoo.read("stock.picking", [("id", "=", picking)], "state")[0]["state"]
        if state != "done":
            raise Failure(f"delivery {picking} is {state} after its validation: {asked}")
