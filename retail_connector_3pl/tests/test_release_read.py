from datetime import datetime, timezone

from odoo.tests import tagged

from odoo.addons.retail_connector_base.providers import Capability

from .common import WarehouseCase


@tagged("post_install", "-at_install")
class TestReleaseRead(WarehouseCase):
    """What a warehouse reads that fetches its orders by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        reads = cls.provider.capabilities - {
            Capability.RELEASE_ORDER,
            Capability.CHANGE_RELEASE,
            Capability.CANCEL_RELEASE,
        }
        cls.classPatch(cls.provider, "capabilities", reads | {Capability.RELEASE_READ})

    def told(self, **values):
        """Return (items, id after which more follow)."""
        limit = values.pop("limit", 1000)
        after = values.pop("after", 0)
        reader = self.env["retail.api.reader"]
        return reader._read_releases(self.backend, values, after, limit)

    def offered(self, **quantities):
        """Return a release that the warehouse can read."""
        release = self.release(self.sell(**quantities))
        release._send()
        return release

    def test_it_reads_what_it_is_to_send_with_what_it_is_asked(self):
        release = self.offered(A=3)
        release._take_state("accepted", external_id="W-9")
        release.order_id.order_line.product_uom_qty = 2
        self.env["retail.releaser"]._compare(self.warehouse)
        ((found,), following) = self.told()
        self.assertIsNone(following)
        self.assertEqual((found.order_external_id, found.external_id), (release.name, "W-9"))
        self.assertEqual(found.lines[0].quantity, 3)
        (request,) = found.requests
        self.assertEqual((request.kind.value, request.lines[0].quantity), ("lines", 2))
        release.request_ids._answer(True)
        ((found,), _following) = self.told()
        self.assertEqual((found.lines[0].quantity, found.requests), (2, ()))

    def test_it_reads_page_by_page_and_what_is_over_only_when_it_asks_for_changes(self):
        first, second = self.offered(A=1), self.offered(B=1)
        (page, following) = self.told(limit=1)
        self.assertEqual((page[0].order_external_id, following), (first.name, first.id))
        (page, _following) = self.told(limit=1, after=following)
        self.assertEqual(page[0].order_external_id, second.name)
        first.action_withdraw()
        first.request_ids._answer(True)
        names = [one.order_external_id for one in self.told()[0]]
        self.assertEqual(names, [second.name])
        since = datetime(2020, 1, 1, tzinfo=timezone.utc)
        states = {
            one.order_external_id: one.state.value for one in self.told(updated_since=since)[0]
        }
        self.assertEqual(states, {first.name: "cancelled", second.name: "sent"})
        self.assertFalse(self.told(location=("W2",))[0])
        self.assertEqual(len(self.told(order=(second.name,))[0]), 1)

    def test_it_reads_nothing_of_others_nor_what_is_not_due(self):
        self.release(self.sell(A=1))
        self.assertEqual(self.told(), ((), None))
        self.offered(A=1)
        self.assertFalse(self.env["retail.api.reader"]._read_releases(self.shop, {})[0])
