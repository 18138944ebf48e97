"""A PostgreSQL cluster of the harness's own: it is restarted and cut off without harming others."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from environment import Failure, step
from environment.locks import exclusive
from environment.paths import DEV
from environment.postgres import LONGEST_SOCKET, PORT, SETTINGS, USER, Cluster
from environment.process import run, tail

HOME = DEV / "pg-faults"
DATA = HOME / "data"
SOCKETS = HOME / "run"
SOCKET = SOCKETS / f".s.PGSQL.{PORT}"
LOG = HOME / "postgresql.log"


class OwnCluster:
    """Listens on a Unix socket only: whoever wants a port gets a proxy."""

    def __init__(self) -> None:
        # The private cluster knows where the programs are and as whom they may run.
        self._known = Cluster()
        if len(str(SOCKET)) > LONGEST_SOCKET:
            raise Failure(f"{SOCKET} is too long for a socket: set RETAIL_DEV to a shorter path")

    def create(self) -> None:
        """Make the cluster unless there is one; templates of databases stay in it."""
        if (DATA / "PG_VERSION").exists():
            return
        with step("creating the PostgreSQL cluster of the experiments"):
            shutil.rmtree(HOME, ignore_errors=True)
            for folder in (HOME, DATA, SOCKETS):
                folder.mkdir(parents=True)
                if self._identity:
                    os.chown(folder, self._identity["user"], self._identity["group"])
            options = ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "-U", USER]
            program = [self._known.programs / "initdb", *options, "-D", DATA]
            run(program, log="faults-initdb.log", cwd=HOME, **self._identity)
            with (DATA / "postgresql.conf").open("a") as configuration:
                configuration.write(SETTINGS)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        listen = f"-k {SOCKETS} -c listen_addresses='' -p {PORT}"
        self._control("start", "-l", str(LOG), "-o", listen)

    def restart(self, mode: str) -> None:
        """Stop in a mode of pg_ctl (smart, fast, immediate), and start again."""
        self._control("stop", "-m", mode)
        self.start()

    def stop(self, mode: str = "fast") -> None:
        """Stop the server if it runs."""
        if self.is_running():
            self._control("stop", "-m", mode)

    def is_running(self) -> bool:
        """Tell whether the server runs."""
        program = [self._known.programs / "pg_ctl", "status", "-D", DATA]
        done = subprocess.run(program, capture_output=True, check=False, cwd=HOME, **self._identity)
        return done.returncode == 0

    def export(self) -> None:
        """Make this cluster the default of this process and of all that it starts."""
        os.environ.update({"PGHOST": str(SOCKETS), "PGPORT": str(PORT), "PGUSER": USER})

    @property
    def _identity(self) -> dict[str, object]:
        return self._known._identity

    def _control(self, action: str, *options: str) -> None:
        programs = self._known.programs
        program = [programs / "pg_ctl", action, "--wait", "--silent", "-D", DATA, *options]
        try:
            run(program, log=f"faults-postgres-{action}.log", cwd=HOME, **self._identity)
        except Failure as failure:
            raise Failure(f"{failure}\n{tail(LOG)}") from failure


@contextmanager
def own_cluster() -> Iterator[OwnCluster]:
    """Lend the cluster, running; only one command may break it at a time."""
    with exclusive("faults"):
        cluster = OwnCluster()
        cluster.create()
        cluster.stop("immediate")  # left behind by a command that was killed
        with step("starting the PostgreSQL of the experiments"):
            cluster.start()
        before = {name: os.environ.get(name) for name in ("PGHOST", "PGPORT", "PGUSER")}
        cluster.export()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")
            os.environ.update({name: value for name, value in before.items() if value})
