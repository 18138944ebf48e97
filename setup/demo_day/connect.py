"""Setting a backend up as an administrator does: the form, its buttons, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass

from environment import Failure
from simulator import ShopifySimulator

from .company import Company
from .rpc import Odoo
from .world import Brand


@dataclass(frozen=True)
class Backend:
    """A running backend and where its webhooks go."""

    id: int
    name: str
    hook: str


def connect(
    odoo: Odoo, company: Company, brand: Brand, simulator: ShopifySimulator, **values: object
) -> Backend:
    """Create a backend for a shop, test it, subscribe to its events and start it."""
    company_context = company.context
    brand_id = odoo.create(
        "retail.brand", {"name": brand.name, "company_id": company.id}, **company_context
    )
    backend = odoo.create(
        "retail.backend",
        {
            "name": brand.name,
            "provider": "shopify",
            "company_id": company.id,
            "brand_id": brand_id,
            "warehouse_id": company.warehouse,
            "owner_id": odoo.context["uid"],
            **values,
        },
        **company_context,
    )
    fill_in(odoo, "retail.setting", backend, "value", _settings(simulator))
    fill_in(odoo, "retail.credential", backend, "secret_input", _secrets(simulator))
    start(odoo, backend)
    hook = odoo.read("retail.backend", [("id", "=", backend)], "webhook_url")[0]["webhook_url"]
    return Backend(backend, brand.name, hook)


def _settings(simulator: ShopifySimulator) -> dict[str, str]:
    return {
        "shop_domain": simulator.shop.domain,
        "client_id": simulator.app.client_id,
        "api_url": simulator.base_url,
    }


def _secrets(simulator: ShopifySimulator) -> dict[str, str]:
    return {"client_secret": simulator.app.client_secret}


def fill_in(odoo: Odoo, model: str, backend: int, field: str, values: Mapping[str, str]) -> None:
    """Type values into the rows that the provider asked for."""
    rows = odoo.read(model, [("backend_id", "=", backend)], "name")
    missing = set(values) - {row["name"] for row in rows}
    if missing:
        raise Failure(f"{model} has no {', '.join(sorted(missing))}")
    for row in rows:
        if row["name"] in values:
            odoo.write(model, row["id"], {field: values[row["name"]]})


def start(odoo: Odoo, backend: int, subscribe: bool = True) -> None:
    """Test the connection, subscribe to its events and start it."""
    odoo.call("retail.backend", "action_test_connection", [backend])
    names = ("last_test_ok", "last_test_report")
    test = odoo.read("retail.backend", [("id", "=", backend)], *names)[0]
    if not test["last_test_ok"]:
        raise Failure(f"the connection test failed: {test['last_test_report']}")
    if subscribe:
        odoo.call("retail.backend", "action_sync_subscriptions", [backend])
    odoo.call("retail.backend", "action_start", [backend])
