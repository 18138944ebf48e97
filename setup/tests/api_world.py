"""What tests of the served API share: a real Odoo, and clients made as an administrator does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from demo_day.api_client import create_token
from demo_day.company import Company, found_companies
from demo_day.rpc import Odoo
from demo_day.world import BRANDS
from environment import Server, ensure

PLENTY = {"rate_per_minute": 1_000_000, "burst": 1_000_000}


@dataclass(frozen=True)
class ApiWorld:
    """A running Odoo; ``odoo`` is its administrator, ``backend`` a canonical one.

    The company sells in Germany, in euros, and has taxes of 19 and 7 %.
    """

    server: Server
    odoo: Odoo
    company: Company
    backend: int

    @property
    def document(self) -> str:
        """The address of the served description."""
        return f"{self.server.url}/retail/v1/openapi.json"

    def token(self, name: str) -> str:
        """Make an API client that may do everything, and return its token."""
        return create_token(self.odoo, self.backend, name, **PLENTY)


@contextmanager
def open_world(name: str) -> Iterator[ApiWorld]:
    """Lend a running Odoo whose canonical backend is at work."""
    environment = ensure()
    with (
        environment.database(name) as database,
        environment.server(database, workers=4, channels="root:2") as server,
    ):
        odoo = Odoo(server.url).log_in(database)
        (company,) = found_companies(odoo, BRANDS[1:])
        values = {"name": "Hub", "provider": "canonical", "warehouse_id": company.warehouse}
        backend = odoo.create("retail.backend", values)
        odoo.write("retail.backend", backend, {"state": "running"})
        yield ApiWorld(server, odoo, company, backend)
