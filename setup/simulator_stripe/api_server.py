"""The API over HTTP, on a free port of the loopback interface."""

import json
import socket
from collections import Counter
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from simulator.faults import Dice

from .account import Account
from .faults import Faults, api_fault
from .forms import decode
from .idempotency import Answer, Keys
from .keys import Key
from .problem import Problem
from .routes import Request, Routes

MAX_BODY = 1_000_000
FORM = "application/x-www-form-urlencoded"
BROKEN: Answer = (500, {"error": {"type": "api_error", "message": "Something went wrong."}})


@dataclass(frozen=True)
class Call:
    """A request as it was made: fields of query and form with their nested names."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    version: str = ""
    key: str = field(default="", compare=False)


class ApiServer(ThreadingHTTPServer):
    """Serves one account until it is closed. ``faults`` may be replaced while it runs."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, account: Account, routes: Routes, key: Key, dice: Dice) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.account, self.routes, self.key = account, routes, key
        self.dice, self.faults, self.keys = dice, Faults(), Keys()
        self.closing, self.answers = Event(), Counter[str]()
        self.calls: list[Call] = []
        self._lock = Lock()
        self._thread = Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def base_url(self) -> str:
        """The address of the API, without a slash at its end."""
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
            return api_fault(self.dice, len(self.calls), self.faults)

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
        """Create or change."""
        self._serve("POST")

    def do_DELETE(self) -> None:
        """Delete."""
        self._serve("DELETE")

    def _serve(self, method: str) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MAX_BODY))
        parts = urlsplit(self.path)
        is_form = self.headers.get("Content-Type", FORM).startswith(FORM)
        call = Call(
            method, parts.path, tuple(parse_qsl(parts.query, keep_blank_values=True)),
            tuple(parse_qsl(body.decode(), keep_blank_values=True)) if is_form else (),
            self.headers.get("Stripe-Version", ""), self.headers.get("Idempotency-Key", ""),
        )  # fmt: skip
        fault = self.server.next_fault(call)
        try:
            self._check(call)
            if fault == "rate_limited":
                raise Problem(429, "rate_limit", "Too many requests.", kept=False)
            if fault == "server_error":
                return self._reply(BROKEN, fault)
            return self._once(call, fault)
        except Problem as problem:
            return self._reply((problem.status, problem.body), str(problem.status))

    def _check(self, call: Call) -> None:
        if not self.server.key.accepts(self.headers.get("Authorization", "")):
            raise Problem(401, "api_key_invalid", "Invalid API Key provided.", kept=False)
        resource = call.path.removeprefix("/v1/").partition("/")[0]
        if resource in self.server.key.refused:
            text = f"The provided key does not have the required permissions for {resource}."
            raise Problem(403, "more_permissions_required", text, kept=False)

    def _once(self, call: Call, fault: str | None) -> None:
        """Carry a request out, unless its key was answered before."""
        key = call.key if call.method == "POST" else ""
        if key:
            known = self.server.keys.begin(key, call)
            if known:
                return self._reply(known, str(known[0]), {"Idempotent-Replayed": "true"})
        answer = self._carry_out(call, key)
        if fault == "accept_then_fail":
            answer = BROKEN
        if fault == "hang":
            self.server.closing.wait(self.server.faults.hang_seconds)
        if key:
            self.server.keys.finish(key, answer)
        return self._reply(answer, fault or str(answer[0]))

    def _carry_out(self, call: Call, key: str) -> Answer:
        request = Request(decode(call.query), decode(call.form))
        try:
            return 200, self.server.routes.answer(call.method, call.path, request)
        except Problem as problem:
            if problem.kept:
                return problem.status, problem.body
            if key:
                self.server.keys.forget(key)
            raise

    def _reply(self, answer: Answer, name: str, headers: dict[str, str] | None = None) -> None:
        self.server.count(name)
        content = json.dumps(answer[1]).encode()
        self.send_response(answer[0])
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if answer[0] == 429:
            self.send_header("Retry-After", f"{self.server.faults.retry_after:.0f}")
        for header, value in (headers or {}).items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(content)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Override: the account's own time."""
        return format_datetime(self.server.account.clock(), usegmt=True)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent: answers are counted instead."""
