"""The REST API over HTTP, on a free port of the loopback interface."""

import json
import socket
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from simulator.faults import Dice

from .faults import Faults, api_fault
from .keys import Keys
from .routes import Reply, Request, Routes, problem

MAX_BODY = 4_000_000
UNAUTHORIZED = problem(
    401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources."
)  # fmt: skip
READ_ONLY = problem(
    401, "woocommerce_rest_authentication_error", "The API key provided does not have write "
    "permissions.",
)  # fmt: skip


class ApiServer(ThreadingHTTPServer):
    """Serves one shop until it is closed. ``faults`` may be replaced while it runs."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, routes: Routes, keys: Keys, dice: Dice) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes, self.keys, self.dice, self.faults = routes, keys, dice, Faults()
        self.closing, self.answers = Event(), Counter[str]()
        self.requests: list[tuple[str, str]] = []
        self._lock = Lock()
        self._thread = Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def base_url(self) -> str:
        """The site's address, without a slash at its end."""
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

    def next_fault(self, method: str, path: str) -> str | None:
        """Note a request and return what goes wrong with it."""
        with self._lock:
            self.requests.append((method, path))
            return api_fault(self.dice, len(self.requests), self.faults)

    def count(self, answer: str) -> None:
        """Count an answer by its status or fault."""
        with self._lock:
            self.answers[answer] += 1

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are no news."""
        self.count("aborted")


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = 60
    server: ApiServer

    def setup(self) -> None:
        """Answer at once: headers and body are two packets that must not wait for each other."""
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_GET(self) -> None:
        """Read."""
        self._serve("GET")

    def do_POST(self) -> None:
        """Create, or change many."""
        self._serve("POST")

    def do_PUT(self) -> None:
        """Change."""
        self._serve("PUT")

    def do_DELETE(self) -> None:
        """Delete."""
        self._serve("DELETE")

    def _serve(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            return self._reply(problem(413, "too_large", "Request Entity Too Large"))
        body, parts = self.rfile.read(length), urlsplit(self.path)
        if parts.path == "/wp-json/":
            return self._reply(self.server.routes.index())
        fault = self.server.next_fault(method, parts.path)
        if fault and fault != "accept_then_fail":
            return self._misbehave(fault)
        reply = self._checked(method, parts.path, dict(parse_qsl(parts.query)), body)
        if fault:
            return self._misbehave(fault)
        return self._reply(reply)

    def _checked(self, method: str, path: str, query: dict[str, str], body: bytes) -> Reply:
        if not self.server.keys.accepts(self.headers.get("Authorization", "")):
            return UNAUTHORIZED
        if method != "GET" and not self.server.keys.may_write:
            return READ_ONLY
        try:
            content = json.loads(body) if body else None
        except ValueError:
            return problem(400, "rest_invalid_json", "Invalid JSON body passed.")
        return self.server.routes.answer(path, Request(method, query, content))

    def _misbehave(self, fault: str) -> None:
        self.server.count(fault)
        faults = self.server.faults
        if fault == "hang":
            self.server.closing.wait(faults.hang_seconds)
            self.close_connection = True
        elif fault == "rate_limited":
            headers = {"Retry-After": f"{faults.retry_after:.0f}"}
            self._reply(Reply(429, {"message": "Too Many Requests"}, headers))
        elif fault == "server_error":
            self._reply(Reply(502, {"message": "Bad Gateway"}))
        else:
            self._reply(problem(500, "internal_server_error", "There has been a critical error."))

    def _reply(self, reply: Reply) -> None:
        content = json.dumps(reply.content).encode()
        self.server.count(str(reply.status))
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (reply.headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent: answers are counted instead."""
