"""What the experiments play on: a cluster, one database with a company, servers that may break."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from demo_day.company import Company, found_companies
from demo_day.connect import Backend
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
from .processes import Supervisor
from .shopfront import simulator_of

DATABASE, SCRATCH = "retail_faults", "retail_faults_scratch"
IDENTITY = "retail_inbox_message_event_unique"
FAIL_POINTS = "RETAIL_FAIL_POINTS"
WORKERS, CHANNELS = 6, "root:3,root.retail.poll:1"
PUT_AWAY = "UPDATE retail_backend SET paused = true WHERE id = %s"
# A worker that hangs is given up after so many seconds, and one that computes after so many.
STRICT = {"limit_time_real": 6, "limit_time_cpu": 2}


class Stage:
    """One server runs at a time: ``plain``, ``strict``, ``proxied`` or ``scratch``.

    ``strict`` has short limits and a proxy before PostgreSQL, ``proxied`` the proxy alone,
    ``scratch`` a maimed database.
    Experiments ask for the one that they need; a server that does not answer any more is replaced.
    """

    def __init__(
        self, environment: Environment, cluster: OwnCluster, proxy: CommitProxy, number: int
    ) -> None:
        self.environment, self.cluster, self.proxy = environment, cluster, proxy
        self.number = number
        self.charges = Charges(RUN / f"fail-points-{number}")
        self.company: Company
        self.server: Server
        self.odoo: Odoo
        self.name, self._kind, self._stack = self.main_database, "", ExitStack()

    @property
    def main_database(self) -> str:
        """The database that all but the maimed server work on."""
        return f"{DATABASE}_{self.number}"

    def log(self, kind: str) -> Path:
        """Return where a server writes its log."""
        return LOGS / f"server-faults-{kind}-{self.number}.log"

    def use(self, kind: str) -> None:
        """Make sure that a healthy server of a kind runs."""
        if kind == self._kind and self.server.healthy():
            return
        self.close()
        if kind == "scratch":
            self._stack.enter_context(self._scratch())
        self.server = self._stack.enter_context(self._started(kind))
        self.odoo = self.log_in()
        self._kind = kind

    @contextmanager
    def _started(self, kind: str) -> Iterator[Server]:
        env = {FAIL_POINTS: str(self.charges.folder)}
        options: dict[str, Any] = {}
        if kind in ("strict", "proxied"):
            env |= self.proxy.environ
        if kind == "strict":
            options |= STRICT
        with self.environment.server(
            self.name,
            workers=WORKERS,
            channels=CHANNELS,
            env=env,
            options=options,
            log=self.log(kind),
        ) as server:
            try:
                yield server
            finally:
                server.kill()  # all is committed, and waiting for its workers takes seconds

    @contextmanager
    def second(self) -> Iterator[Server]:
        """Lend a server beside the one in use; both were made to share the name of their file."""
        own = self.server.configuration
        kept, other = own.read_text(), own.with_suffix(".second.conf")
        env = {FAIL_POINTS: str(self.charges.folder)}
        server = Server(
            self.environment.source, self.name, workers=WORKERS, channels=CHANNELS, env=env,
            log=self.log("second"),
        )  # fmt: skip
        server.configuration = own.rename(other)
        own.write_text(kept)
        try:
            server.start()
            yield server
        finally:
            server.kill()
            other.unlink()

    @contextmanager
    def _scratch(self) -> Iterator[None]:
        """Play on a copy of the database that lacks what keeps events from being stored twice."""
        scratch = f"{SCRATCH}_{self.number}"
        databases.drop(scratch)
        databases.copy(self.main_database, scratch)
        self.name = scratch
        try:
            with databases.connect(scratch) as connection, connection.cursor() as cursor:
                cursor.execute(f"DROP INDEX {IDENTITY}")
            yield
        finally:
            self.name = self.main_database
            databases.drop(scratch)

    def log_in(self) -> Odoo:
        """Return a session of its own."""
        odoo = Odoo(self.server.url).log_in(self.name)
        if hasattr(self, "company"):
            odoo.context["allowed_company_ids"] = [self.company.id]
        return odoo

    @contextmanager
    def supervised(self) -> Iterator["Supervisor"]:
        """Start the server again whenever it ends, as a service manager would."""
        keeper = Supervisor(self.server)
        keeper.start()
        try:
            yield keeper
        finally:
            keeper.stop()

    def close(self) -> None:
        """Stop the server."""
        self._stack.close()
        self._stack, self._kind = ExitStack(), ""

    def put_away(self, backend: Backend) -> None:
        """Stop a run's backend: what is left of it must not disturb the runs that follow."""
        with databases.connect(self.name) as connection, connection.cursor() as cursor:
            cursor.execute(PUT_AWAY, [backend.id])

    def database(self) -> Database:
        """Open a connection past every proxy."""
        return Database(self.name)

    def furnish(self) -> None:
        """Found the company and bring the goods that every shop sells into it."""
        self.use("plain")
        with step(f"stage {self.number}: Odoo, a company and its goods"):
            self.company = found_companies(self.odoo, BRANDS[:1])[0]
            shop = simulator_of("goods").shop
            goods = [Good(one.sku, one.name, float(one.price), one.barcode) for one in shop.goods]
            stock_up(self.odoo, self.company, goods)


@contextmanager
def opened(environment: Environment, number: int) -> Iterator[Stage]:
    """Lend a furnished stage; stages of different numbers share nothing that breaks."""
    with own_cluster(number) as cluster, CommitProxy(cluster.socket) as proxy:
        stage = Stage(environment, cluster, proxy, number)
        try:
            with step(f"stage {number}: database"):
                environment.create_database(stage.main_database)
                put_off_night_work(stage.main_database)
            stage.furnish()
            yield stage
        finally:
            stage.close()
            if cluster.is_running():
                databases.drop(stage.main_database)
            else:
                say("   PostgreSQL does not run; the database is left")
