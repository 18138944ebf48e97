import base64
import hashlib
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..decisions.problem import Problem
from ..decisions.receipt import ReceiptStatus
from ..decisions.retention import CLASSES, cutoff
from ..providers.errors import ErrorClass
from .access import create_user
from .common import BackendCase
from .inbox import blocked_message
from .outbox import fulfill
from .sample_provider import deletion, received

LONG_AGO = timedelta(days=91)
REST = ("done", "superseded", "ignored")
NOT_REST = ("received", "retry", "waiting", "blocked", "quarantined", "conflict", "unsupported")


class RetentionCase(BackendCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["retail.retention"]._ensure()

    def policy(self, code, **values):
        found = self.env["retail.retention"].search(
            [("data_class", "=", code), ("company_id", "=", self.backend.company_id.id),
             ("backend_id", "=", False)]
        )  # fmt: skip
        found.write(values)
        return found

    def message(self, state="done", age=LONG_AGO, **values):
        body = deletion("1")
        at = fields.Datetime.now() - age
        return blocked_message(
            self.backend,
            **{
                "state": state,
                "finished_at": at if state in REST else False,
                "received_at": at,
                "body": base64.b64encode(body),
                "body_hash": hashlib.sha256(body).hexdigest(),
                "body_size": len(body),
                "headers": {"x": "y"},
                **values,
            },
        )

    def drop(self, *codes):
        self.env.flush_all()
        count = sum(self.policy(code)._drop_all() for code in codes)
        self.env.invalidate_all()
        return count


@tagged("post_install", "-at_install")
class TestRetention(RetentionCase):
    def test_every_company_has_every_class(self):
        classes = self.env["retail.retention"].search(
            [("company_id", "=", self.backend.company_id.id), ("backend_id", "=", False)]
        )
        self.assertEqual(set(classes.mapped("data_class")), {each.code for each in CLASSES})
        before = len(classes)
        self.env["retail.retention"]._ensure()
        self.assertEqual(len(classes.search([("company_id", "=", self.backend.company_id.id),
                                             ("backend_id", "=", False)])), before)  # fmt: skip

    def test_payloads_at_rest_go_and_identity_stays(self):
        for state in REST:
            message = self.message(state)
            kept = message.body_hash, message.event_id, message.state, message.body_size
            self.assertEqual(self.drop("inbox_payload"), 1)
            self.assertFalse(message.body or message.headers)
            self.assertEqual(message.payload_dropped_why, "retention")
            self.assertEqual(
                (message.body_hash, message.event_id, message.state, message.body_size), kept
            )
            self.assertIn("dropped", message.preview)

    def test_what_is_not_at_rest_or_not_old_keeps_its_payload(self):
        messages = self.env["retail.inbox.message"].union(
            *(self.message(state) for state in NOT_REST),
            self.message("done", LONG_AGO - timedelta(days=2)),
        )
        self.assertEqual(self.drop("inbox_payload", "inbox_unread"), 0)
        self.assertTrue(all(messages.mapped("body_size")) and not any(
            messages.mapped("payload_dropped_at")))  # fmt: skip

    def test_what_nobody_reads_has_a_class_of_its_own(self):
        message = self.message("unsupported", timedelta(days=400))
        self.drop("inbox_unread")
        self.assertTrue(message.payload_dropped_at)

    def test_a_duplicate_is_recognised_after_its_payload_is_gone(self):
        sent = received("1")
        receiver, backend = self.env["retail.inbox.receiver"], self.backend
        receiver._store_page(backend.id, 1, [sent], "webhook")
        stored = self.env["retail.inbox.message"].search([("backend_id", "=", backend.id)])
        self.env["retail.inbox.processor"]._process(stored)
        stored.finished_at = fields.Datetime.now() - LONG_AGO
        self.drop("inbox_payload")
        self.assertTrue(stored.payload_dropped_at)
        values = receiver._insert_values(backend.id, 1, sent, "webhook")
        self.assertIs(receiver._store_again(values).status, ReceiptStatus.DUPLICATE)

    def test_replay_of_a_dropped_payload_is_refused_in_words(self):
        message = self.message()
        self.drop("inbox_payload")
        operator = create_user(self.env, "operator")
        with self.assertRaisesRegex(UserError, "cannot be replayed"):
            message.with_user(operator).action_replay()
        self.assertEqual(message.state, "done")

    def test_what_the_channel_can_tell_again_is_fetched(self):
        message = self.message(kind="order", entity_key="order:7")
        self.drop("inbox_payload")
        from ..providers import Capability

        provider = type(self.backend._provider())
        before = provider.capabilities
        self.addCleanup(setattr, provider, "capabilities", before)
        provider.capabilities = before | {Capability.ORDER_FETCH}
        message.with_user(create_user(self.env, "operator")).action_replay()
        self.assertEqual(message.state, "done")
        entry = self.env["retail.audit"].search([("action", "=", "refetch")], limit=1)
        self.assertEqual(entry.detail["ids"], message.ids)

    def test_batches_are_bounded(self):
        from ..models import retail_retention_drop

        self.patch(retail_retention_drop, "BATCH", 2)
        for _number in range(5):
            self.message()
        self.env.flush_all()
        policy = self.policy("inbox_payload")
        self.assertEqual([policy._drop_batch() for _time in range(4)], [2, 2, 1, 0])

    def test_a_backends_own_policy_counts(self):
        message = self.message(age=timedelta(days=10))
        own = self.env["retail.retention"].create(
            {"backend_id": self.backend.id, "company_id": self.backend.company_id.id,
             "data_class": "inbox_payload", "days": 5}
        )  # fmt: skip
        self.assertEqual(self.drop("inbox_payload"), 0)
        self.env.flush_all()
        self.assertEqual(own._drop_all(), 1)
        self.assertTrue(message.payload_dropped_at)

    def test_an_archived_policy_keeps_for_ever(self):
        message = self.message()
        self.policy("inbox_payload", active=False)
        self.env.flush_all()
        self.startPatcher(self._no_commits())
        self.env["retail.retention"]._run()
        self.assertFalse(message.payload_dropped_at)

    def test_the_cron_drops_and_counts(self):
        message = self.message()
        policy = self.policy("inbox_payload")
        self.assertEqual((policy.kept_count, policy.due_count), (1, 1))
        self.startPatcher(self._no_commits())
        self.env["retail.retention"]._run()
        self.assertTrue(message.payload_dropped_at)
        policy.invalidate_recordset()
        self.assertEqual((policy.kept_count, policy.last_dropped), (0, 1))
        self.assertTrue(policy.next_run_at)

    def _no_commits(self):
        from unittest.mock import patch

        cron = self.registry["ir.cron"]
        return patch.object(cron, "_commit_progress", lambda self, *a, **k: float("inf"))

    def test_commands_keep_their_lines(self):
        command = self.env["retail.outbox.command"]._put(self.backend, fulfill(), "k1")
        before = command.payload["lines"]
        command.write({"state": "done", "done_at": fields.Datetime.now() - LONG_AGO})
        self.assertEqual(self.drop("outbox_payload"), 1)
        self.assertEqual(command.payload["lines"], before)
        self.assertNotIn("trackings", command.payload)
        self.assertTrue(command._command())

    def test_a_command_that_waits_keeps_all(self):
        command = self.env["retail.outbox.command"]._put(self.backend, fulfill(), "k1")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE retail_outbox_command SET write_date = '2020-01-01' WHERE id = %s", command.ids
        )
        self.assertEqual(self.drop("outbox_payload"), 0)

    def test_words_of_closed_exceptions_go(self):
        problem = Problem(ErrorClass.DATA, "x", "1", title="T", cause="Ada", fix_values={"a": 1})
        exceptions = self.env["retail.exception"]
        old, open_one = (
            exceptions._report(self.backend, problem),
            exceptions._report(
                self.backend, Problem(ErrorClass.DATA, "y", "2", title="T", cause="Ada")
            ),
        )
        old._close("resolved", "x")
        old.resolved_at = fields.Datetime.now() - timedelta(days=181)
        self.assertEqual(self.drop("exception_text"), 1)
        self.assertFalse(old.cause or old.fix_values)
        self.assertEqual((old.title, open_one.cause), ("T", "Ada"))

    def test_old_jobs_of_ours_go(self):
        self.env["retail.erasure"]._enqueue(self.env.user, "_job_carry_out", 0)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE queue_job SET state = 'done', date_done = '2020-01-01' "
            "WHERE model_name = 'retail.erasure' RETURNING id"
        )
        jobs = self.env["queue.job"].browse(row[0] for row in self.env.cr.fetchall())
        self.assertGreaterEqual(self.drop("queue_job"), 1)
        self.assertFalse(jobs.exists())

    def test_a_change_is_audited(self):
        self.policy("inbox_payload").with_user(create_user(self.env, "administrator")).days = 30
        entry = self.env["retail.audit"].search([("action", "=", "retention.changed")], limit=1)
        self.assertEqual(entry.detail["days"], 30)

    @mute_logger("odoo.sql_db")
    def test_less_than_a_day_is_refused(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.policy("inbox_payload").days = 0
            self.env.flush_all()
        with self.assertRaises(ValueError):
            cutoff(fields.Datetime.now(), 0)

    def test_only_administrators_change_policies(self):
        policy = self.policy("inbox_payload")
        for role in ("operator", "accountant", "auditor"):
            user = create_user(self.env, role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                policy.with_user(user).days = 1
            with self.subTest(role=role), self.assertRaises(AccessError):
                policy.with_user(user).action_run()
