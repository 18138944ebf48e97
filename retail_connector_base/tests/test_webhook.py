import socket
from unittest.mock import patch

import psycopg2

from odoo.tests import HttpCase, mute_logger, tagged

from ..controllers.body import MAX_BYTES
from .common import create_backend, offer_sample_provider
from .sample_provider import deletion, headers


@tagged("post_install", "-at_install")
class TestWebhook(HttpCase):
    """The attacks of ``reliability.md`` that reach the front door, over real HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry))
        cls.backend = create_backend(cls.env)
        cls.path = f"/retail/v1/hooks/{cls.backend.key}"

    def _post(self, body, event_id="e1", path=None, **changed):
        sent = {**headers(body, event_id), **changed}
        sent = {name: value for name, value in sent.items() if value is not None}
        return self.url_open(path or self.path, data=body, headers=sent, timeout=20)

    def _messages(self):
        return self.env["retail.inbox.message"].search([("backend_id", "=", self.backend.id)])

    def test_a_signed_event_is_accepted_and_kept(self):
        body = deletion("1")
        answer = self._post(body)
        self.assertEqual(answer.status_code, 202)
        message = self._messages()
        self.assertEqual(
            answer.json(), {"messages": [{"id": message.correlation_id, "duplicate": False}]}
        )
        self.assertEqual(message._raw_body(), body)

    def test_a_duplicate_is_fine_and_has_no_second_row(self):
        first, second = self._post(deletion("1")), self._post(deletion("1"))
        self.assertEqual((first.status_code, second.status_code), (202, 200))
        self.assertTrue(second.json()["messages"][0]["duplicate"])
        self.assertEqual(len(self._messages()), 1)

    def test_the_same_event_with_another_body_is_a_conflict(self):
        self._post(deletion("1"))
        self.assertEqual(self._post(deletion("2")).status_code, 200)
        self.assertEqual(set(self._messages().mapped("state")), {"received", "conflict"})

    def test_an_unknown_topic_is_kept(self):
        answer = self._post(deletion("1"), **{"X-Sample-Topic": "planets/align"})
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self._messages().state, "unsupported")

    def test_what_is_not_signed_is_refused_and_leaves_no_row(self):
        for signature in (None, "", "wrong", "ünï", "AAAA" * 20):
            encoded = signature and signature.encode()
            answer = self._post(deletion("1"), **{"X-Sample-Signature": encoded})
            self.assertEqual(answer.status_code, 401, signature)
            self.assertEqual(answer.json()["status"], 401)
        self.assertFalse(self._messages())

    def test_without_a_secret_nothing_is_accepted(self):
        backend = self.env["retail.backend"].create(
            {"name": "No secret", "provider": "sample", "state": "running"}
        )
        answer = self._post(deletion("1"), path=f"/retail/v1/hooks/{backend.key}")
        self.assertEqual(answer.status_code, 401)

    def test_another_backends_signature_is_refused(self):
        other = create_backend(self.env, secret="another secret of the tests")
        answer = self._post(deletion("1"), path=f"/retail/v1/hooks/{other.key}")
        self.assertEqual(answer.status_code, 401)

    def test_unknown_addresses_are_not_found(self):
        for key in ("x", str(self.backend.id), "'; DROP TABLE retail_backend; --"):
            answer = self._post(deletion("1"), path=f"/retail/v1/hooks/{key}")
            self.assertEqual(answer.status_code, 404, key)

    def test_an_archived_backend_is_not_found(self):
        self.backend.active = False
        self.assertEqual(self._post(deletion("1")).status_code, 404)

    def test_forms_are_refused_before_they_are_parsed(self):
        for mimetype in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            answer = self._post(deletion("1"), **{"Content-Type": mimetype})
            self.assertEqual(answer.status_code, 415, mimetype)

    def test_compressed_bodies_are_refused(self):
        answer = self._post(deletion("1"), **{"Content-Encoding": "gzip"})
        self.assertEqual(answer.status_code, 415)

    def test_a_body_without_length_is_refused(self):
        self.assertEqual(
            self._raw("Transfer-Encoding: chunked\r\n", b"5\r\nhello\r\n0\r\n\r\n"), 411
        )
        self.assertEqual(self._raw("", b""), 411)

    def test_an_oversize_body_is_refused_unread(self):
        self.assertEqual(self._raw(f"Content-Length: {MAX_BYTES + 1}\r\n", b"{"), 413)

    def test_hostile_json_is_kept_and_never_an_error(self):
        bodies = [
            b"[" * 100_000,
            b'{"id": ' + b"9" * 5_000 + b"}",
            b'{"id": NaN}',
            b'{"id": 1, "id": 2}',
            b'{"id": "\\u0000", "kind": "\\ud800"}',
            b"\x00\xff\xfe",
            b"null",
            b'"',
        ]
        for number, body in enumerate(bodies):
            answer = self._post(body, event_id=f"hostile-{number}")
            self.assertEqual(answer.status_code, 202, body[:20])
        self.assertEqual(len(self._messages()), len(bodies))

    def test_only_post_is_offered(self):
        self.assertEqual(self.url_open(self.path, method="GET").status_code, 405)

    @mute_logger("odoo.sql_db")
    def test_what_cannot_be_stored_is_never_acknowledged(self):
        receiver = self.registry["retail.inbox.receiver"]
        with patch.object(receiver, "_store", side_effect=psycopg2.OperationalError("disk full")):
            answer = self._post(deletion("1"))
        self.assertEqual(answer.status_code, 503)
        self.assertIn("Retry-After", answer.headers)

    def test_a_failed_wake_up_does_not_unsay_the_receipt(self):
        drain = self.registry["retail.inbox.drain"]
        with patch.object(drain, "_wake", side_effect=psycopg2.OperationalError("gone")):
            self.assertEqual(self._post(deletion("1")).status_code, 202)

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_a_database_that_is_gone_before_the_controller_is_no_server_error(self):
        gone = psycopg2.OperationalError("server closed the connection unexpectedly")
        http = self.registry["ir.http"]
        asked = [("POST", self.path), ("POST", "/retail/v1/orders"), ("GET", "/retail/health")]
        for method, path in asked:
            with self.subTest(path), patch.object(http, "_pre_dispatch", side_effect=gone):
                answer = self.url_open(path, method=method)
                self.assertEqual(answer.status_code, 503)
                self.assertIn("Retry-After", answer.headers)

    def test_a_forged_host_or_database_reaches_nothing_else(self):
        answer = self._post(deletion("1"), **{"X-Odoo-Database": "postgres"})
        self.assertIn(answer.status_code, (202, 403, 404, 503))
        answer = self._post(deletion("2"), event_id="e2", **{"X-Forwarded-Host": "evil.example"})
        self.assertEqual(answer.status_code, 202)

    def test_an_uninstalled_provider_is_no_server_error(self):
        with patch.object(self.registry["retail.backend"], "_provider_classes", lambda self: {}):
            self.assertEqual(self._post(deletion("1")).status_code, 503)

    def _raw(self, header, body):
        """Send a request by hand and return the status: clients refuse to send such things."""
        address = self.base_url().removeprefix("http://").split(":")
        with (
            self.allow_requests(all_requests=True),
            socket.create_connection((address[0], int(address[1])), timeout=10) as connection,
        ):
            connection.sendall(
                f"POST {self.path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                f"{header}\r\n".encode()
                + body
            )
            answer = connection.makefile("rb").readline()
        return int(answer.split()[1])
