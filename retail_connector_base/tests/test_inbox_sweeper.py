from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.queue_job.job import Job

from . import sweep_cost
from .common import CommittedCase


@tagged("post_install", "-at_install")
class TestInboxSweeper(CommittedCase):
    """When the sweeper comes: Odoo's cron workers alone find what is due only once a minute."""

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            env["queue.job"].search([("model_name", "=", "retail.inbox.sweeper")]).unlink()

    def _sweep_in(self, *seconds):
        with self.committed() as env:
            for number in seconds:
                moment = fields.Datetime.now() + timedelta(seconds=number)
                env["retail.inbox.sweeper"]._sweep_at(moment)

    def _jobs(self, env):
        return env["queue.job"].search([("model_name", "=", "retail.inbox.sweeper")])

    def _due(self, env):
        cron = env.ref("retail_connector_base.cron_sweep")
        now = fields.Datetime.now()
        return env["ir.cron.trigger"].search([("cron_id", "=", cron.id), ("call_at", "<=", now)])

    def test_what_is_due_soon_is_announced_by_a_job_that_does_not_come_early(self):
        before = fields.Datetime.now()
        self._sweep_in(30)
        with self.committed() as env:
            self.assertGreaterEqual(self._jobs(env).eta, before + timedelta(seconds=30))
            self.assertLessEqual(self._jobs(env).eta, before + timedelta(seconds=34))

    def test_many_that_are_due_together_have_one_job(self):
        self._sweep_in(*[30] * 50)
        with self.committed() as env:
            self.assertLessEqual(len(self._jobs(env)), 2)

    def test_what_is_due_at_once_or_much_later_needs_no_job(self):
        self._sweep_in(0, -5, 600)
        with self.committed() as env:
            self.assertFalse(self._jobs(env))

    def test_the_job_wakes_the_cron_at_once(self):
        self._sweep_in(30)
        with self.committed() as env:
            self._due(env).unlink()
            Job.load(env, self._jobs(env).uuid).perform()
            self.assertEqual(len(self._due(env)), 1)


@tagged("post_install", "-at_install")
class TestSweepCost(sweep_cost.SweepCostCase):
    """What a sweep costs with this addon alone."""
