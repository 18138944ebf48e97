"""A catalogue, a client of the API that may read it, and ``free_qty`` of a thousand of its SKUs."""

from odoo import api
from odoo.modules.registry import Registry

from .catalogue import fill
from .timing import environment, timed


def measure(
    registry: Registry, backend_id: int, product_id: int, skus: int, asked: int, repetitions: int
) -> dict[str, list]:
    """Return seconds of ``free_qty`` of the SKUs that are asked for, those SKUs, and a token."""
    goods = fill(registry, backend_id, product_id, skus)
    every = skus // asked
    with environment(registry) as env:
        ids = goods.products(env).ids[::every][:asked]
        names = env["product.product"].browse(ids).mapped("default_code")
        token = _token(env, backend_id)

    def free(env: api.Environment) -> None:
        products = env["product.product"].browse(ids)
        products.with_context(location=goods.location_id).mapped("free_qty")

    seconds = [timed(registry, free) for _number in range(repetitions)]
    return {"free_qty": seconds, "skus": names, "token": [token]}


def _token(env: api.Environment, backend_id: int) -> str:
    client = env["retail.api.client"].create(
        {
            "name": "Reader",
            "backend_id": backend_id,
            "scope_ids": env["retail.api.scope"].search([("code", "=", "availability:read")]).ids,
            "rate_per_minute": 100_000,
            "burst": 10_000,
        }
    )
    return env["retail.api.token"]._issue(client)[1]
