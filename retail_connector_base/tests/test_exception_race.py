from threading import Thread

from psycopg2 import OperationalError
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from .common import CommittedCase
from .inbox import blocked_message
from .test_exception import problem


@tagged("post_install", "-at_install")
class TestExceptionRace(CommittedCase):
    """Two transactions meet the same problem, with real cursors."""

    def _environment(self):
        cr = self.registry.cursor()
        self.addCleanup(cr.close)
        return api.Environment(cr, SUPERUSER_ID, {})

    def _report(self, env, **values):
        backend = env["retail.backend"].browse(self.backend_id)
        message = blocked_message(backend)
        return env["retail.exception"]._report(backend, problem(**values), message)

    def _in_thread(self, env, errors):
        def report():
            try:
                self._report(env)
                env.cr.commit()
            except OperationalError as error:
                env.cr.rollback()
                errors.append(error)

        thread = Thread(target=report)
        thread.start()
        return thread

    def test_second_transaction_runs_again_and_joins_the_first(self):
        first, second, errors = self._environment(), self._environment(), []
        second.cr.execute("SELECT 1")  # its snapshot is older than the first one's commit
        self._report(first)
        thread = self._in_thread(second, errors)
        thread.join(0.5)
        self.assertTrue(thread.is_alive())  # it waits for the first one's row
        first.cr.commit()
        thread.join(5)
        self.assertIsInstance(errors[0], SerializationFailure)
        self._report(second)
        second.cr.commit()
        self._assert_one(occurrences=2)

    def test_read_committed_joins_without_running_again(self):
        first, second, errors = self._environment(), self._environment(), []
        second.cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        self._report(first)
        thread = self._in_thread(second, errors)
        thread.join(0.5)
        first.cr.commit()
        thread.join(5)
        self.assertFalse(errors)
        self._assert_one(occurrences=2)

    def test_open_problem_does_not_make_its_lanes_collide(self):
        with self.committed() as env:
            self._report(env)
        first, second = self._environment(), self._environment()
        for env in (first, second):
            env.cr.execute("SELECT 1")
        self._report(first)
        first.cr.commit()
        self._report(second)  # would fail if the first one had rewritten the exception
        second.cr.commit()
        self._assert_one(occurrences=3)

    def test_deadlock_is_avoided_by_one_order(self):
        first, second, errors = self._environment(), self._environment(), []
        backend = first["retail.backend"].browse(self.backend_id)
        reports = [(problem(subject=subject), [], None) for subject in "ab"]
        first["retail.exception"]._report_many(backend, reports)
        thread = Thread(target=self._report_reversed, args=(second, reports, errors))
        thread.start()
        thread.join(0.5)
        first.cr.commit()
        thread.join(5)
        self.assertNotIn("deadlock", str(errors))

    def _report_reversed(self, env, reports, errors):
        backend = env["retail.backend"].browse(self.backend_id)
        try:
            env["retail.exception"]._report_many(backend, reports[::-1])
            env.cr.commit()
        except OperationalError as error:
            env.cr.rollback()
            errors.append(error)

    def _assert_one(self, occurrences):
        with self.committed() as env:
            found = env["retail.exception"].search([("backend_id", "=", self.backend_id)])
            env["retail.exception"]._sweep()
            self.assertEqual(len(found), 1)
            self.assertEqual(found.occurrence_count, occurrences)
            self.assertEqual(found.inbox_message_count, occurrences)
