"""A large catalogue whose stock a channel has acknowledged: set-based, from single prototypes."""

from dataclasses import dataclass

from odoo import api
from odoo.modules.registry import Registry

from .multiply import multiply
from .timing import environment, maintain

TABLES = (
    "product_template", "product_product", "stock_quant", "stock_move",
    "retail_product_binding", "retail_stock_state",
)  # fmt: skip
# Each SKU came in once, one in ten waits in a delivery that has its stock, one in ten in one that
# has not. By state: of one SKU in how many there is a move, and how many before each such one.
RESERVED = 10
MOVES = {"done": (1, 0), "assigned": (RESERVED, 0), "confirmed": (10, 1)}
ACKNOWLEDGE = """
    UPDATE retail_stock_state
       SET acknowledged = desired, is_known = true, pending = false, verdict = 'ok',
           attempt_key = NULL, attempts = 0, held_until = NULL, acknowledged_at = checked_at
     WHERE backend_id = %s
"""


@dataclass(frozen=True)
class Catalogue:
    """Where the goods are. The ids of the products follow one another."""

    backend_id: int
    location_id: int
    before: int
    count: int

    def products(self, env: api.Environment):
        """Return the products."""
        return env["product.product"].browse(range(self.before + 1, self.before + self.count + 1))


def fill(registry: Registry, backend_id: int, product_id: int, count: int) -> Catalogue:
    """Make products, stock, moves and bindings; let the backend's flow run, all acknowledged."""
    with environment(registry) as env:
        product = env["product.product"].browse(product_id)
        backend = env["retail.backend"].browse(backend_id)
        warehouse = backend.warehouse_id
        location_id = warehouse.lot_stock_id.id
        before = _products(env, product, count)
        _stock(env, product, warehouse, before, count)
        _bindings(env, backend, product, warehouse, before, count)
        flows = backend.flow_ids.filtered(lambda f: (f.kind, f.direction) == ("stock_level", "out"))
        flows.paused = False
    maintain(registry, *TABLES)
    with environment(registry) as env:
        env["retail.projection.stock"]._compare(env["retail.backend"].browse(backend_id), None)
    acknowledge(registry, backend_id)
    return Catalogue(backend_id, location_id, before, count)


def acknowledge(registry: Registry, backend_id: int) -> None:
    """Let the channel hold all that was compared last."""
    with registry.cursor() as cr:
        cr.execute(ACKNOWLEDGE, [backend_id])
        cr.execute("DELETE FROM retail_change")
        cr.execute("UPDATE retail_flow SET full_at = NULL WHERE backend_id = %s", [backend_id])
    maintain(registry, "retail_stock_state", "stock_quant")


def _products(env, product, count: int) -> int:
    env.flush_all()
    template = product.product_tmpl_id
    templates = multiply(env.cr, "product_template", template.id, count, {})
    values = {
        "product_tmpl_id": f"{templates} + n",
        "default_code": "'BULK-' || lpad(n::text, 7, '0')",
        "barcode": "NULL",
    }
    return multiply(env.cr, "product_product", product.id, count, values)


def _stock(env, product, warehouse, before: int, count: int) -> None:
    own = {"product_id": f"{before} + n"}
    location = warehouse.lot_stock_id
    quant = env["stock.quant"].search(
        [("product_id", "=", product.id), ("location_id", "=", location.id)], limit=1
    )
    reserved = f"CASE WHEN n %% {RESERVED} = 0 THEN 2 ELSE 0 END"
    quantities = {"quantity": "5 + n %% 97", "reserved_quantity": reserved}
    multiply(env.cr, "stock_quant", quant.id, count, {**own, **quantities})
    move = env["stock.move"].create(
        {
            "product_id": product.id,
            "product_uom_qty": 2,
            "location_id": location.id,
            "location_dest_id": env.ref("stock.stock_location_customers").id,
            "picking_type_id": warehouse.out_type_id.id,
        }
    )
    env.flush_all()
    for state, (every, shift) in MOVES.items():
        values = {"product_id": f"{before} + n * {every} - {shift}", "state": f"'{state}'"}
        multiply(env.cr, "stock_move", move.id, count // every, values)
    move.unlink()


def _bindings(env, backend, product, warehouse, before: int, count: int) -> None:
    env["retail.location.binding"].create(
        {
            "backend_id": backend.id,
            "external_id": "1",
            "name": "Bulk",
            "odoo_id": warehouse.lot_stock_id.id,
        }
    )
    bound = env["retail.product.binding"].create(
        {
            "backend_id": backend.id,
            "external_id": "0",
            "inventory_item_external_id": "0",
            "odoo_id": product.id,
        }
    )
    env.flush_all()
    values = {
        "external_id": "(40000000000 + n)::text",
        "inventory_item_external_id": "(50000000000 + n)::text",
        "odoo_id": f"{before} + n",
        "sku": "'BULK-' || lpad(n::text, 7, '0')",
    }
    multiply(env.cr, "retail_product_binding", bound.id, count, values)
