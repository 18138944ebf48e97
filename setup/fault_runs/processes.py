"""The processes of a server: who runs the jobs, who is whose child. Only ours are ever touched."""

import os
import signal
import time
from contextlib import suppress
from threading import Event, Thread

import psutil

from demo_day.reading import Database
from environment import Server

# Seconds after which Odoo's parent process looks at its workers at the latest.
BEAT = 4.0
# Seconds until another job runner is in charge, at the latest.
TAKEOVER = 30.0
# The lock that a job runner holds while it is the one that works, see queue_job's runner.
RUNNER = """
    SELECT activity.application_name FROM pg_locks lock JOIN pg_stat_activity activity USING (pid)
     WHERE lock.locktype = 'advisory' AND lock.granted
       AND (lock.classid::bigint << 32) + lock.objid::bigint = 2293787760715711918
"""
# Seconds after which who sleeps has stood still for longer than anybody else does.
STANDS = 0.8
# Odoo's pooled sessions do not tell whose they are, but nobody else stands still in a transaction.
STANDING_STILL = """
    SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND state = 'idle in transaction'
       AND state_change < now() - interval '0.5 seconds' ORDER BY xact_start, pid
"""


def children(server: Server) -> set[int]:
    """Return the process ids of a server's workers."""
    with suppress(psutil.NoSuchProcess):
        return {child.pid for child in psutil.Process(server.pid).children(recursive=True)}
    return set()


def is_zombie(pid: int) -> bool:
    """Tell whether a process has ended and nobody has asked for it yet."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def send(server: Server, pid: int, number: signal.Signals) -> bool:
    """Send a signal to a worker of a server; false when it is none, or has ended."""
    if pid not in children(server):
        return False
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


class Supervisor:
    """Starts a server again when its parent process has ended.

    Odoo's parent process ends when it finds no PostgreSQL while it replaces a worker.
    """

    def __init__(self, server: Server) -> None:
        self._server, self._stop = server, Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self._since = time.monotonic()
        self.restarts = 0

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching, but not before Odoo's parent process has looked at its workers again."""
        time.sleep(max(0.0, self._since + BEAT - time.monotonic()))
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.1):
            if not psutil.pid_exists(self._server.pid) or is_zombie(self._server.pid):
                self._server.restart()
                self.restarts += 1


def runner(database: Database) -> int | None:
    """Return the process id of the job runner that is in charge."""
    for (name,) in database.rows(RUNNER):
        return int(name.rpartition("-")[2])
    return None


def wait_for_runner(database: Database, seconds: float, other_than: int | None = None) -> int:
    """Wait until a job runner is in charge; return its process id, 0 when none came."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = runner(database)
        if found and found != other_than:
            return found
        time.sleep(0.1)
    return 0


def standing_still(database: Database) -> list[int]:
    """Return the sessions of the job that sleeps, those that began first before the others.

    Whoever reached the point a moment ago is waited for until he stands still for sure.
    """
    time.sleep(STANDS)
    return [number for (number,) in database.rows(STANDING_STILL)]


def terminate(database: Database, numbers: list[int]) -> None:
    """Let PostgreSQL end some sessions."""
    database.rows("SELECT pg_terminate_backend(number) FROM unnest(%s::int[]) AS number", numbers)
