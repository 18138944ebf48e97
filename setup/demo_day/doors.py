"""Open doors: systems without a provider of their own call the API, and one hears our events."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from environment import step

from .api_bodies import customer, event, now, order, product
from .api_client import EVENT, EVENTS, ApiCaller, create_token
from .company import Company
from .goods import Good, stock_up
from .rpc import Odoo
from .subscriber import Subscriber, listening

PRICES = {"DOOR-1": Decimal("11.90"), "DOOR-2": Decimal("23.80"), "DOOR-3": Decimal("5.95")}
HEARD = (
    "retail.order.confirmed.v1",
    "retail.order.cancelled.v1",
    "retail.payment.captured.v1",
    "retail.customer.updated.v1",
)
SCOPES = {
    "marketplace": ("orders:write", "customers:write", "messages:read"),
    "pim": ("products:write", "messages:read"),
    "crm": ("customers:write", "messages:read"),
}
SHOPPER = "ada@example.com"


@dataclass
class Doors:
    """What was sent, and by whom. ``orders`` are the marketplace's, in their last state."""

    hub: ApiCaller
    pim: ApiCaller
    crm: ApiCaller
    subscriber: Subscriber
    subscription: int
    products: dict[str, int]
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def expect(self, what: str, found: object, wanted: object) -> None:
        """Note an answer that is not the one that the API promises."""
        if found != wanted:
            self.broken.append(f"{what}: {found} instead of {wanted}")


def open_doors(odoo: Odoo, company: Company, stack: ExitStack, settle: Callable[[], None]) -> Doors:
    """Let a marketplace, a PIM and a CRM send, and a subscriber hear of it."""
    with step("open doors: a marketplace, a PIM, a CRM and a subscriber"):
        doors = _connect(odoo, company, stack)
        _sell(doors)
        _describe(doors)
        settle()
        _consent(doors)
    settle()
    return doors


def _connect(odoo: Odoo, company: Company, stack: ExitStack) -> Doors:
    goods = [Good(sku, sku, float(price), stock=500) for sku, price in PRICES.items()]
    products = stock_up(odoo, company, goods)
    names = {"Marketplace": "marketplace", "PIM": "pim", "CRM": "crm"}
    callers = {name: _system(odoo, company, name, preset) for name, preset in names.items()}
    subscriber = stack.enter_context(listening())
    heard = [callers["Marketplace"].backend, callers["CRM"].backend]
    subscription = _subscribe(odoo, company, subscriber, heard)
    return Doors(*callers.values(), subscriber, subscription, products)


def _backend(odoo: Odoo, company: Company, name: str) -> int:
    values = {
        "name": name,
        "provider": "canonical",
        "company_id": company.id,
        "warehouse_id": company.warehouse,
        "owner_id": odoo.context["uid"],
    }
    backend = odoo.create("retail.backend", values, **company.context)
    odoo.write("retail.backend", backend, {"state": "running"})
    return backend


def _system(odoo: Odoo, company: Company, name: str, preset: str) -> ApiCaller:
    """Make a backend, say what it owns, and give it a token."""
    backend = _backend(odoo, company, name)
    values = {"backend_id": backend, "preset": preset}
    wizard = odoo.create("retail.ownership.preset", values)
    odoo.call("retail.ownership.preset", "action_apply", [wizard])
    token = create_token(odoo, backend, name, SCOPES[preset], role=preset)
    return ApiCaller(odoo.url, token, backend)


def _subscribe(odoo: Odoo, company: Company, subscriber: Subscriber, heard: list[int]) -> int:
    """Let the subscriber hear what happens to orders and customers of some systems."""
    for name, value in (("event_networks", "127.0.0.0/8"), ("event_plain_http", "1")):
        odoo.call("ir.config_parameter", "set_param", f"retail_connector.{name}", value)
    values = {
        "name": "Loyalty",
        "backend_id": _backend(odoo, company, "Loyalty"),
        "url": subscriber.url,
        "event_type_ids": [(6, 0, odoo.search("retail.event.type", [("code", "in", list(HEARD))]))],
        "source_backend_ids": [(6, 0, heard)],
    }
    subscription = odoo.create("retail.subscription", values, **company.context)
    shown = odoo.call("retail.subscription", "action_new_secret", [subscription])
    subscriber.secret = shown["context"]["default_secret_input"]
    return subscription


