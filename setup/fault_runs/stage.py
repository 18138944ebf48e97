"""What the experiments play on: a cluster, one database with a company, servers that may break."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psutil

from demo_day.company import Company, found_companies
from demo_day.goods import Good, stock_up
from demo_day.night import put_off_night_work
from demo_day.reading import Database
from demo_day.rpc import Odoo
from demo_day.world import BRANDS
from environment import Environment, Server, databases, say, step
from environment.paths import LOGS, RUN

from .charges import Charges
from .cluster import OwnCluster, own_cluster
from .commits import CommitProxy
from .processes import is_zombie
from .shopfront import Shopfront, simulator_of

DATABASE, SCRATCH = "retail_faults", "retail_faults_scratch"
IDENTITY = "retail_inbox_message_event_unique"
FAIL_POINTS = "RETAIL_FAIL_POINTS"
WORKERS, CHANNELS = 6, "root:3,root.retail.poll:1"
PUT_AWAY = "UPDATE retail_backend SET paused = true WHERE id = %s"
# A worker that hangs is given up after so many seconds, and one that computes after so many.
STRICT = {"limit_time_real": 8, "limit_time_cpu": 4}


class Stage:
    """One server runs at a time: ``plain``, ``strict`` or ``scratch``.

    ``strict`` has short limits and a proxy before PostgreSQL, ``scratch`` a maimed database.
    Experiments ask for the one that they need; a server that does not answer any more is replaced.
    """

    def __init__(self, environment: Environment, cluster: OwnCluster, proxy: CommitProxy) -> None:
        self.environment, self.cluster, self.proxy = environment, cluster, proxy
        self.charges = Charges(RUN / "fail-points")
        self.company: Company
        self.server: Server
        self.odoo: Odoo
        self.name, self._kind, self._stack = DATABASE, "", ExitStack()

    def use(self, kind: str) -> None:
        """Make sure that a healthy server of a kind runs."""
        if kind == self._kind and self.server.healthy():
            return
        self.close()
        if kind == "scratch":
            self._stack.enter_context(self._scratch())
        with step(f"Odoo with workers and job runner ({kind})"):
            self.server = self._stack.enter_context(self._started(kind))
        self.odoo = self._logged_in()
        self._kind = kind

    @contextmanager
    def _started(self, kind: str) -> Iterator[Server]:
        env = {FAIL_POINTS: str(self.charges.folder)}
        options: dict[str, Any] = {}
        if kind == "strict":
            env |= self.proxy.environ
            options |= STRICT
        log = LOGS / f"server-faults-{kind}.log"
        with self.environment.server(
            self.name, workers=WORKERS, channels=CHANNELS, env=env, options=options, log=log
        ) as server:
            yield server

    @contextmanager
    def second(self) -> Iterator[Server]:
        """Lend a server beside the one in use; both were made to share the name of their file."""
        own = self.server.configuration
        kept, other = own.read_text(), own.with_suffix(".second.conf")
        env = {FAIL_POINTS: str(self.charges.folder)}
        log = LOGS / "server-faults-second.log"
        server = Server(
            self.environment.source, self.name, workers=WORKERS, channels=CHANNELS, env=env, log=log
        )
        server.configuration = own.rename(other)
        own.write_text(kept)
        try:
            server.start()
            yield server
        finally:
            server.stop()
            other.unlink()

    @contextmanager
    def _scratch(self) -> Iterator[None]:
        """Play on a copy of the database that lacks what keeps events from being stored twice."""
        databases.drop(SCRATCH)
        databases.copy(DATABASE, SCRATCH)
        self.name = SCRATCH
        try:
            with databases.connect(SCRATCH) as connection, connection.cursor() as cursor:
                cursor.execute(f"DROP INDEX {IDENTITY}")
            yield
        finally:
            self.name = DATABASE
            databases.drop(SCRATCH)

    def _logged_in(self) -> Odoo:
        odoo = Odoo(self.server.url).log_in(self.name)
        if hasattr(self, "company"):
            odoo.context["allowed_company_ids"] = [self.company.id]
        return odoo

    def revive(self, seconds: float = 8) -> bool:
        """Start the server again if it ends within some seconds, as a service manager would.

        Odoo's parent process ends when it finds no PostgreSQL while it replaces a worker.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not psutil.pid_exists(self.server.pid) or is_zombie(self.server.pid):
                self.server.restart()
                return True
            time.sleep(0.2)
        return False

    def close(self) -> None:
        """Stop the server."""
        self._stack.close()
        self._stack, self._kind = ExitStack(), ""

    def put_away(self, front: Shopfront) -> None:
        """Stop a shop's backend: what is left of it must not disturb the runs that follow."""
        with databases.connect(self.name) as connection, connection.cursor() as cursor:
            cursor.execute(PUT_AWAY, [front.backend.id])

    def database(self) -> Database:
        """Open a connection past every proxy."""
        return Database(self.name)

    def furnish(self) -> None:
        """Found the company and bring the goods that every shop sells into it."""
        self.use("plain")
        with step("a company and its goods"):
            self.company = found_companies(self.odoo, BRANDS[:1])[0]
            shop = simulator_of("goods").shop
            goods = [Good(one.sku, one.name, float(one.price), one.barcode) for one in shop.goods]
            stock_up(self.odoo, self.company, goods)


@contextmanager
def opened(environment: Environment) -> Iterator[Stage]:
    """Lend a furnished stage."""
    with own_cluster() as cluster, CommitProxy() as proxy:
        stage = Stage(environment, cluster, proxy)
        try:
            with step("database"):
                environment.create_database(DATABASE)
                put_off_night_work(DATABASE)
            stage.furnish()
            yield stage
        finally:
            stage.close()
            if cluster.is_running():
                databases.drop(DATABASE)
            else:
                say("   PostgreSQL does not run; the database is left")
