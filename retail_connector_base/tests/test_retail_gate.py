import os
import signal
import time
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread
from unittest.mock import patch

from odoo import fields, sql_db
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError

from ..models.retail_gate_keeper import LONGEST_SLEEP, GateKeeper
from ..providers import GateClosedError, RateLimitedError, RejectedError, TransientError
from .access import create_user
from .common import BackendCase, CommittedCase
from .inbox import blocked_message
from .sample_provider import SampleProvider


class NoChance:
    """Chance without spread: openings last as long as they may, waits as long as decided."""

    def uniform(self, low, high):
        return high if high > 2 else low


@tagged("post_install", "-at_install")
class TestGateRace(CommittedCase):
    """Workers share one row, with real cursors and processes."""

    def setUp(self):
        super().setUp()
        self.slept = []

    def keeper(self):
        return GateKeeper(self.registry, self.backend_id, self.slept.append, NoChance())

    def row(self, *names):
        with self.registry.cursor() as cr:
            cr.execute(
                f"SELECT {', '.join(names)} FROM retail_gate WHERE backend_id = %s",
                [self.backend_id],
            )
            return cr.fetchone()

    def break_it(self, times=5):
        for _ in range(times):
            keeper = self.keeper()
            keeper.enter()
            keeper.leave(TransientError("No connection to shop."))

    def half_open(self):
        self.break_it()
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE retail_gate SET open_until = now() AT TIME ZONE 'UTC' - interval '1 s' "
                "WHERE backend_id = %s",
                [self.backend_id],
            )

    def at_once(self, count):
        """Let so many workers enter at the same moment; return who was admitted."""
        barrier, admitted = Barrier(count), []

        def work():
            keeper = self.keeper()
            barrier.wait()
            with suppress(GateClosedError):
                keeper.enter(10)
                admitted.append(keeper)

        threads = [Thread(target=work) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        return admitted

    def test_the_last_token_is_taken_once(self):
        self.keeper().learn(15, 100, 0.001)
        self.assertEqual(len(self.at_once(6)), 1)
        self.assertLess(self.row("available")[0], 6)

    def test_all_who_can_be_served_are_served(self):
        self.keeper().learn(40, 100, 0.001)
        self.assertEqual(len(self.at_once(6)), 4)

    def test_one_probe_only(self):
        self.half_open()
        admitted = self.at_once(6)
        self.assertEqual(len(admitted), 1)
        with self.assertRaises(GateClosedError):
            self.keeper().enter()
        admitted[0].leave(None)
        self.keeper().enter()

    def test_a_killed_probe_blocks_until_its_deadline_only(self):
        self.half_open()
        pid = os.fork()
        if not pid:
            try:
                # Connections must not be shared with the parent.
                sql_db._Pool = None
                self.registry._db = sql_db.db_connect(self.registry.db_name)
                self.keeper().enter()
                os.kill(os.getpid(), signal.SIGKILL)
            finally:
                os._exit(1)
        self.assertEqual(os.WTERMSIG(os.waitpid(pid, 0)[1]), signal.SIGKILL)
        with self.assertRaises(GateClosedError):
            self.keeper().enter()
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE retail_gate SET probe_until = now() AT TIME ZONE 'UTC' "
                "WHERE backend_id = %s",
                [self.backend_id],
            )
        second = self.keeper()
        second.enter()
        second.leave(None)
        self.assertEqual(self.row("open_until", "failures"), (None, 0))

    def test_what_was_learnt_survives_the_callers_rollback(self):
        with self.registry.cursor() as cr:
            cr.execute("SELECT 1 FROM retail_backend")
            self.break_it()
            cr.rollback()
        openings, failure = self.row("openings", "last_failure")
        self.assertEqual((openings, failure), (1, "No connection to shop."))

    def test_a_caller_with_a_lock_on_its_backend_is_not_waited_for(self):
        with self.registry.cursor() as cr:
            cr.execute("UPDATE retail_backend SET name = 'x' WHERE id = %s", [self.backend_id])
            started = time.monotonic()
            self.keeper().enter()
            self.assertLess(time.monotonic() - started, 3)
            cr.rollback()

    def test_a_missing_row_is_made_by_the_first(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM retail_gate WHERE backend_id = %s", [self.backend_id])
        self.assertEqual(len(self.at_once(4)), 4)
        self.assertEqual(self.row("count(*)"), (1,))

    def test_a_backend_that_is_not_committed_is_held_back_by_nothing(self):
        keeper = GateKeeper(self.registry, 2**31 - 1)
        keeper.enter()
        keeper.leave(TransientError("x"))
        keeper.learn(1, 1, 1)

    def test_short_waits_are_slept_long_ones_are_the_queues(self):
        self.keeper().learn(0, 100, 10)
        with self.assertRaises(GateClosedError) as caught:
            self.keeper().enter(50)
        self.assertAlmostEqual(caught.exception.retry_after, 5, delta=0.2)
        self.assertFalse(self.slept)
        keeper = GateKeeper(self.registry, self.backend_id, self.really_sleep, NoChance())
        keeper.enter(5)
        self.assertTrue(0 < sum(self.slept) <= LONGEST_SLEEP)

    def really_sleep(self, seconds):
        self.slept.append(seconds)
        time.sleep(seconds)

    def test_a_rate_limit_stops_the_other_workers(self):
        keeper = self.keeper()
        keeper.enter()
        keeper.leave(RateLimitedError("slow", retry_after=30))
        with self.assertRaises(GateClosedError) as caught:
            self.keeper().enter()
        self.assertAlmostEqual(caught.exception.retry_after, 30, delta=1)

    def test_refusals_do_not_open_the_breaker(self):
        for _ in range(8):
            keeper = self.keeper()
            keeper.enter()
            keeper.leave(RejectedError("no"))
        self.assertEqual(self.row("coalesce(failures, 0)", "open_until"), (0, None))

    def test_a_lost_database_does_not_spoil_an_answer(self):
        keeper = self.keeper()
        keeper.enter()
        lost = sql_db.psycopg2.OperationalError("gone")
        with (
            patch.object(type(self.registry), "cursor", side_effect=lost),
            self.assertLogs("odoo.addons.retail_connector_base.models.retail_gate_keeper"),
        ):
            keeper.leave(None)

    def press(self, action):
        """Press a button as an administrator does; return the state he sees afterwards."""
        with self.committed() as env:
            getattr(env["retail.backend"].browse(self.backend_id).gate_ids, action)()
        with self.committed() as env:
            return env["retail.backend"].browse(self.backend_id).gate_ids.state

    def test_a_person_pauses_resumes_and_tries(self):
        self.break_it()
        self.assertEqual(self.press("action_pause"), "paused")
        with self.assertRaises(GateClosedError):
            self.keeper().enter()
        self.assertEqual(self.press("action_resume"), "failing")
        self.assertEqual(self.press("action_try_now"), "probing")
        self.keeper().enter()
        with self.committed() as env:
            audit = env["retail.audit"].search([("backend_id", "=", self.backend_id)])
            self.assertLessEqual(
                {"gate_pause", "gate_resume", "gate_try"}, set(audit.mapped("action"))
            )

    def test_provider_is_built_with_its_gate(self):
        self.press("action_pause")
        with self.committed() as env:
            provider = env["retail.backend"]._build_provider(self.backend_id)
            with self.assertRaises(GateClosedError):
                provider.context.http.request("GET", "https://shop.example/")


@tagged("post_install", "-at_install")
class TestGateClosed(BackendCase):
    """What becomes of work that the gate held back."""

    closed = GateClosedError("closed", retry_after=40)

    def test_a_message_waits_without_an_attempt(self):
        message = blocked_message(self.backend, state="received", attempts=7)
        for _ in range(3):
            self.env["retail.inbox.failure"]._record(message, self.closed)
        self.assertEqual((message.state, message.attempts), ("retry", 7))
        wait = message.next_attempt_at - fields.Datetime.now()
        self.assertGreater(wait.total_seconds(), 30)
        self.env["retail.inbox.failure"]._record(message, RateLimitedError("slow"))
        self.assertEqual(message.attempts, 8)

    def test_a_poll_comes_back_and_nothing_has_failed(self):
        flow = self.backend.flow_ids
        polls = self.env["retail.poll"]
        with (
            patch.object(SampleProvider, "fetch", side_effect=self.closed),
            self.assertRaises(RetryableJobError) as caught,
        ):
            polls._read(flow.id, self.backend.id, flow.kind, "", None)
        self.assertEqual((caught.exception.seconds, caught.exception.ignore_retry), (40, True))
        self.assertFalse(flow.last_error)


@tagged("post_install", "-at_install")
class TestGateShown(BackendCase):
    def _gate(self, **values):
        gate = self.backend.gate_ids
        gate.write(values)
        return gate

    def test_a_backend_has_its_gate_from_the_start(self):
        self.assertEqual(self.backend.gate_ids.state, "flowing")
        self.assertEqual(self.backend.copy().gate_ids.state, "flowing")

    def test_states(self):
        later = fields.Datetime.now() + timedelta(minutes=5)
        sooner = fields.Datetime.now() - timedelta(minutes=5)
        self.assertEqual(self._gate(not_before=later).state, "limited")
        self.assertEqual(self._gate(open_until=later).state, "failing")
        self.assertEqual(self._gate(open_until=sooner).state, "probing")
        self.assertEqual(self._gate(paused=True).state, "paused")

    def test_tokens_grow_with_time(self):
        minute = fields.Datetime.now() - timedelta(minutes=1)
        gate = self._gate(available=10, capacity=1000, rate=2, seen_at=minute)
        self.assertAlmostEqual(gate.tokens, 130, delta=3)
        self.assertEqual(self._gate(capacity=50).tokens, 50)

    def test_only_administrators_press_the_buttons(self):
        for role in ("operator", "auditor", "accountant"):
            gate = self.backend.gate_ids.with_user(create_user(self.env, role))
            self.assertTrue(gate.state)
            for action in (gate.action_pause, gate.action_resume, gate.action_try_now):
                with self.subTest(role), self.assertRaises(AccessError):
                    action()
