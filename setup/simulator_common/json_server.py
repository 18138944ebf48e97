"""An API of JSON over HTTP, on a free port of the loopback interface."""

import json
import socket
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from simulator.faults import Dice

from .trouble import Trouble

MAX_BODY = 10_000_000
Answer = tuple[int, Any]


class Refusal(Exception):
    """Why a request is refused: a status, and the content that says so."""

    def __init__(self, status: int, content: Any) -> None:
        super().__init__(str(content))
        self.status, self.content = status, content


@dataclass(frozen=True)
class Call:
    """A request as it was made, its headers by lower-case name."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class JsonServer(ThreadingHTTPServer):
    """Answers until it is closed. ``trouble`` may be replaced while it runs.

    ``answer`` gets every request that ``check`` lets through; both raise ``Refusal``. ``broken`` is
    the content of a failure of its own, ``busy`` of a refusal to work so fast.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, answer: Callable[[Call], Any], check: Callable[[Call], None],
        clock: Callable[[], datetime], dice: Dice, broken: Any, busy: Any,
    ) -> None:  # fmt: skip
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer, self.check, self.clock = answer, check, clock
        self.dice, self.trouble = dice, Trouble()
        self.broken, self.busy = broken, busy
        self.closing, self.answers = Event(), Counter[str]()
        self.calls: list[Call] = []
        self.exchanges: list[tuple[Call, int, Any]] = []
        self._lock = Lock()
        self._thread = Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def base_url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Stop; hanging answers are given up."""
        self.closing.set()
        self.shutdown()
        self.server_close()
        self._thread.join(5)

    def next_fault(self, call: Call) -> str | None:
        """Note a request and return what goes wrong with it."""
        with self._lock:
            self.calls.append(call)
            return self.trouble.of_call(self.dice, len(self.calls))

    def note(self, call: Call, name: str, status: int, content: Any) -> None:
        """Note an answer, by its status or fault."""
        with self._lock:
            self.answers[name] += 1
            self.exchanges.append((call, status, content))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are no news."""
        with self._lock:
            self.answers["aborted"] += 1


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = 60
    server: JsonServer

    def setup(self) -> None:
        """Answer at once: headers and body are two packets that must not wait for each other."""
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_GET(self) -> None:
        """Read."""
        self._serve("GET")

    def do_POST(self) -> None:
        """Create, change or search."""
        self._serve("POST")

    def do_PUT(self) -> None:
        """Change."""
        self._serve("PUT")

    def do_DELETE(self) -> None:
        """Delete."""
        self._serve("DELETE")

    def _serve(self, method: str) -> None:
        call = self._call(method)
        fault = self.server.next_fault(call)
        status, content = self._answer(call, fault)
        if fault == "hang":
            self.server.closing.wait(self.server.trouble.hang_seconds)
        self._reply(call, status, content, fault or str(status))

    def _call(self, method: str) -> Call:
        raw = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MAX_BODY))
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return Call(method, unquote(parts.path), query, json.loads(raw) if raw else None, headers)

    def _answer(self, call: Call, fault: str | None) -> Answer:
        server = self.server
        try:
            server.check(call)
            if fault == "rate_limited":
                return 429, server.busy
            if fault == "server_error":
                return 500, server.broken
            content = server.answer(call)
        except Refusal as refusal:
            return refusal.status, refusal.content
        return (500, server.broken) if fault == "accept_then_fail" else (200, content)

    def _reply(self, call: Call, status: int, content: Any, name: str) -> None:
        self.server.note(call, name, status, content)
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status == 429:
            self.send_header("Retry-After", f"{self.server.trouble.retry_after:.0f}")
        self.end_headers()
        self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Override: the simulated time."""
        return format_datetime(self.server.clock(), usegmt=True)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent: answers are counted instead."""
