import logging
import threading
from contextlib import suppress
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from odoo.tests import BaseCase, tagged

from ..providers import (
    AuthenticationError,
    ConfigurationError,
    ConnectorError,
    GateClosedError,
    HttpClient,
    OpenGate,
    RateLimitedError,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
)
from ..providers.http_client import retry_after_seconds


class _Handler(BaseHTTPRequestHandler):
    """Answers /<status> with that status, and misbehaves under some names."""

    def do_GET(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.server.seen.append((self.path, dict(self.headers), self.rfile.read(length)))
        getattr(self, f"_{self.path.strip('/').split('?')[0]}", self._status)()

    do_POST = do_GET

    def _answer(self, status, body=b'{"rate": 0.1}', **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _status(self):
        self._answer(int(self.path.strip("/").split("?")[0]), Retry_After="7")

    def _redirect(self):
        self._answer(302, Location="http://169.254.169.254/")

    def _large(self):
        self._answer(200, b"x" * 4096)

    def _text(self):
        self._answer(200, b"<html>")

    def _hang(self):
        self.server.stop.wait(5)

    def _drop(self):
        self.connection.close()

    def log_message(self, *args):
        pass


class RecordingGate(OpenGate):
    """Remembers who passed."""

    error = None

    def __init__(self):
        self.entered, self.left = [], []

    def enter(self, cost=1.0):
        self.entered.append(cost)
        if self.error:
            raise self.error

    def leave(self, error):
        self.left.append(error)


@tagged("post_install", "-at_install")
class TestHttpClient(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        cls.server.daemon_threads = True
        cls.server.seen, cls.server.stop = [], threading.Event()
        thread = threading.Thread(target=cls.server.serve_forever, daemon=True)
        thread.start()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)
        cls.addClassCleanup(cls.server.stop.set)
        cls.root = f"http://127.0.0.1:{cls.server.server_port}"

    @classmethod
    def _request_handler(cls, session, request, **kwargs):
        """Odoo's tests refuse outgoing requests; ours go to this machine only, through it."""
        from odoo.tests.common import _super_send

        return _super_send(session, request, **kwargs)

    def client(self, **options):
        return HttpClient(correlation_id="corr-1", read_timeout=0.5, **options)

    def ask(self, method, path, **options):
        return self.client().request(method, self.root + path, **options)

    def test_success_has_exact_numbers_and_carries_the_correlation(self):
        self.assertEqual(str(self.ask("GET", "/200").json()["rate"]), "0.1")
        self.assertEqual(self.server.seen[-1][1]["X-Correlation-Id"], "corr-1")

    def test_each_status_has_its_class(self):
        for status, error in (
            (401, AuthenticationError),
            (403, AuthenticationError),
            (404, RejectedError),
            (422, RejectedError),
            (408, TransientError),
            (500, TransientError),
            (503, TransientError),
        ):
            with self.subTest(status=status), self.assertRaises(error):
                self.ask("GET", f"/{status}")

    def test_slow_down_tells_how_long(self):
        with self.assertRaises(RateLimitedError) as caught:
            self.ask("GET", "/429")
        self.assertEqual(caught.exception.retry_after, 7)

    def test_failure_after_sending_is_an_unknown_outcome(self):
        for path in ("/hang", "/drop", "/500", "/409"):
            with self.subTest(path=path), self.assertRaises(UnknownOutcomeError):
                self.ask("POST", path, json={"a": 1})

    def test_what_may_be_repeated_is_merely_transient(self):
        for path in ("/hang", "/drop", "/500", "/409"):
            with self.subTest(path=path), self.assertRaises(TransientError) as caught:
                self.ask("POST", path, json={}, idempotent=True)
            self.assertNotIsInstance(caught.exception, UnknownOutcomeError)

    def test_refused_connection_was_never_sent(self):
        with self.assertRaises(TransientError) as caught:
            self.client().request("POST", "http://127.0.0.1:9/", json={})
        self.assertNotIsInstance(caught.exception, UnknownOutcomeError)

    def test_every_request_passes_the_gate_and_tells_it_how_it_ended(self):
        for path, error in (("/200", None), ("/500", TransientError), ("/404", RejectedError)):
            gate = RecordingGate()
            with suppress(ConnectorError):
                self.client(gate=gate).request("GET", self.root + path, cost=3)
            self.assertEqual(gate.entered, [3])
            self.assertEqual([type(e) for e in gate.left], [error or type(None)])

    def test_a_closed_gate_sends_nothing(self):
        gate, seen = RecordingGate(), len(self.server.seen)
        gate.error = GateClosedError("closed", retry_after=9)
        with self.assertRaises(RateLimitedError) as caught:
            self.client(gate=gate).request("GET", self.root + "/200")
        self.assertEqual((caught.exception.retry_after, gate.left), (9, []))
        self.assertEqual(len(self.server.seen), seen)

    def test_redirects_are_not_followed(self):
        with self.assertRaises(RejectedError):
            self.ask("GET", "/redirect")

    def test_answers_are_bounded(self):
        with self.assertRaises(RejectedError):
            self.client(max_bytes=1000).request("GET", f"{self.root}/large")

    def test_a_page_instead_of_json_is_transient(self):
        with self.assertRaises(TransientError):
            self.ask("GET", "/text").json()

    def test_only_https_leaves_this_machine(self):
        for url in (
            "http://shop.example/",
            "ftp://127.0.0.1/",
            "https://user:pw@shop.example/",
            "file:///etc/passwd",
            "https://",
            "http://127.0.0.1.example/",
            "https://[",
        ):
            with self.subTest(url=url), self.assertRaises(ConfigurationError) as caught:
                self.client().request("GET", url)
            self.assertNotIn("pw", str(caught.exception))

    def test_nothing_secret_is_logged_or_raised(self):
        name = "odoo.addons.retail_connector_base.providers.http_client"
        with (
            self.assertLogs(name, logging.DEBUG) as logs,
            self.assertRaises(RejectedError) as error,
        ):
            self.ask(
                "POST",
                "/404?card=4111111111111111",
                json={"canary": "c4n4ry"},
                headers={"X-Token": "c4n4ry"},
            )
        text = "\n".join(logs.output) + str(error.exception)
        self.assertNotIn("c4n4ry", text)
        self.assertNotIn("4111111111111111", text)

    def test_retry_after_is_seconds_or_a_date(self):
        now = datetime(2026, 4, 2, 12, tzinfo=timezone.utc)
        for value, seconds in (
            ("7", 7),
            ("2.5", 2.5),
            ("-1", 0),
            ("99999999", 3600),
            ("nan", None),
            ("soon", None),
            (None, None),
            ("Thu, 02 Apr 2026 12:00:30 GMT", 30),
        ):
            with self.subTest(value=value):
                self.assertEqual(retry_after_seconds(value, now), seconds)
