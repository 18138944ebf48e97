"""A system that hears our events: it verifies each delivery, and is out of order for a while."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

SICK = (503, 500, 503, 500)


@dataclass
class Subscriber:
    """``heard`` are the deliveries that were answered 2xx: their ids with the event, in order.

    The first deliveries get the answers ``sick``, whatever they hold.
    """

    secret: str = ""
    sick: list[int] = field(default_factory=lambda: list(SICK))
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: int = 0
    forged: int = 0
    url: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """Return the status that a delivery is answered with."""
        with self._lock:
            try:
                event = Webhook(self.secret).verify(body, headers)
            except WebhookVerificationError:
                self.forged += 1
                return 401
            if self.sick:
                self.refused += 1
                return self.sick.pop(0)
            self.heard.append((headers["webhook-id"], event))
            return 204


@contextmanager
def listening() -> Iterator[Subscriber]:
    """Lend a subscriber that listens on loopback."""
    subscriber = Subscriber()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(subscriber.take(headers, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Be silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    subscriber.url = f"http://127.0.0.1:{server.server_port}/events"
    try:
        yield subscriber
    finally:
        server.shutdown()
        server.server_close()
