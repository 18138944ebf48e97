"""A PostgreSQL cluster of the harness's own: it is restarted and cut off without harming others."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from environment import Environment, Failure, stamps, step, templates
from environment.paths import DEV
from environment.postgres import LONGEST_SOCKET, PORT, SETTINGS, USER, Cluster
from environment.process import run, tail

HOME = "pg-faults"


class OwnCluster:
    """Listens on a Unix socket only: whoever wants a port gets a proxy. Each stage has its own."""

    def __init__(self, number: int = 1) -> None:
        # The private cluster knows where the programs are and as whom they may run.
        self._known = Cluster()
        self._name = HOME if number == 1 else f"{HOME}-{number}"
        self._home = DEV / self._name
        self._data, self._sockets = self._home / "data", self._home / "run"
        self._log = self._home / "postgresql.log"
        self.socket = self._sockets / f".s.PGSQL.{PORT}"
        if len(str(self.socket)) > LONGEST_SOCKET:
            raise Failure(f"{self.socket} is too long: set RETAIL_DEV to a shorter path")

    def create(self) -> None:
        """Make the cluster unless there is one; templates of databases stay in it."""
        if (self._data / "PG_VERSION").exists():
            return
        with step("creating the PostgreSQL cluster of the experiments"):
            shutil.rmtree(self._home, ignore_errors=True)
            for folder in (self._home, self._data, self._sockets):
                folder.mkdir(parents=True)
                if self._identity:
                    os.chown(folder, self._identity["user"], self._identity["group"])
            options = ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "-U", USER]
            program = [self._known.programs / "initdb", *options, "-D", self._data]
            run(program, log=f"{self._name}-initdb.log", cwd=self._home, **self._identity)
            with (self._data / "postgresql.conf").open("a") as configuration:
                configuration.write(SETTINGS)

    def become(self, other: "OwnCluster", template: str) -> None:
        """Take over the databases of a cluster that does not run, if not done before.

        ``template`` names what there is in it: installing it once more takes minutes.
        """
        stamp = self._home / "copied"
        if stamps.is_current(stamp, template):
            return
        if self._home.exists():
            self.stop("immediate")
            shutil.rmtree(self._home)
        self._sockets.mkdir(parents=True)
        run(["cp", "-a", other._data, self._data], log=f"{self._name}-copy.log")
        if self._identity:
            for folder in (self._home, self._sockets):
                os.chown(folder, self._identity["user"], self._identity["group"])
        self.start()
        self.export()
        templates.adopt(template)
        self.stop()
        stamps.write(stamp, template)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        listen = f"-k {self._sockets} -c listen_addresses='' -p {PORT}"
        self._control("start", "-l", str(self._log), "-o", listen)

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
        program = [self._known.programs / "pg_ctl", "status", "-D", self._data]
        done = subprocess.run(
            program, capture_output=True, check=False, cwd=self._home, **self._identity
        )
        return done.returncode == 0

    def export(self) -> None:
        """Make this cluster the default of this process and of all that it starts."""
        os.environ.update({"PGHOST": str(self._sockets), "PGPORT": str(PORT), "PGUSER": USER})

    @property
    def _identity(self) -> dict[str, object]:
        return self._known._identity

    def _control(self, action: str, *options: str) -> None:
        programs = self._known.programs
        program = [programs / "pg_ctl", action, "--wait", "--silent", "-D", self._data, *options]
        try:
            run(program, log=f"{self._name}-{action}.log", cwd=self._home, **self._identity)
        except Failure as failure:
            raise Failure(f"{failure}\n{tail(self._log)}") from failure


def prepare(environment: Environment, count: int) -> None:
    """Install our modules in the first cluster, and make the others copies of it."""
    first = OwnCluster()
    with own_cluster(1):
        template = environment.prepare_template()
        first.stop()
    for number in range(2, count + 1):
        OwnCluster(number).become(first, template)


@contextmanager
def own_cluster(number: int) -> Iterator[OwnCluster]:
    """Lend a stage's cluster, running; it becomes the default of this whole process."""
    cluster = OwnCluster(number)
    cluster.create()
    cluster.stop("immediate")  # left behind by a command that was killed
    cluster.start()
    cluster.export()
    try:
        yield cluster
    finally:
        cluster.stop("immediate")
