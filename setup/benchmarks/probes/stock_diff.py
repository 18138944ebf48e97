"""A full comparison of what can be sold with what the channel acknowledged, and ``free_qty``."""

from odoo import api
from odoo.modules.registry import Registry

from .catalogue import Catalogue, acknowledge, fill
from .timing import timed

CHANGED = 100
CHANGE = """
    UPDATE stock_quant SET quantity = quantity + 1
     WHERE product_id > %s AND location_id = %s AND product_id %% %s = %s
"""
PENDING = "SELECT count(*) FROM retail_stock_state WHERE backend_id = %s AND pending"


def measure(
    registry: Registry, backend_id: int, product_id: int, skus: int, repetitions: int
) -> dict[str, list[float]]:
    """Return seconds of comparisons, of whole passes up to the call, and of ``free_qty``.

    Before each, one SKU in a hundred sold. ``found`` tells how many the comparison found.
    """
    goods = fill(registry, backend_id, product_id, skus)
    result: dict[str, list[float]] = {"compare": [], "begin": [], "free_qty": [], "found": []}
    for number in range(repetitions):
        _change(registry, goods, 2 * number)
        result["compare"].append(timed(registry, lambda env: _compare(env, goods)))
        result["found"].append(_pending(registry, goods))
        acknowledge(registry, backend_id)
        _change(registry, goods, 2 * number + 1)
        result["begin"].append(timed(registry, lambda env: _begin(env, goods)))
        acknowledge(registry, backend_id)
        result["free_qty"].append(timed(registry, lambda env: _free(env, goods)))
    return result


def _change(registry: Registry, goods: Catalogue, number: int) -> None:
    with registry.cursor() as cr:
        cr.execute(CHANGE, [goods.before, goods.location_id, CHANGED, number % CHANGED])


def _pending(registry: Registry, goods: Catalogue) -> int:
    with registry.cursor() as cr:
        cr.execute(PENDING, [goods.backend_id])
        return cr.fetchone()[0]


def _compare(env: api.Environment, goods: Catalogue) -> None:
    backend = env["retail.backend"].browse(goods.backend_id)
    env["retail.projection.stock"]._compare(backend, None)


def _begin(env: api.Environment, goods: Catalogue) -> None:
    env["retail.projection.stock"].with_context(active_test=False)._begin(goods.backend_id)


def _free(env: api.Environment, goods: Catalogue) -> None:
    goods.products(env).with_context(location=goods.location_id).mapped("free_qty")
