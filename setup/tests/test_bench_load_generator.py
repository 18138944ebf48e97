"""The load generator sends each request once and reads what it is answered."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from benchmarks.load_generator import fire, request_bytes


class Echo(BaseHTTPRequestHandler):
    """Notes bodies; answers 503 to the body ``no``."""

    seen: list[bytes] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append(body)
        self.send_response(503 if body == b"no" else 202)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_args):
        pass


@pytest.fixture(params=["HTTP/1.0", "HTTP/1.1"])
def url(request, monkeypatch):
    monkeypatch.setattr(Echo, "protocol_version", request.param)
    monkeypatch.setattr(Echo, "seen", [])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hook"
    server.shutdown()
    server.server_close()


def test_every_request_arrives_once(url):
    bodies = [str(number).encode() for number in range(40)]
    fired = fire(url, [request_bytes(url, body, {"X-A": "b"}) for body in bodies], 8)
    assert sorted(Echo.seen) == sorted(bodies)
    assert fired.accepted == len(fired.latencies) == 40
    assert fired.rate > 0


def test_refusals_are_counted_as_such(url):
    fired = fire(url, [request_bytes(url, body, {}) for body in (b"no", b"yes")], 2)
    assert fired.answers == {"503": 1, "202": 1}
    assert fired.accepted == 1


def test_a_server_that_is_away_is_no_error():
    url = "http://127.0.0.1:9/hook"
    fired = fire(url, [request_bytes(url, b"x", {})], 1)
    assert fired.accepted == 0
    assert sum(fired.answers.values()) == 1
