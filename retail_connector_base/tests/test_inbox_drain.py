from unittest.mock import patch

from psycopg2 import errors

from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError

from ..decisions.problem import MissingParentError
from ..models.retail_inbox_drain import LOCK_SPACE
from .common import CommittedCase
from .sample_provider import received


@tagged("post_install", "-at_install")
class TestInboxDrain(CommittedCase):
    """The races of ``queues.md``, each with real cursors."""

    def _receive(self, *messages):
        with self.committed() as env:
            for message in messages:
                env["retail.inbox.receiver"]._store(self.backend_id, 1, message, "webhook")
                env.cr.commit()

    def _drain(self):
        with self.committed() as env:
            env["retail.inbox.drain"]._job_drain(self.backend_id, 0)

    def _wake(self):
        with self.committed() as env:
            env["retail.inbox.drain"]._wake(self.backend_id, 0)

    def _set_job_state(self, state):
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE queue_job SET state = %s WHERE identity_key LIKE %s",
                [state, f"retail.inbox.drain:{self.backend_id}:%"],
            )

    # Effects

    def test_a_message_has_its_effect_once(self):
        self._receive(received("1"), received("2"))
        self._drain()
        self._drain()
        self.assertEqual(self.states(), ["done", "done"])
        self.assertEqual(self.tombstones(), ["1", "2"])

    def test_an_entitys_messages_are_imported_in_order_of_arrival(self):
        seen = []
        importer = self.registry["retail.importer.deletion"]
        original = importer._delete

        def note(model, backend, item):
            seen.append(item.message_id)
            return original(model, backend, item)

        self._receive(*(received("1", event_id=f"e{n}", second=n) for n in range(5)))
        with patch.object(importer, "_delete", note):
            self._drain()
        self.assertEqual(seen, sorted(seen))
        self.assertEqual(len(seen), 5)

    def test_a_blocked_entity_does_not_block_its_lane(self):
        self._receive(received("1", "a"), received("1", "b"), received("2", "c"))
        with self._failing_on("1", ValueError("boom")):
            for _attempt in range(6):
                self._drain()
                self._make_due()
        self.assertEqual(self.states(), ["blocked", "received", "done"])

    def test_a_culprit_is_told_from_its_batch(self):
        self._receive(*(received(str(n)) for n in range(10)))
        with self._failing_on("7", ValueError("boom")):
            self._drain()
        self.assertEqual(self.states().count("done"), 9)
        self.assertEqual(self.states()[7], "retry")

    def test_a_failing_message_leaves_no_effect(self):
        self._receive(received("1"))
        with self._failing_on("1", ValueError("boom"), after=True):
            self._drain()
        self.assertEqual(self.tombstones(), [])

    def test_what_cannot_be_understood_is_quarantined_and_shown(self):
        self._receive(received("1"))
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE retail_inbox_message SET body = 'e30=' WHERE backend_id = %s",
                [self.backend_id],
            )
        self._drain()
        self.assertEqual(self.states(), ["quarantined"])
        with self.committed() as env:
            exception = env["retail.exception"].search([("backend_id", "=", self.backend_id)])
            self.assertEqual(exception.state, "open")

    def test_replay_after_the_fix_resolves_the_exception(self):
        self._receive(received("1"))
        with self._failing_on("1", ValueError("boom")):
            for _attempt in range(5):
                self._drain()
                self._make_due()
        self.assertEqual(self.states(), ["blocked"])
        with self.committed() as env:
            env["retail.inbox.message"].search([("backend_id", "=", self.backend_id)])._replay()
        self._drain()
        self.assertEqual(self.states(), ["done"])
        with self.committed() as env:
            exception = env["retail.exception"].search([("backend_id", "=", self.backend_id)])
            self.assertEqual(exception.state, "resolved")

    def test_a_child_waits_for_its_parent_and_wakes_by_itself(self):
        self._receive(received("child"))
        with self._failing_on("child", MissingParentError("thing:parent")):
            self._drain()
        self.assertEqual(self.states(), ["waiting"])
        self._receive(received("parent"))
        self._drain()
        self._drain()
        self.assertEqual(self.states(), ["done", "done"])

    def test_a_parent_that_never_comes_is_shown(self):
        self._receive(received("child"))
        with self._failing_on("child", MissingParentError("thing:parent")):
            self._drain()
        with self.registry.cursor() as cr:
            cr.execute("UPDATE retail_inbox_message SET waiting_until = '2020-01-01'")
        with self.committed() as env:
            env["retail.inbox.sweeper"]._sweep()
        self.assertEqual(self.states(), ["blocked"])

    # Waking

    def test_a_job_not_yet_started_is_enough(self):
        self._wake()
        self._wake()
        self.assertEqual(self.jobs(), ["pending"])
        self._set_job_state("enqueued")
        self._wake()
        self.assertEqual(self.jobs(), ["enqueued"])

    def test_a_started_job_may_have_missed_the_message(self):
        self._wake()
        self._set_job_state("started")
        self._wake()
        self.assertEqual(self.jobs(), ["started", "pending"])

    def test_a_busy_lane_calls_the_job_back(self):
        self._receive(received("1"))
        with self.registry.cursor() as cr:
            cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, self.backend_id * 64])
            with self.assertRaises(RetryableJobError) as caught:
                self._drain()
        self.assertTrue(caught.exception.ignore_retry)
        self.assertEqual(self.states(), ["received"])

    def test_a_claim_on_an_old_snapshot_is_run_again(self):
        self._receive(received("1"), received("2"))
        drain = self.registry["retail.inbox.drain"]
        original, raised = drain._claim, []

        def claim(model, *args):
            if not raised:
                model.env.cr.execute("SELECT 1")
                with self.registry.cursor() as other:
                    other.execute("UPDATE retail_inbox_message SET attempts = 0")
                raised.append(True)
            return original(model, *args)

        with patch.object(drain, "_claim", claim):
            self._drain()
        self.assertEqual(self.states(), ["done", "done"])

    def test_a_faster_lane_is_no_failure(self):
        self._receive(received("1"), received("2"))
        sizes = []
        importer = self.registry["retail.importer.deletion"]
        original = importer._import_batch

        def import_batch(model, backend, items):
            sizes.append(len(items))
            if len(sizes) == 1:
                raise errors.UniqueViolation("made by another lane")
            return original(model, backend, items)

        with patch.object(importer, "_import_batch", import_batch):
            self._drain()
        self.assertEqual(sizes, [2, 2])
        self.assertEqual(self.states(), ["done", "done"])

    def test_a_message_that_always_violates_an_index_does_not_hold_its_lane(self):
        self._receive(received("1"), received("2"))
        with self._failing_on("1", errors.UniqueViolation("for ever")):
            self._drain()
        self.assertEqual(self.states(), ["retry", "done"])

    def test_a_lost_connection_is_tried_again(self):
        self._receive(received("1"))
        with (
            patch.object(
                self.registry["retail.inbox.processor"],
                "_process",
                side_effect=errors.OperationalError("server closed the connection"),
            ),
            self.assertRaises(RetryableJobError),
        ):
            self._drain()
        self._drain()
        self.assertEqual(self.states(), ["done"])

    def test_the_sweeper_wakes_what_nobody_woke(self):
        self._receive(received("1"))
        with self.committed() as env:
            env["retail.inbox.sweeper"]._sweep()
        self.assertEqual(self.jobs(), ["pending"])

    def test_a_paused_backend_keeps_its_messages(self):
        self._receive(received("1"))
        with self.committed() as env:
            env["retail.backend"].browse(self.backend_id).action_pause()
        self._drain()
        self.assertEqual(self.states(), ["received"])
        with self.committed() as env:
            env["retail.backend"].browse(self.backend_id).action_resume()
        self._drain()
        self.assertEqual(self.states(), ["done"])

    def test_a_paused_flow_keeps_its_messages(self):
        self._receive(received("1"))
        with self.committed() as env:
            env["retail.backend"].browse(self.backend_id).flow_ids.action_pause()
        self._drain()
        self.assertEqual(self.states(), ["received"])

    # Crashes

    def test_messages_of_a_killed_worker_are_taken_one_by_one(self):
        self._receive(received("1"), received("2"))
        self._die_while_importing()
        sizes = []
        processor = self.registry["retail.inbox.processor"]
        original = processor._process

        def note(model, messages):
            sizes.append(len(messages))
            return original(model, messages)

        with patch.object(processor, "_process", note):
            self._drain()
        self.assertEqual(sizes, [1, 1])
        self.assertEqual(self.states(), ["done", "done"])

    def test_poison_is_blocked_after_three_crashes(self):
        self._receive(received("1"))
        for _crash in range(3):
            self._die_while_importing()
            with self.committed() as env:
                env["retail.inbox.lane"]._suspects(self.backend_id, 0)
        self._drain()
        self.assertEqual(self.states(), ["received"])
        with self.committed() as env:
            env["retail.inbox.sweeper"]._sweep()
        self.assertEqual(self.states(), ["blocked"])

    def _die_while_importing(self):
        """Leave behind what a worker leaves that is killed: its note, and nothing else."""
        with self.committed() as env:
            messages = env["retail.inbox.drain"]._claim(self.backend_id, 0)
            env["retail.inbox.lane"]._begin(self.backend_id, 0, messages.ids)

    def _make_due(self):
        with self.registry.cursor() as cr:
            cr.execute("UPDATE retail_inbox_message SET next_attempt_at = NULL")

    def _failing_on(self, external_id, error, after=False):
        """Let the importer fail on one entity."""
        importer = self.registry["retail.importer.deletion"]
        original = importer._delete

        def delete(model, backend, item):
            if item.canonical.external_id != external_id:
                return original(model, backend, item)
            if after:
                original(model, backend, item)
            raise error

        return patch.object(importer, "_delete", delete)
