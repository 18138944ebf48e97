"""What the benchmarks play on: a database with one shop connected, copied for every repetition."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo_day.company import Company, found_companies
from demo_day.connect import Backend, connect
from demo_day.goods import Good, stock_up
from demo_day.night import put_off_night_work
from demo_day.rpc import Odoo
from demo_day.world import BRANDS
from environment import Environment, Server, configuration, databases, step
from environment.paths import ROOT
from simulator import ShopifySimulator, sku_names

ADDONS = Path(__file__).parent / "addons"
BARE = "retail_bench_route"
SKUS = 200
WORKERS = 2
# The job workers of the pipeline; the baseline gets as many processes. Polls have a slot beside.
JOB_WORKERS = 2
CHANNELS = f"root:{JOB_WORKERS}"


@dataclass(frozen=True)
class Stage:
    """A prepared database and the shop that its backend belongs to."""

    environment: Environment
    template: str
    simulator: ShopifySimulator
    company: Company
    backend: Backend
    products: dict[str, int]

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        """Lend a fresh copy of the database."""
        database = f"{self.template}_{name}"
        databases.claim(database)
        try:
            databases.copy(self.template, database)
            yield database
        finally:
            databases.drop(database)

    @contextmanager
    def server(self, database: str, jobs: bool = True) -> Iterator[tuple[Server, str]]:
        """Lend Odoo on a database, and the address of the shop's webhooks there.

        HTTP workers are ``WORKERS`` beside those that are busy with jobs.
        """
        workers = WORKERS + (JOB_WORKERS if jobs else 0)
        channels = CHANNELS if jobs else "root:0"
        options = server_options(self.environment)
        with self.environment.server(
            database, workers=workers, channels=channels, options=options
        ) as server:
            yield server, server.url + self.backend.hook[self.backend.hook.index("/retail/") :]


def server_options(environment: Environment) -> dict[str, str]:
    """Return the options under which the bare route is served as well."""
    paths = (ROOT, ADDONS, *environment.source.addons_paths)
    return {
        "addons_path": ",".join(map(str, paths)),
        "server_wide_modules": ",".join([*configuration.server_wide_modules(), BARE]),
    }


@contextmanager
def prepared(environment: Environment) -> Iterator[Stage]:
    """Lend the stage: a company, ``SKUS`` products with stock, a running backend."""
    brand = BRANDS[0]
    simulator = ShopifySimulator(1, app=brand.app, **brand.shop_options())
    with environment.database() as database, simulator:
        put_off_night_work(database)
        options = server_options(environment)
        with (
            step(f"a shop with {SKUS} products"),
            environment.server(database, workers=2, channels="root:0", options=options) as server,
        ):
            odoo = Odoo(server.url).log_in(database)
            company = found_companies(odoo, BRANDS[:1])[0]
            goods = [Good(sku, f"Load product {sku}", 10.0) for sku in sku_names(SKUS)]
            products = stock_up(odoo, company, goods)
            backend = connect(odoo, company, brand, simulator)
            without_polls(odoo, backend)
        yield Stage(environment, database, simulator, company, backend, products)


def without_polls(odoo: Odoo, backend: Backend) -> None:
    """Keep a shop's poll out of the measurement."""
    flows = odoo.search("retail.flow", [("backend_id", "=", backend.id)])
    odoo.write("retail.flow", flows, {"interval": 0})
