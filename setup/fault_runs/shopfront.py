"""A shop of its own for one run, connected as an administrator does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any
from zlib import crc32

from demo_day.company import Company
from demo_day.connect import Backend, connect
from demo_day.rpc import Odoo
from demo_day.world import BRANDS
from simulator import KINDS, Delivery, Faults, Manners, Report, ShopifySimulator, WebhookSender
from simulator.bucket import Bucket
from simulator.history import Event, History

VARIANTS = 12
# Size and rate of the bucket of points: queries are not what is to be slow here.
POINTS = (20_000, 1_000)
# Retries after 0.3, 0.6, 1.5, 3 ... seconds: longer than anything that an experiment breaks.
PATIENT = Manners(concurrency=6, timeout=10, time_factor=0.005, max_seconds=60)
MANY = replace(PATIENT, concurrency=16)
# Orders that a person has to look at are the demonstration's matter.
UNSOUND = ("unknown_sku", "unmapped_tax", "wrong_tax", "gift_card_sold", "gift_card_tender")
SOUND = tuple(name for name in KINDS if name not in UNSOUND)


@dataclass
class Shopfront:
    """The simulated shop, its backend, and what was answered to its webhooks."""

    simulator: ShopifySimulator
    backend: Backend
    reports: list[Report] = field(default_factory=list)

    def trade(self, orders: int, kinds: Sequence[str] = SOUND) -> list[History]:
        """Let customers place orders."""
        return self.simulator.shop.trade(orders, kinds)

    def deliveries(self, histories: Iterable[History] | None = None) -> list[Delivery]:
        """Return what is sent of some orders (default: all), with the shop's misbehaviour."""
        return self.simulator.plan(self.simulator.shop.events(histories)).deliveries

    def seal(self, event: Event) -> Delivery:
        """Return the webhook of one event."""
        return self.simulator.plan([event], [event.topic]).deliveries[0]

    def send(self, deliveries: Iterable[Delivery], manners: Manners = PATIENT) -> Report:
        """Send webhooks until each is accepted or given up; keep the report."""
        sender = WebhookSender(self.backend.hook, manners, self.simulator.dice)
        report = sender.send(deliveries)
        self.reports.append(report)
        return report

    @property
    def accepted(self) -> set[tuple[str, str]]:
        """Topic and event id of all that was answered 2xx."""
        return {key for report in self.reports for key in report.accepted}

    @property
    def given_up(self) -> list[Delivery]:
        """Genuine webhooks that were refused to the last."""
        return [one for report in self.reports for one in report.given_up if one.intent != "forged"]


def simulator_of(
    name: str, faults: Faults | None = None, since: timedelta = timedelta(hours=1), **options: Any
) -> ShopifySimulator:
    """Return a shop whose trade depends on its name only, and began some time ago."""
    brand = BRANDS[0]
    begin = datetime.now(timezone.utc) - since
    shop = {**brand.shop_options(), **options, "domain": f"{name.replace('_', '-')}.myshopify.com"}
    return ShopifySimulator(
        crc32(name.encode()), faults, brand.app, Bucket(*POINTS),
        start=begin, pace=1.0, variants=VARIANTS, **shop,
    )  # fmt: skip


def connected(odoo: Odoo, company: Company, simulator: ShopifySimulator, name: str) -> Shopfront:
    """Connect a shop that runs already; it is polled only when somebody asks."""
    brand = replace(BRANDS[0], name=name)
    backend = connect(odoo, company, brand, simulator)
    flows = odoo.search("retail.flow", [("backend_id", "=", backend.id)])
    odoo.write("retail.flow", flows, {"interval": 0})
    hook = odoo.url + backend.hook[backend.hook.index("/retail/") :]
    return Shopfront(simulator, replace(backend, hook=hook))


def moved(front: Shopfront, url: str) -> Shopfront:
    """Return a view of a shop whose webhooks go to another server; the reports stay shared."""
    hook = url + front.backend.hook[front.backend.hook.index("/retail/") :]
    return replace(front, backend=replace(front.backend, hook=hook))
