"""What a sweep costs while nothing is due: it comes every minute, to every database."""

from odoo import fields
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
        """Let backends run that nobody polls, and that are told of stock: it has not changed."""
        backends = self.env["retail.backend"].union(
            *(create_backend(self.env, name=f"B{number}") for number in range(count))
        )
        backends.flow_ids.interval = 0
        now = fields.Datetime.now()
        told = {"kind": "stock_level", "direction": "out", "mode": "event", "full_at": now}
        self.env["retail.flow"].create([{**told, "backend_id": each.id} for each in backends])
        running = self.env["retail.flow"]._running_out("stock_level").backend_id
        self.assertFalse(backends - running)

    def test_many_backends_cost_as_many_queries_as_one(self):
        self._connect(2)
        self._queries()  # caches fill
        few = self._queries()
        self._connect(20)
        self._queries()
        self.assertLessEqual(self._queries(), few + 1)
