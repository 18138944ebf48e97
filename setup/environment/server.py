"""A real Odoo server: workers, job runner, a port of its own; stopped by the process we started."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from . import configuration
from .console import Failure
from .odoo_source import OdooSource
from .paths import LOGS, VENV
from .process import tail

STARTING = 60.0
STOPPING = 20.0


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Server:
    """Odoo with forked workers on one database.

    ``workers`` are HTTP workers, of which queue_job takes as many as ``channels`` allow: leave
    some for everybody else. ``env`` is added to the environment, ``options`` to the configuration.
    """

    def __init__(
        self,
        source: OdooSource,
        database: str,
        *,
        workers: int = 4,
        channels: str = "root:2",
        port: int | None = None,
        log: Path | None = None,
        env: Mapping[str, str] | None = None,
        options: configuration.Options | None = None,
    ) -> None:
        self.database = database
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log or LOGS / f"server-{database}.log"
        self._env = {**os.environ, **(env or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self.configuration = configuration.write(
            f"server-{database}",
            source,
            channels=channels,
            **{
                # Not with a dbfilter besides: Odoo would ask PostgreSQL for its databases with each
                # request that brings no session, as webhooks do.
                "db_name": database,
                "workers": workers,
                "max_cron_threads": 1,
                "http_port": self.port,
                "gevent_port": free_port(),
                **(options or {}),
            },
        )

    @property
    def pid(self) -> int:
        """The process id of the parent of all workers."""
        assert self._process, "the server was not started"
        return self._process.pid

    def start(self) -> None:
        """Start the server and return when it answers."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        command = [str(VENV / "bin" / "odoo"), "-c", str(self.configuration)]
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._wait_until_healthy()

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + STARTING
        while not self.healthy():
            assert self._process
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise Failure(f"Odoo did not start\n{tail(self.log)}\n(log: {self.log})")
            time.sleep(0.1)

    def healthy(self) -> bool:
        """Tell whether the server answers requests."""
        try:
            with urllib.request.urlopen(f"{self.url}/web/health", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """Ask the server to finish what it is doing, and to end."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOPPING)
            except subprocess.TimeoutExpired:
                pass
        self.kill()

    def kill(self) -> None:
        """End the server and all its workers at once, as a power cut would."""
        if self._process:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # all had ended already
            self._process.wait()

    def restart(self) -> None:
        """Start again after ``stop`` or ``kill``, on the same port."""
        self.stop()
        self.start()
