import os
import signal
import time

from odoo import SUPERUSER_ID, api, sql_db
from odoo.tests import tagged

from ..models.retail_outbox_sender import LOCK_SPACE
from .outbox import OutboxCase, fulfill
from .sample_provider import SendingProvider


@tagged("post_install", "-at_install")
class TestOutboxRace(OutboxCase):
    """Leases, fencing and workers that are killed for real."""

    def _take(self):
        """Lease what is due as a sender does; return its batch."""
        with self.committed() as env:
            batch = env["retail.outbox.sender"]._lease(self.backend_id, 0)
        return batch

    def _store(self, lease):
        from ..providers import CommandResult

        with self.committed() as env:
            result = CommandResult(external_ids=("LATE",))
            env["retail.outbox.sender"]._store(self.backend_id, 0, lease, result, 0)

    def test_a_lost_lease_stores_nothing(self):
        self.put()
        slow = self._take().leases[0]
        self.lose_leases()
        fast = self._take().leases[0]
        self.assertGreater(fast.token, slow.token)
        self._store(slow)
        self.assertEqual((self.command_states(), self.value("external_ids")), (["leased"], [None]))
        self._store(fast)
        self.assertEqual(self.command_states(), ["done"])
        self._store(slow)
        self.assertEqual(self.value("external_ids"), [["LATE"]])

    def test_a_result_on_an_old_snapshot_is_not_stored_over_a_newer_lease(self):
        from psycopg2.errors import SerializationFailure

        self.put()
        lease = self._take().leases[0]
        with self.registry.cursor() as cr:
            cr.execute("SELECT 1")  # the snapshot is taken
            self.lose_leases()
            with self.committed() as env:
                env["retail.outbox.command"]._expire_leases()
            env = api.Environment(cr, SUPERUSER_ID, {})
            with self.assertRaises(SerializationFailure):
                env["retail.outbox.command"]._settle(lease.command_id, lease.token, "done")
            cr.rollback()
        self.assertEqual(self.command_states(), ["unknown"])

    def test_what_was_leased_and_not_begun_is_put_back(self):
        for number in range(3):
            self.put(str(number), fulfill(str(number)))
        original = SendingProvider.send

        def crash_second(provider, command, key, known=None):
            if key == "1":
                raise KeyboardInterrupt  # no failure of a command: the worker is told to stop
            return original(provider, command, key)

        SendingProvider.send = crash_second
        self.addCleanup(setattr, SendingProvider, "send", original)
        with self.assertRaises(KeyboardInterrupt):
            self.send()
        self.assertEqual(self.command_states(), ["done", "leased", "pending"])

    def test_a_sender_comes_back_for_an_open_lease(self):
        self.put()
        self._take()
        self.execute("DELETE FROM queue_job")
        self.send()
        self.assertEqual(self.command_states(), ["leased"])
        with self.committed() as env:
            jobs = env["queue.job"].search([("model_name", "=", "retail.outbox.sender")])
            self.assertEqual(len(jobs), 1)
            self.assertLess((jobs.eta - jobs.date_created).total_seconds(), 63)
        self.put("k2", fulfill("2"))
        with self.committed() as env:
            jobs = env["queue.job"].search([("model_name", "=", "retail.outbox.sender")])
            self.assertEqual(len(jobs), 2, "a new command must not wait for the lost lease")

    def test_an_expired_lease_is_asked_about(self):
        self.put()
        self._take()
        self.ledger.note("k1")
        self.lose_leases()
        self.send()
        self.assertEqual((self.command_states(), len(self.ledger.effects())), (["done"], 1))
        self.assertEqual(self.value("crashes"), [0])

    def test_poison_is_found_alone_and_blocked(self):
        for number in range(3):
            self.put(str(number), fulfill(str(number)))
        self._take()
        for _crash in range(3):
            self.lose_leases()
            batch = self._take()
            if _crash < 2:
                self.assertEqual([lease.key for lease in batch.leases], ["0"])
        self.lose_leases()
        with self.committed() as env:
            env["retail.outbox.sender"]._sweep()
        self.assertEqual(self.command_states()[0], "blocked")
        self.assertEqual(self.exceptions()[0][:2], ("poison_command", "open"))
        self.send()
        self.assertEqual(self.command_states(), ["blocked", "done", "done"])
        with self.commands() as commands:
            commands[0].exception_id.action_retry()
        self.send()
        self.assertEqual(self.command_states(), ["done"] * 3)

    # Processes

    def _in_process(self, work):
        """Run work(env) in a forked process; return its pid."""
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            sql_db._Pool = None  # connections must not be shared with the parent
            self.registry._db = sql_db.db_connect(self.registry.db_name)
            with self.registry.cursor() as cr:
                work(api.Environment(cr, SUPERUSER_ID, {}))
            status = 0
        finally:
            os._exit(status)

    def _job(self, env):
        env["retail.outbox.sender"]._job_send(self.backend_id, 0)

    def _wait_until(self, condition):
        deadline = time.monotonic() + 20
        while not condition():
            self.assertLess(time.monotonic(), deadline, "waited in vain")
            time.sleep(0.05)

    def _lane_is_free(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                [LOCK_SPACE],
            )
            return not cr.fetchone()[0]

    def test_a_worker_killed_after_the_effect_does_not_double_it(self):
        for number in range(4):
            self.put(str(number), fulfill(str(number)))
        original = SendingProvider.send

        def die_slowly(env):
            def send(provider, command, key, known=None):
                result = original(provider, command, key)
                if key == "2":
                    time.sleep(60)
                return result

            SendingProvider.send = send
            self._job(env)

        pid = self._in_process(die_slowly)
        self._wait_until(lambda: len(self.ledger.effects()) == 3)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        self.assertEqual(self.command_states(), ["done", "done", "leased", "leased"])
        self._wait_until(self._lane_is_free)
        self.lose_leases()
        self.send()
        self.assertEqual(self.command_states(), ["done"] * 4)
        self.assertEqual(sorted(key for key, _id in self.ledger.effects()), ["0", "1", "2", "3"])

    def test_two_workers_share_a_lane_without_doubling(self):
        for number in range(30):
            self.put(str(number), fulfill(str(number)))

        def send_stubbornly(env):
            for _attempt in range(40):
                try:
                    return self._job(env)
                except Exception:  # noqa: BLE001 a busy lane: the job would come back
                    time.sleep(0.05)

        pids = [self._in_process(send_stubbornly) for _worker in range(2)]
        self.assertEqual([os.waitpid(pid, 0)[1] for pid in pids], [0, 0])
        self.assertEqual(self.command_states(), ["done"] * 30)
        self.assertEqual(len({key for key, _id in self.ledger.effects()}), 30)
        self.assertEqual(len(self.ledger.effects()), 30)
