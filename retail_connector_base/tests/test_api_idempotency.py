from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .api import ApiCase, create_client, customer

HEADER = "Idempotency-Replayed"


@tagged("post_install", "-at_install")
class TestApiIdempotency(ApiCase):
    """One answer per Idempotency-Key."""

    def _send(self, body=None, key="k1", route="customers", **headers):
        return self._call(route, body or customer(), Idempotency_Key=key, **headers)

    def _row(self):
        return self.env["retail.api.request"].search([("client_id", "=", self.client.id)])

    def _unanswer(self, lease_seconds):
        """Make the only request one that is being worked on."""
        row = self._row()
        self.env.cr.execute(
            "UPDATE retail_api_request SET status = NULL, answer = NULL, lease_until = "
            "clock_timestamp() AT TIME ZONE 'UTC' + %s * interval '1 second' WHERE id = %s",
            [lease_seconds, row.id],
        )
        row.invalidate_recordset()
        return row

    def test_the_same_request_has_the_same_answer(self):
        first, second = self._send(), self._send()
        self.assertEqual((first.status_code, second.status_code), (202, 202))
        self.assertEqual(first.json(), second.json())
        self.assertEqual(second.headers[HEADER], "true")
        self.assertNotIn(HEADER, first.headers)
        for name in ("Location", "Retail-Schema-Version"):
            self.assertEqual(first.headers[name], second.headers[name])
        self.assertEqual(len(self._messages()), 1)

    def test_a_mixed_batch_has_the_same_answer(self):
        batch = [customer("1"), {}, customer("2")]
        first, second = self._send(batch), self._send(batch)
        self.assertEqual((first.status_code, second.status_code), (207, 207))
        self.assertEqual(first.json(), second.json())

    def test_another_body_or_route_under_the_same_key_is_refused(self):
        self._send()
        for answer in (
            self._send(customer("2")),
            self._send(route="orders"),
            self._send(Retail_Schema_Version="1.0"),
        ):
            self.assertEqual(answer.status_code, 422)
            self.assertIn("key-reused", answer.json()["type"])
        self.assertEqual(len(self._messages()), 1)

    def test_another_client_has_keys_of_its_own(self):
        _other, token = create_client(self.env, backend_id=self.backend.id, name="Other")
        self._send()
        answer = self._send(customer("2"), token=token)
        self.assertEqual(answer.status_code, 202)

    def test_the_same_content_under_another_key_is_another_message(self):
        self.assertEqual(self._send(key="k1").status_code, 202)
        self.assertEqual(self._send(key="k2").status_code, 202)
        self.assertEqual(len(self._messages()), 2)

    def test_what_is_no_key_is_refused(self):
        for key in ("", "a b", "x" * 256, "ünï".encode(), "a\tb"):
            self.assertEqual(self._send(key=key).status_code, 400, key)
        self.assertEqual(self._send(key="!~" + "x" * 253).status_code, 202)

    def test_what_cannot_be_read_does_not_use_up_the_key(self):
        self.assertEqual(self._send(b"{").status_code, 400)
        self.assertEqual(self._send().status_code, 202)

    def test_a_request_that_is_worked_on_asks_to_wait(self):
        self._send()
        self._unanswer(lease_seconds=20)
        answer = self._send()
        self.assertEqual(answer.status_code, 409)
        self.assertLessEqual(int(answer.headers["Retry-After"]), 21)

    def test_a_dead_workers_request_is_taken_over(self):
        first = self._send([customer("1"), customer("2")])
        # As if the worker had died and its lease were over.
        row = self._unanswer(lease_seconds=-1)
        answer = self._send([customer("1"), customer("2")])
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(
            [item["id"] for item in answer.json()["items"]],
            [item["id"] for item in first.json()["items"]],
        )
        row.invalidate_recordset()
        self.assertEqual((row.status, row.fence), (200, 2))
        self.assertEqual(len(self._messages()), 2)

    def test_keys_are_forgotten_after_a_week(self):
        self._send()
        self._row().created_at = fields.Datetime.now() - timedelta(days=8)
        self.env.flush_all()
        self.env["retail.api.request"]._gc_requests()
        self.env.invalidate_all()
        self.assertFalse(self._row())
        self.assertEqual(self._send().status_code, 200)
