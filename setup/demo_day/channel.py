"""One shop of the demonstration: its simulator, its company and backend, what it has sent."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from simulator import Manners, Report, ShopifySimulator
from simulator.history import Event, History

from .company import Company
from .connect import Backend, connect
from .goods import Good, stock_up
from .rpc import Odoo
from .world import Brand

# The sender's eight retries take 40 seconds instead of four hours: longer than the outage.
PATIENT = Manners(concurrency=4, time_factor=0.003, max_seconds=90)


@dataclass
class Channel:
    """A shop and everything that belongs to it."""

    brand: Brand
    simulator: ShopifySimulator
    company: Company
    backend: Backend
    reports: list[Report] = field(default_factory=list)

    def send(self, events: Iterable[Event], topics: Iterable[str] | None = None) -> Report:
        """Deliver events over HTTP, misbehaving by seed, and keep the report.

        ``topics`` limits them to some others than the topics of orders.
        """
        report = self.simulator.deliver(self.backend.hook, events, PATIENT, topics)
        self.reports.append(report)
        return report

    def trade(self, orders: int) -> list[History]:
        """Let customers place orders."""
        return self.simulator.shop.trade(orders)

    @property
    def accepted(self) -> set[tuple[str, str]]:
        """Topic and event id of all that was answered 2xx."""
        return {key for report in self.reports for key in report.accepted}


def open_channel(
    odoo: Odoo, brand: Brand, company: Company, simulator: ShopifySimulator
) -> Channel:
    """Bring the shop's goods into the company, and connect the shop."""
    known = [variant for variant in simulator.shop.variants if variant.known]
    stock_up(
        odoo,
        company,
        [
            Good(variant.sku, variant.name, float(variant.price), variant.barcode)
            for variant in known
            if variant.id != simulator.shop.gift_card.id
        ],
    )
    return open_sister(odoo, brand, company, simulator)


def open_sister(odoo: Odoo, brand: Brand, company: Company, simulator: ShopifySimulator) -> Channel:
    """Connect a shop that sells goods which its company has already."""
    return Channel(brand, simulator, company, connect(odoo, company, brand, simulator))
