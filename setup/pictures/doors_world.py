"""What the pictures of the open doors show: a marketplace, a PIM, a subscriber, and two people."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from demo_day.rpc import Odoo

HUB, PIM, CLUB = "Bazaar Marketplace", "Atelier PIM", "Loyalty Club"
COLLEAGUE = "ada.stern"
GOODS = {"LAMP-01": "Lamp", "CHAIR-07": "Chair", "MUG-12": "Mug"}
TIMEOUT = 20
LOOPBACK = {"event_networks": "127.0.0.0/8", "event_plain_http": "1"}


@dataclass(frozen=True)
class Doors:
    """Ids of what the scenes open."""

    hub: int
    pim: int
    club: int


class _Listener(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Take an event, or be out of order."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(503 if self.path.startswith("/broken") else 204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Be silent."""


def listen() -> str:
    """Receive events on loopback until this process ends; return the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Listener)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def open_doors(odoo: Odoo, database: str, settle: Callable[[], object]) -> None:
    """Connect systems without a connector of their own, and let them and two people do things."""
    ada = _colleague(odoo, database)
    doors = Doors(*(_backend(odoo, name) for name in (HUB, PIM, CLUB)))
    _goods(odoo)
    _subscribe(odoo, doors.club, listen())
    _own(odoo, doors.pim)
    hub = _client(odoo, doors.hub, "Bazaar feed", "marketplace", "products:write")
    pim = _client(odoo, doors.pim, "Atelier export", "pim", "prices:write")
    _post(odoo, pim, "products", [_product(*pair) for pair in GOODS.items()])
    settle()
    _post(odoo, pim, "prices", [_price(sku) for sku in GOODS])
    _post(odoo, hub, "products", [_product(*pair, "Bazaar special: ") for pair in GOODS.items()])
    _sell(odoo)
    _ask_for_erasure(ada, doors.hub)
    _configure(odoo, ada, doors.hub)
    settle()


def _colleague(odoo: Odoo, database: str) -> Odoo:
    """Return the session of a second administrator."""
    own = odoo.read("res.users", [("id", "=", odoo.context["uid"])], "company_ids", "company_id")
    groups = ("retail_connector_base.group_administrator", "account.group_account_manager")
    odoo.create(
        "res.users",
        {
            "name": "Ada Stern",
            "login": COLLEAGUE,
            "password": COLLEAGUE,
            "company_id": own[0]["company_id"][0],
            "company_ids": [(6, 0, own[0]["company_ids"])],
            "group_ids": [(4, odoo.reference(name)) for name in groups],
        },
    )
    return Odoo(odoo.url, COLLEAGUE, COLLEAGUE).log_in(database)


def _backend(odoo: Odoo, name: str) -> int:
    backend = odoo.create("retail.backend", {"name": name, "provider": "canonical"})
    odoo.write("retail.backend", backend, {"state": "running"})
    return backend


def _goods(odoo: Odoo) -> None:
    odoo.create_many(
        "product.product",
        [
            {"name": name, "default_code": sku, "is_storable": True, "list_price": 25}
            for sku, name in GOODS.items()
        ],
    )


def _own(odoo: Odoo, pim: int) -> None:
    wizard = odoo.create("retail.ownership.preset", {"backend_id": pim, "preset": "pim"})
    odoo.call("retail.ownership.preset", "action_apply", [wizard])


def _client(odoo: Odoo, backend: int, name: str, role: str, *more: str) -> str:
    """Make an API client with the scopes that its role proposes; return its token."""
    values = {"name": name, "backend_id": backend, "role": role}
    proposed = odoo.call(
        "retail.api.client", "onchange", [], values, ["role"], {"role": {}, "scope_ids": {}}
    )
    scopes = [command[1] for command in proposed["value"].get("scope_ids", [])]
    scopes += odoo.search("retail.api.scope", [("code", "in", more)])
    client = odoo.create("retail.api.client", {**values, "scope_ids": [(6, 0, scopes)]})
    wizard = odoo.create("retail.api.token.wizard", {"client_id": client})
    shown = odoo.call("retail.api.token.wizard", "action_create", [wizard])
    return shown["context"]["default_token"]


def _post(odoo: Odoo, token: str, route: str, items: Sequence[Mapping[str, Any]]) -> None:
    answer = requests.post(
        f"{odoo.url}/retail/v1/{route}",
        data=json.dumps(list(items)),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        timeout=TIMEOUT,
    )
    answer.raise_for_status()


def _product(sku: str, name: str, before: str = "Atelier ") -> dict[str, Any]:
    return {
        "external_id": f"p-{sku}",
        "title": f"{before}{name}",
        "description_html": f"<p>{before}{name}, made by hand.</p>",
        "variants": [{"external_id": f"v-{sku}", "title": name, "sku": sku}],
    }


def _price(sku: str) -> dict[str, Any]:
    return {"external_id": f"price-{sku}", "sku": sku, "currency": "USD", "amount": "27.90"}


def _subscribe(odoo: Odoo, club: int, address: str) -> None:
    """Subscribe one who listens, and one who is out of order."""
    for name, value in LOOPBACK.items():
        odoo.call("ir.config_parameter", "set_param", f"retail_connector.{name}", value)
    orders = odoo.search("retail.event.type", [("code", "like", "retail.order")])
    for name, path in (("Points for orders", "/events"), ("Old mailing tool", "/broken")):
        values = {
            "name": name,
            "backend_id": club,
            "url": address + path,
            "event_type_ids": [(6, 0, orders)],
            "every_order": True,
        }
        made = odoo.create("retail.subscription", values)
        odoo.call("retail.subscription", "action_new_secret", [made])


def _sell(odoo: Odoo) -> None:
    customer = odoo.create("res.partner", {"name": "Ilse Berg", "email": "ilse@example.com"})
    products = odoo.search("product.product", [("default_code", "in", list(GOODS))])
    lines = [(0, 0, {"product_id": product, "product_uom_qty": 1}) for product in products]
    for _number in range(3):
        order = odoo.create("sale.order", {"partner_id": customer, "order_line": lines})
        odoo.call("sale.order", "action_confirm", [order])


def _ask_for_erasure(ada: Odoo, hub: int) -> None:
    for values in (
        {"type": "erase", "email": "ilse@example.com", "reason": "Letter of 3 May, ticket 4711"},
        {"type": "access", "customer_external_id": "c-77", "backend_id": hub,
         "reason": "Ticket 4712"},
    ):  # fmt: skip
        wizard = ada.create("retail.erasure.request", values)
        ada.call("retail.erasure.request", "action_request", [wizard])


def _configure(odoo: Odoo, ada: Odoo, hub: int) -> None:
    """Map words of the marketplace; then the colleague proposes something else."""
    taxes = odoo.search("account.tax", [("type_tax_use", "=", "sale")], limit=2)
    mapping = odoo.create(
        "retail.mapping",
        {"backend_id": hub, "kind": "tax", "external_key": "VAT 19%", "external_label": "VAT 19%"},
    )
    odoo.write(
        "retail.mapping",
        mapping,
        {"tax_id": taxes[0], "change_reason": "Agreed with the accountant on 2 May"},
    )
    dozen = odoo.reference("uom.product_uom_dozen")
    unit = odoo.create(
        "retail.mapping",
        {"backend_id": hub, "kind": "unit", "external_key": "DZ", "external_label": "DZ"},
    )
    odoo.write("retail.mapping", unit, {"uom_id": dozen, "change_reason": "They count in dozens"})
    odoo.write(
        "retail.backend",
        hub,
        {"config_policy": "approve", "stock_buffer": 2, "change_reason": "Ready for production"},
    )
    ada.write(
        "retail.mapping",
        mapping,
        {"tax_id": taxes[-1], "change_reason": "The marketplace changed its tax codes"},
    )
