from datetime import datetime, timezone

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import WarehouseOrderState as State

from ..providers.shipbob.orders import to_order
from ..providers.shipbob.vocabulary import ORDERS, SHIPMENTS
from .shipbob_common import contracts_root, detail, node, order, shipment, specification


@tagged("post_install", "-at_install")
class TestShipBobOrder(BaseCase):
    def shown(self, *shipments, **values):
        return to_order(node(order(*shipments, **values)))

    def test_states(self):
        picked = shipment(7, "Processing", status_details=[detail("Picked", 100)])
        waiting, left = shipment(7, "Processing"), shipment(8)
        delivered = shipment(8, status_details=[detail("Delivered", 203)])
        gone = shipment(9, "Cancelled")
        for status, shipments, expected in (
            ("Processing", [waiting], State.ACCEPTED),
            ("Processing", [picked], State.IN_PROGRESS),
            ("PartiallyFulfilled", [waiting, left], State.IN_PROGRESS),
            ("Fulfilled", [left], State.SHIPPED),
            ("Fulfilled", [left, gone], State.SHIPPED),
            ("Fulfilled", [delivered, gone], State.DELIVERED),
            ("Fulfilled", [delivered, shipment(10)], State.SHIPPED),
            ("Cancelled", [gone], State.CANCELLED),
            ("ImportReview", [], State.ON_HOLD),
            ("Exception", [shipment(7, "Exception")], State.ON_HOLD),
            ("Processing", [waiting, shipment(8, "OnHold")], State.ON_HOLD),
            ("PartiallyFulfilled", [left, shipment(9, "OnHold")], State.ON_HOLD),
            ("Cancelled", [shipment(7, "OnHold")], State.CANCELLED),
        ):
            with self.subTest(status=status, shipments=[one["status"] for one in shipments]):
                self.assertEqual(self.shown(*shipments, status=status).state, expected)

    def test_unknown_states_are_kept_as_written(self):
        found = self.shown(shipment(7), status="Teleported")
        self.assertEqual((found.state, found.reason_code), (State.UNKNOWN, "Teleported"))

    def test_reasons_are_words_and_codes(self):
        held = shipment(
            7, "OnHold",
            status_details=[detail("InvalidAddress", 401, "Invalid Address", "Zip is wrong")],
        )  # fmt: skip
        found = self.shown(held, shipment(8, "Exception"))
        self.assertEqual(
            found.reason, "It is on hold: Invalid Address, Zip is wrong; It cannot be fulfilled."
        )
        self.assertEqual(found.reason_code, "InvalidAddress, Exception")

    def test_version_is_the_last_change_of_anything(self):
        late = shipment(8, last_update_at="2026-04-03T00:00:00.1234567+00:00")
        found = self.shown(shipment(7), late)
        self.assertEqual(found.updated_at, datetime(2026, 4, 3, 0, 0, 0, 123456, timezone.utc))

    def test_expected_departure_is_the_next_one(self):
        dates = [shipment(at, "Processing", estimated_fulfillment_date=f"2026-04-0{at}T00:00:00Z")
                 for at in (5, 4)]  # fmt: skip
        left = shipment(7, estimated_fulfillment_date="2026-04-01T00:00:00Z")
        self.assertEqual(self.shown(*dates, left).expected_ship_at.day, 4)

    def test_every_published_status_has_a_meaning(self):
        if contracts_root() is None:
            self.skipTest("The contracts are not here.")
        for version in ("2025-07", "2026-01"):
            schemas = specification(version)["components"]["schemas"]
            found = {name.rpartition(".")[2]: one["enum"] for name, one in schemas.items()
                     if one.get("enum")}  # fmt: skip
            self.assertEqual(set(found["OrderStatus"]), set(ORDERS))
            self.assertEqual(set(found["OrderStatusEnum"]), set(SHIPMENTS))
