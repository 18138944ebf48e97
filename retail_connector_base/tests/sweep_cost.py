"""What a sweep costs while nothing is due: it comes every minute, to every database."""

from odoo.tests import TransactionCase

from .common import create_backend, offer_sample_provider


class SweepCostCase(TransactionCase):
    """Each addon that adds to the sweep is held to the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry))

    def _queries(self):
        before = self.cr.sql_log_count
        self.env["retail.inbox.sweeper"]._sweep()
        self.env.cr.flush()
        return self.cr.sql_log_count - before

    def _connect(self, count):
        """Let backends run that nobody polls."""
        backends = self.env["retail.backend"].union(
            *(create_backend(self.env, name=f"B{number}") for number in range(count))
        )
        backends.flow_ids.interval = 0

    def test_many_backends_cost_as_many_queries_as_one(self):
        self._connect(2)
        self._queries()  # caches fill
        few = self._queries()
        self._connect(20)
        self._queries()
        self.assertLessEqual(self._queries(), few + 1)
