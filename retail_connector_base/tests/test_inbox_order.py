from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common import CommittedCase
from .sample_provider import received

ENTITIES = "abc"


@tagged("post_install", "-at_install")
class TestInboxOrder(CommittedCase):
    """Order per entity, whatever arrives, fails and is cut into chunks of whatever size."""

    @settings(
        max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    @given(
        arrivals=st.lists(st.sampled_from(ENTITIES), min_size=1, max_size=12),
        failing=st.sets(st.integers(0, 11), max_size=4),
        batch_size=st.integers(1, 5),
    )
    def test_each_entity_sees_its_messages_in_order(self, arrivals, failing, batch_size):
        self._forget()
        first = self._receive(arrivals, batch_size)
        imported = self._drain_until_quiet({first + number for number in failing})
        for entity in ENTITIES:
            wanted = [first + n for n, name in enumerate(arrivals) if name == entity]
            self.assertEqual([m for m, name in imported if name == entity], wanted)

    def _forget(self):
        with self.registry.cursor() as cr:
            for table in ("inbox_message", "tombstone"):
                cr.execute(f"DELETE FROM retail_{table} WHERE backend_id = %s", [self.backend_id])

    def _receive(self, arrivals, batch_size):
        with self.committed() as env:
            env["retail.backend"].browse(self.backend_id).batch_size = batch_size
            receiver = env["retail.inbox.receiver"]
            for number, entity in enumerate(arrivals):
                message = received(entity, event_id=f"e{number}", second=number)
                receiver._store(self.backend_id, 1, message, "webhook")
            return min(
                env["retail.inbox.message"].search([("backend_id", "=", self.backend_id)]).ids
            )

    def _drain_until_quiet(self, failing):
        """Drain; the messages named fail once. Return what had its effect, in order."""
        imported, failing = [], set(failing)
        importer = self.registry["retail.importer.deletion"]
        original = importer._import_batch

        def import_batch(model, backend, items):
            for item in items:
                if item.message_id in failing and len(items) == 1:
                    failing.discard(item.message_id)
                    raise ValueError("once")
                if item.message_id in failing:
                    raise ValueError("somebody in this batch")
            imported.extend((item.message_id, item.canonical.external_id) for item in items)
            return original(model, backend, items)

        with patch.object(importer, "_import_batch", import_batch):
            while not set(self.states()) <= {"done"}:
                with self.registry.cursor() as cr:
                    cr.execute("UPDATE retail_inbox_message SET next_attempt_at = NULL")
                with self.committed() as env:
                    env["retail.inbox.drain"]._job_drain(self.backend_id, 0)
        return imported
