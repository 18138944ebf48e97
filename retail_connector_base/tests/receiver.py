"""A real HTTP receiver of events that misbehaves as it is told."""

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook

from odoo.tests.common import _super_send


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server = self.server
        server.seen.append((self.path, dict(self.headers), body))
        manner = server.manners.pop(0) if server.manners else server.usual
        answer = getattr(self, f"_{manner}", None)
        answer() if answer else self._answer(int(manner))

    def _answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _redirect(self):
        self._answer(302, Location=f"http://127.0.0.1:{self.server.server_port}/elsewhere")

    def _busy(self):
        self._answer(429, Retry_After="1234")

    def _hang(self):
        self.server.stop.wait(5)

    def _drop(self):
        self.connection.close()

    def _drip(self):
        with suppress(OSError):
            self.wfile.write(b"HTTP/1.1 ")
            while not self.server.stop.wait(0.05):
                self.wfile.write(b"x")

    def _endless(self):
        with suppress(OSError):
            self.send_response(200)
            self.end_headers()
            while not self.server.stop.is_set():
                self.wfile.write(b"x" * 65_536)

    def log_message(self, *args):
        """Be silent."""


class Receiver:
    """Listens on loopback; ``manners`` are taken in turn, then it is as it is ``usual``."""

    def __init__(self):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.seen, self._server.manners = [], []
        self._server.usual, self._server.stop = 200, threading.Event()
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/events"

    def close(self):
        """Stop listening."""
        self._server.stop.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def seen(self):
        """Requests as (path, headers, body)."""
        return self._server.seen

    def misbehave(self, *manners, usual=200):
        """Answer the next requests so: a status, or the name of a manner."""
        self._server.manners[:] = manners
        self._server.usual = usual

    def verified(self, secret):
        """Return what came, each checked with the library that receivers use."""
        return [Webhook(secret).verify(body, headers) for _path, headers, body in self.seen]

    def delivery_ids(self):
        """Return the ids of the deliveries in the order they came."""
        return [
            next(value for name, value in headers.items() if name.lower() == "webhook-id")
            for _path, headers, _body in self.seen
        ]


class ToLoopback:
    """For cases whose requests really leave: to this machine only."""

    @classmethod
    def _request_handler(cls, session, request, **kwargs):
        """Override: Odoo's tests refuse outgoing requests."""
        return _super_send(session, request, **kwargs)
