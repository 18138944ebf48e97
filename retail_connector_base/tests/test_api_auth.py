import re
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..decisions.api_token import new_token
from .api import ApiCase, create_client, customer


@tagged("post_install", "-at_install")
class TestApiAuth(ApiCase):
    """Who may call: tokens, scopes, networks, allowance."""

    def _refused(self, **headers):
        return self._call("customers", customer(), **headers)

    def test_every_bad_token_has_the_same_answer(self):
        stranger = new_token().text
        forged = self.token[:-1] + ("A" if self.token[-1] != "A" else "B")
        answers = set()
        for header in (
            None, "", "Bearer", "Bearer ", f"Basic {self.token}", f"Bearer {stranger}", self.token,
            f"Bearer {forged}", "Bearer rc__", "Bearer rc_" + "0" * 16 + "_", "Bearer ünï".encode(),
            f"Bearer {self.token} x", "Bearer " + "x" * 9_000, "Bearer " + self.token.upper(),
            "Bearer ' OR 1=1 --",
        ):  # fmt: skip
            answer = self._refused(Authorization=header)
            self.assertEqual(answer.status_code, 401, header)
            self.assertEqual(answer.headers["WWW-Authenticate"], 'Bearer realm="retail"')
            answers.add(answer.content)
        self.assertEqual(len(answers), 1)
        self.assertFalse(self._messages())

    def test_a_token_ends(self):
        record, now = self.client.token_ids, fields.Datetime.now()
        for ends in (
            lambda: record.write({"expires_at": now - timedelta(seconds=1)}),
            record.action_revoke,
            lambda: self.client.write({"active": False}),
            lambda: self.backend.write({"active": False}),
        ):
            self.assertEqual(self._call("customers", {}).status_code, 422)
            with self.env.cr.savepoint() as savepoint:
                ends()
                self.env.flush_all()
                self.assertEqual(self._refused().status_code, 401)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_former_token_lives_on_while_a_rotation_overlaps(self):
        former = self.client.token_ids
        record, text = former._rotate(overlap_hours=1)
        self.assertEqual(self._call("customers", {}, token=text).status_code, 422)
        self.assertEqual(self._call("customers", {}).status_code, 422)
        self.assertEqual((former.state, former.replaced_by_id), ("ending", record))
        former.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.env.flush_all()
        self.assertEqual(self._refused().status_code, 401)
        self.assertEqual(self._call("customers", {}, token=text).status_code, 422)

    def test_rotating_never_prolongs_the_former(self):
        former = self.client.token_ids
        former.expires_at = soon = fields.Datetime.now() + timedelta(hours=1)
        former._rotate(overlap_hours=24)
        self.assertEqual(former.expires_at, soon)

    def test_the_missing_scope_is_named(self):
        self.client.scope_ids = self.env["retail.api.scope"]._of(["orders:write"])
        answer = self._refused()
        self.assertEqual(answer.status_code, 403)
        self.assertIn("customers:write", answer.json()["detail"])
        self.assertIn('scope="customers:write"', answer.headers["WWW-Authenticate"])
        self.assertFalse(self._messages())

    def test_only_the_allowed_networks_may_call(self):
        for networks, status in (
            ("127.0.0.0/8", 202), ("10.0.0.0/8, ::1\n127.0.0.1", 200), ("192.0.2.1", 403),
            ("2001:db8::/32", 403),
        ):  # fmt: skip
            self.client.networks = networks
            self.env.flush_all()
            self.assertEqual(self._refused().status_code, status, networks)

    def test_a_forged_forwarding_header_opens_no_network(self):
        self.client.networks = "192.0.2.1"
        answer = self._refused(X_Forwarded_For="192.0.2.1", Forwarded="for=192.0.2.1")
        self.assertEqual(answer.status_code, 403)

    def test_every_answer_tells_the_allowance(self):
        self.client.write({"rate_per_minute": 60, "burst": 3})
        answer = self._call("customers", {})
        self.assertEqual(answer.headers["RateLimit-Policy"], '"default";q=60;w=60')
        self.assertRegex(answer.headers["RateLimit"], r'^"default";r=2;t=1$')

    def test_who_calls_too_often_has_to_wait(self):
        self.client.write({"rate_per_minute": 1, "burst": 2})
        answers = [self._call("customers", {}) for _ in range(4)]
        self.assertEqual([answer.status_code for answer in answers], [422, 422, 429, 429])
        self.assertRegex(answers[-1].headers["Retry-After"], r"^(5\d|60)$")
        self.assertIn('"default";r=0;', answers[-1].headers["RateLimit"])
        _other, token = create_client(self.env, backend_id=self.backend.id, name="Other")
        self.assertEqual(self._call("customers", {}, token=token).status_code, 422)

    def test_the_last_use_is_noted_once_a_minute(self):
        record = self.client.token_ids
        self.assertFalse(record.last_used_at)
        self._call("customers", {})
        record.invalidate_recordset()
        first = record.last_used_at
        self.assertTrue(first)
        record.last_used_at = earlier = first - timedelta(seconds=30)
        self.env.flush_all()
        self._call("customers", {})
        record.invalidate_recordset()
        self.assertEqual(record.last_used_at, earlier)
        self.assertEqual(self.client.last_used_at, earlier)

    def test_another_backends_messages_are_their_own(self):
        _other, token = create_client(self.env)
        self._call("customers", customer())
        answer = self._call("customers", customer(), token=token)
        self.assertEqual(answer.status_code, 202)
        self.assertEqual(len(self._messages()), 1)

    def test_a_token_is_kept_as_a_digest_only(self):
        record = self.client.token_ids
        secret = self.token.rpartition(record.public_id + "_")[2]
        self.env.flush_all()
        self.env.cr.execute("SELECT to_jsonb(t)::text FROM retail_api_token t")
        rows = " ".join(row[0] for row in self.env.cr.fetchall())
        self.assertNotIn(secret, rows)
        self.assertTrue(re.search(r'"digest": ?"[0-9a-f]{64}"', rows))
