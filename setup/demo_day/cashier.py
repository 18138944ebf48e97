"""A payment gateway: connected by an administrator, its accounts set up by an accountant."""

from collections.abc import Iterable

from simulator_stripe import StripeSimulator

from .channel import Channel
from .company import Company
from .connect import Backend, fill_in, start
from .rpc import Odoo

EVENTS = ("*",)


def connect_stripe(
    odoo: Odoo, company: Company, simulator: StripeSimulator, name: str, url: str = "",
    patience: int | None = None,
) -> Backend:  # fmt: skip
    """Create a backend for a Stripe account, make its endpoint, start it and set up its accounts.

    ``url`` is where the account reaches Odoo, if not by the address that the form shows;
    ``patience`` is that of ``book``.
    """
    values = {
        "name": name, "provider": "stripe", "company_id": company.id,
        "owner_id": odoo.context["uid"],
    }  # fmt: skip
    backend = odoo.create("retail.backend", values, **company.context)
    shown = odoo.read("retail.backend", [("id", "=", backend)], "webhook_url")[0]["webhook_url"]
    hook = url + shown[shown.index("/retail/") :] if url else shown
    made = simulator.webhooks.create({"url": hook, "enabled_events": list(EVENTS)})
    secrets = {"api_key": simulator.key.value, "webhook_secret": made["secret"]}
    fill_in(odoo, "retail.setting", backend, "value", {"api_url": simulator.base_url})
    fill_in(odoo, "retail.credential", backend, "secret_input", secrets)
    start(odoo, backend, subscribe=False)
    book(odoo, backend, patience)
    return Backend(backend, name, hook)


def book(odoo: Odoo, backend: int, patience: int | None = None) -> None:
    """Take the accounts that the wizard proposes for a backend's gateways.

    ``patience``: seconds for which a payment waits for its order, if not the usual ones.
    """
    shown = odoo.call("retail.backend", "action_set_up_gateways", [backend])
    odoo.call("retail.gateway.setup", "action_apply", [shown["res_id"]])
    if patience is not None:
        gateways = odoo.search("retail.gateway", [("backend_id", "=", backend)])
        odoo.write("retail.gateway", gateways, {"match_patience": patience})


def invoice_on_delivery(odoo: Odoo, channels: Iterable[Channel]) -> None:
    """Let what is delivered be invoiced."""
    backends = [channel.backend.id for channel in channels]
    odoo.write("retail.backend", backends, {"invoice_policy": "delivery"})