# The marketplace


def _sell(doors: Doors) -> None:
    _one_by_one(doors)
    _in_a_batch(doors)
    _as_events(doors)


def _place(doors: Doors, number: str, sku: str, quantity: int) -> dict[str, Any]:
    doors.orders[number] = order(number, sku, quantity, PRICES[sku])
    return doors.orders[number]


def _one_by_one(doors: Doors) -> None:
    """The sender lost two answers and asked again; later it uses the key for something else."""
    hub, body = doors.hub, _place(doors, "M-1", "DOOR-1", 2)
    answers = [hub.send("orders", body, Idempotency_Key="day/1") for _attempt in range(3)]
    doors.expect("one order, three times", [a.status_code for a in answers], [202] * 3)
    doors.expect("the repeated answer", answers[2].json(), answers[0].json())
    other = order("M-X", "DOOR-1", 1, PRICES["DOOR-1"])
    reused = hub.send("orders", other, Idempotency_Key="day/1")
    doors.expect("a key for another order", reused.status_code, 422)


def _in_a_batch(doors: Doors) -> None:
    """One of six is not valid; it is corrected and sent alone."""
    batch = [_place(doors, f"M-{n}", "DOOR-2", n % 3 + 1) for n in range(2, 8)]
    wrong = {**batch[3], "currency": "euro"}
    answer = doors.hub.send("orders", [*batch[:3], wrong, *batch[4:]])
    doors.expect("a batch with a bad item", answer.status_code, 207)
    bad = answer.json()["items"][3]
    doors.expect("the bad field", bad["problem"]["errors"][0]["pointer"], "/currency")
    doors.expect("its correction", doors.hub.send("orders", batch[3]).status_code, 202)


def _as_events(doors: Doors) -> None:
    """A batch of events comes twice, one order is cancelled, one comes in binary form."""
    hub = doors.hub
    bodies = [_place(doors, f"M-{n}", "DOOR-3", n % 4 + 1) for n in range(8, 13)]
    events = [event(body, f"placed-{body['external_id']}") for body in bodies]
    doors.expect("events", hub.send("orders", events, EVENTS).status_code, 202)
    doors.expect("the same events", hub.send("orders", events, EVENTS).status_code, 200)
    cancelled = {**bodies[0], "cancelled_at": now(), "updated_at": now()}
    doors.orders["M-8"] = cancelled
    answer = hub.send("orders", event(cancelled, "cancelled-M-8"), EVENT)
    doors.expect("a cancellation", answer.status_code, 202)
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": "placed-M-13",
        "ce_source": "urn:marketplace",
        "ce_type": "order.placed",
    }
    answer = hub.send("orders", _place(doors, "M-13", "DOOR-1", 1), **attributes)
    doors.expect("an event in binary form", answer.status_code, 202)


# The PIM and the CRM


def _describe(doors: Doors) -> None:
    """The PIM tells titles, and prices that nobody asked it for."""
    doors.titles = {sku: f"{sku} of fine wool" for sku in PRICES}
    bodies = [product(f"P-{sku}", sku, title, "999.00") for sku, title in doors.titles.items()]
    doors.expect("products", doors.pim.send("products", bodies).status_code, 202)
    refused = doors.pim.send("orders", doors.orders["M-1"])
    doors.expect("an order of the PIM", refused.status_code, 403)


def _consent(doors: Doors) -> None:
    """The CRM tells of a consent and takes it back; the marketplace says otherwise."""
    for word in ("subscribed", "unsubscribed"):
        body = customer("CRM-1", SHOPPER, word, "CRM")
        doors.expect("a customer", doors.crm.send("customers", body).status_code, 202)
    body = customer("M-C1", SHOPPER, "subscribed", "Marketplace")
    doors.expect("its word", doors.hub.send("customers", body).status_code, 202)
