from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.retail_connector_base.providers import (
    Capability,
    FlowSpec,
    Mode,
    Page,
    ReceivedMessage,
)

from .sample_warehouse import SampleWarehouse
from .snapshot_case import SnapshotCase, count_of, parts_of


class CountingWarehouse(SampleWarehouse):
    """A warehouse that counts on request, and tells of it in two parts."""

    capabilities = SampleWarehouse.capabilities | {Capability.SNAPSHOT_POLL}
    flows = (
        *(flow for flow in SampleWarehouse.flows if flow.kind != "stock_snapshot"),
        FlowSpec("stock_snapshot", mode=Mode.POLL, tier=3, interval=1440),
    )
    told = None

    def fetch(self, kind, cursor, since=None):
        """Yield a page for each part of the count."""
        for number, part in enumerate(parts_of(self.told, 2), 1):
            message = ReceivedMessage(
                event_id=f"{part.entity_key}@{part.version}",
                topic="count",
                kind=kind,
                body=part.model_dump_json().encode(),
                entity_key=part.entity_key,
                version=part.version,
                observed_at=number,
            )
            yield Page((message,), cursor=str(number))


@tagged("post_install", "-at_install")
class TestSnapshotPoll(SnapshotCase):
    """Warehouses that count on request are asked by the flow's schedule."""

    provider = CountingWarehouse

    def test_the_flow_has_a_schedule_that_can_be_changed(self):
        flow = self._flow()
        self.assertTrue(flow.can_poll)
        self.assertEqual((flow.mode, flow.interval), ("poll", 1440))
        administrator = self.person("administrator")
        flow.with_user(administrator).interval = 60
        self.assertEqual(flow.interval, 60)

    def test_what_a_poll_reads_becomes_one_count(self):
        CountingWarehouse.told = count_of(("A", 97), ("B", 100), ("C", 100))
        for _time in range(2):
            self._poll()
            self.drain()
            self.move_goods()
        found = self.snapshot(CountingWarehouse.told)
        self.assertEqual(self.differences(found), {"A": ("variance", 0, -3)})
        self.assertEqual(found.part_count, 2)

    def _flow(self):
        return self.backend.flow_ids.filtered(lambda flow: flow.kind == "stock_snapshot")

    def _poll(self):
        """Run the flow's job, its steps in the test's transaction instead of their own."""

        def here(poll, method, *args):
            return getattr(poll.sudo(), method)(*args)

        with patch.object(self.registry["retail.poll"], "_in_transaction", here):
            self.env["retail.poll"]._job_poll(self._flow().id)
