"""The Admin API over HTTP, on a free port of the loopback interface."""

import json
import socket
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qsl

from .faults import Dice, Faults
from .graph.engine import Engine, mutates
from .settings import API_VERSION
from .tokens import Tokens
from .uploads import file_of

MAX_BODY, MAX_UPLOAD = 1_000_000, 20_000_000
GRAPHQL = f"/admin/api/{API_VERSION}/graphql.json"
TOKEN = "/admin/oauth/access_token"
UNAUTHORIZED = {
    "errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"
}


class ApiServer(ThreadingHTTPServer):
    """Serves one shop until it is closed. ``faults`` may be replaced while it runs."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, engine: Engine, tokens: Tokens, faults: Faults, dice: Dice) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.engine, self.tokens, self.faults, self.dice = engine, tokens, faults, dice
        self.closing, self.answers = Event(), Counter[str]()
        self._number, self._lock = 0, Lock()
        self.paused: str | None = None
        engine.shop.uploads.base_url = self.base_url
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

    def next_number(self) -> int:
        """Return the number of the next request, on which its fate depends."""
        with self._lock:
            self._number += 1
            return self._number

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
        """Answer with a file that was uploaded; nothing else can be read by GET."""
        target = self.server.engine.shop.uploads.target(self.path)
        if self._paused():
            return
        if target is None or target.content is None:
            return self._answer(404, {"errors": "Not Found"})
        self._send(200, target.content, target.mime_type)

    def do_PUT(self) -> None:
        """Take an upload."""
        if not self._paused():
            self._upload()

    def _upload(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_UPLOAD:
            self.close_connection = True
            return self._answer(413, {"errors": "Request Entity Too Large"})
        kind, content = self.headers.get("Content-Type", ""), self.rfile.read(length)
        if kind.startswith("multipart/"):
            content = file_of(kind, content)
        known = content and self.server.engine.shop.uploads.put(self.path, content)
        return self._answer(201 if known else 404, {} if known else {"errors": "Not Found"})

    def _paused(self) -> bool:
        """Turn a request away while the shop is out of order."""
        how = self.server.paused
        if how is None:
            return False
        self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MAX_UPLOAD))
        self.close_connection = True
        self.server.count("paused")
        if how == "unavailable":
            self._answer(503, {"errors": "Service Unavailable"}, {"Connection": "close"})
        return True

    def do_POST(self) -> None:
        """Answer a token request or a query."""
        if self._paused():
            return None
        if self.path.startswith("/uploads/"):
            return self._upload()
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            return self._answer(413, {"errors": "Request Entity Too Large"})
        body = self.rfile.read(length)
        if self.path == TOKEN:
            return self._answer(*self.server.tokens.grant(self._form(body)))
        if self.path != GRAPHQL:
            return self._answer(404, {"errors": "Not Found"})
        if not self.server.tokens.valid(self.headers.get("X-Shopify-Access-Token", "")):
            return self._answer(401, UNAUTHORIZED)
        number = self.server.next_number()
        if not self._misbehave(self.server.dice.api_fault(number, self.server.faults)):
            self._query(body, number)
        return None

    def _form(self, body: bytes) -> dict[str, Any]:
        try:
            if "json" in self.headers.get("Content-Type", ""):
                values = json.loads(body)
                return values if isinstance(values, dict) else {}
            return dict(parse_qsl(body.decode()))
        except ValueError:
            return {}

    def _query(self, body: bytes, number: int) -> None:
        try:
            request = json.loads(body)
            query, variables = request["query"], request.get("variables")
        except (ValueError, KeyError, TypeError, AttributeError):
            return self._answer(400, {"errors": {"query": "Required parameter missing or invalid"}})
        engine, dice, faults = self.server.engine, self.server.dice, self.server.faults
        engine.effects.begin_request()
        if not mutates(query):
            return self._answer(200, engine.answer(query, variables))
        hurried = dice.hits("stale_quantities", number, faults.stale_quantities)
        with engine.hurried_customer(dice.rng("customer", number) if hurried else None):
            answer = engine.answer(query, variables)
        if self._lose(number, dice.mutation_fault(number, faults)):
            return None
        self._answer(200, answer)
        return engine.effects.acknowledge()

    def _lose(self, number: int, fault: str | None) -> bool:
        """Fail after a mutation has been carried out; true when the answer was lost."""
        if fault is None:
            return False
        self.server.count(fault)
        if fault == "error_after_effect":
            self._answer(500, {"errors": "Internal Server Error"})
        elif self.server.dice.hits("hangs", number, 0.5):
            self.server.closing.wait(self.server.faults.hang_seconds)
        self.close_connection = True
        return True

    def _misbehave(self, fault: str | None) -> bool:
        """Do what the fault demands; true when there is nothing left to answer."""
        if fault is None:
            return False
        self.server.count(fault)
        faults = self.server.faults
        if fault == "hang":
            return self.server.closing.wait(faults.hang_seconds)
        if fault == "disconnect":
            self.close_connection = True
        elif fault == "throttled":
            self._answer(200, self.server.engine.throttled())
        elif fault == "throttle_storm":
            self.server.engine.bucket.storm(faults.storm_seconds)
            return False
        elif fault == "token_expired":
            if not self.server.tokens.expire(self.headers.get("X-Shopify-Access-Token", "")):
                return False
            self._answer(401, UNAUTHORIZED)
        elif fault == "conflict":
            self._answer(409, {"errors": "Conflict"})
        elif fault == "rate_limited":
            headers = {"Retry-After": f"{faults.retry_after:.1f}"}
            self._answer(429, {"errors": "Exceeded rate limit"}, headers)
        else:
            self._answer(503, {"errors": "Service Unavailable"})
        return True

    def _answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        content = json.dumps(body, ensure_ascii=False).encode()
        self._send(status, content, "application/json; charset=utf-8", headers)

    def _send(
        self, status: int, content: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> None:
        self.server.count(str(status))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Shopify-API-Version", API_VERSION)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent: answers are counted instead."""
