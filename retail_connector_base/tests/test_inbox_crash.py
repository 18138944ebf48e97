import os
import signal
import time

from odoo import SUPERUSER_ID, api, sql_db
from odoo.tests import tagged

from ..models.retail_inbox_drain import LOCK_SPACE
from .common import CommittedCase
from .sample_provider import received


@tagged("post_install", "-at_install")
class TestInboxCrash(CommittedCase):
    """Workers in processes of their own, killed for real."""

    def _receive(self, count):
        with self.committed() as env:
            for number in range(count):
                env["retail.inbox.receiver"]._store(
                    self.backend_id, 1, received(str(number)), "webhook"
                )
                env.cr.commit()

    def _in_process(self, work):
        """Run work(env) in a forked process; return its pid."""
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            # Connections must not be shared with the parent.
            sql_db._Pool = None
            self.registry._db = sql_db.db_connect(self.registry.db_name)
            with self.registry.cursor() as cr:
                work(api.Environment(cr, SUPERUSER_ID, {}))
            status = 0
        finally:
            os._exit(status)

    def _drain(self, env):
        env["retail.inbox.drain"]._job_drain(self.backend_id, 0)

    def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(self):
        self._receive(6)
        importer = self.registry["retail.importer.deletion"]

        def die_slowly(env):
            original = importer._delete

            def delete(model, backend, item):
                if item.canonical.external_id == "3":
                    time.sleep(60)
                return original(model, backend, item)

            importer._delete = delete
            self._drain(env)

        pid = self._in_process(die_slowly)
        self._wait_until(self._something_is_in_flight)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        self.assertEqual(self.tombstones(), [])
        self._wait_until(self._lane_is_free)
        with self.committed() as env:
            self._drain(env)
        self.assertEqual(self.states(), ["done"] * 6)
        self.assertEqual(self.tombstones(), [str(number) for number in range(6)])
        self.assertEqual(self._crashes(), {1})

    def test_two_workers_share_a_lane_without_doubling(self):
        self._receive(40)

        def drain_stubbornly(env):
            for _attempt in range(20):
                try:
                    return self._drain(env)
                except Exception:  # noqa: BLE001 a busy lane: the job would come back
                    time.sleep(0.05)

        pids = [self._in_process(drain_stubbornly) for _worker in range(2)]
        self.assertEqual([os.waitpid(pid, 0)[1] for pid in pids], [0, 0])
        self.assertEqual(self.states(), ["done"] * 40)
        self.assertEqual(len(self.tombstones()), 40)

    def _wait_until(self, condition):
        deadline = time.monotonic() + 20
        while not condition():
            self.assertLess(time.monotonic(), deadline, "waited in vain")
            time.sleep(0.05)

    def _something_is_in_flight(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT in_flight FROM retail_inbox_lane WHERE backend_id = %s", [self.backend_id]
            )
            row = cr.fetchone()
            return bool(row and row[0])

    def _lane_is_free(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                [LOCK_SPACE],
            )
            return not cr.fetchone()[0]

    def _crashes(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT DISTINCT crashes FROM retail_inbox_message WHERE backend_id = %s",
                [self.backend_id],
            )
            return {row[0] for row in cr.fetchall()}
