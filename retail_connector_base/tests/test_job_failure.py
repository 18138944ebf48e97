from odoo.tests import tagged

from .common import CommittedCase


@tagged("post_install", "-at_install")
class TestJobFailure(CommittedCase):
    """Jobs that queue_job ended without a word become exceptions, and their work goes on."""

    def _dead_job(self, model, method, argument):
        with self.committed() as env:
            user = env["retail.backend"].browse(self.backend_id).user_id
            env[model]._enqueue(user, method, argument, 0)
            env["queue.job"].search([("state", "=", "pending")]).write({"state": "failed"})

    def _sweep(self):
        with self.committed() as env:
            env["retail.inbox.sweeper"]._sweep()

    def test_a_dead_job_is_shown_once_and_cancelled(self):
        self._dead_job("retail.inbox.drain", "_job_drain", self.backend_id)
        self._sweep()
        self._sweep()
        with self.committed() as env:
            exception = env["retail.exception"].search([("backend_id", "=", self.backend_id)])
            self.assertEqual((exception.code, exception.occurrence_count), ("job_failed", 1))
            self.assertFalse(env["queue.job"].search([("state", "=", "failed")]))

    def test_a_dead_job_of_nobodys_is_put_away(self):
        self._dead_job("retail.inbox.drain", "_job_drain", 0)
        self._sweep()
        with self.committed() as env:
            self.assertFalse(env["queue.job"].search([("state", "=", "failed")]))
