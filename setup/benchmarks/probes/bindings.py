"""Not a measurement: binds goods and a location to a backend, and lets its stock flow run."""

from collections.abc import Sequence

from odoo.modules.registry import Registry

from .timing import environment


def measure(
    registry: Registry, backend_id: int, location: str, goods: Sequence[tuple[str, str, int]]
) -> dict[str, list[float]]:
    """Bind (variant, inventory item, product), and the backend's warehouse to ``location``."""
    with environment(registry) as env:
        backend = env["retail.backend"].browse(backend_id)
        env["retail.location.binding"].create(
            {
                "backend_id": backend_id,
                "external_id": location,
                "name": "Main",
                "odoo_id": backend.warehouse_id.lot_stock_id.id,
            }
        )
        env["retail.product.binding"].create(
            [
                {
                    "backend_id": backend_id,
                    "external_id": variant,
                    "inventory_item_external_id": item,
                    "odoo_id": product_id,
                }
                for variant, item, product_id in goods
            ]
        )
        flows = backend.flow_ids
        flows.filtered(lambda f: (f.kind, f.direction) == ("stock_level", "out")).paused = False
    return {}
