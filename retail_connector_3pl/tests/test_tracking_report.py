from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical.parcel_tracking import TrackingState
from odoo.addons.retail_connector_base.providers import Capability, Direction, FlowSpec

from .common import WarehouseCase
from .parcels import news, pack, step
from .sample_warehouse import SampleWarehouse


class ShowingWarehouse(SampleWarehouse):
    """A channel that shows its customers where parcels are, as well."""

    capabilities = SampleWarehouse.capabilities | {Capability.REPORT_DELIVERY}
    flows = (*SampleWarehouse.flows, FlowSpec("fulfillment", Direction.OUT))


@tagged("post_install", "-at_install")
class TestTrackingReport(WarehouseCase):
    """What channels are told of parcels, once they were told that goods left."""

    provider = ShowingWarehouse

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.make_backend("Shop", cls.provider.code)

    def fulfilled(self, picking):
        """Return the fulfilment that the shop has of a delivery."""
        return self.env["retail.shipment.binding"].create(
            {
                "backend_id": self.shop.id,
                "external_id": "F1",
                "odoo_id": picking.id,
                "order_binding_id": picking.sale_id.retail_binding_ids.id,
            }
        )

    def delivery(self):
        return pack(self.sell(bound=True, A=1).picking_ids, "P1")

    def shown(self):
        commands = self.commands("report_delivery", self.shop)
        return [command._command().state.value for command in commands]

    def test_every_state_is_told_once(self):
        self.fulfilled(self.delivery())
        way = [step("announced", 0), step("in_transit", 1), step("delivered", 9)]
        for count in (1, 2, 2, 3, 3):
            told = way[:count]
            self.receive(news("P1", told[-1].state.value, *told))
        self.assertEqual(self.shown(), ["in_transit", "delivered"])
        command = self.commands("report_delivery", self.shop)[1]._command()
        self.assertEqual(command.occurred_at, way[2].occurred_at)
        self.assertEqual(command.fulfillment_external_id, "F1")
        self.send(backend=self.shop)
        (sent,) = self.asked("report_delivery")
        self.assertIs(sent.state, TrackingState.DELIVERED)

    def test_a_fulfilment_that_comes_later_shows_where_it_is(self):
        delivery = self.delivery()
        self.receive(news("P1", "out_for_delivery", step("out_for_delivery", 3)))
        self.assertEqual(self.shown(), [])
        self.fulfilled(delivery)
        self.assertEqual(self.shown(), ["out_for_delivery"])

    def test_what_was_taken_back_is_not_told_of(self):
        fulfilment = self.fulfilled(self.delivery())
        self.receive(news("P1", "delivered", step("delivered", 3)))
        # What comes back is told by its return.
        self.receive(news("P1", "returning", step("returning", 9), hours=9))
        self.assertEqual(self.shown(), ["delivered"])
        fulfilment.state = "cancelled"
        self.send(backend=self.shop)
        self.assertEqual(self.asked("report_delivery"), [])
        self.assertEqual(self.commands("report_delivery", self.shop).state, "cancelled")
