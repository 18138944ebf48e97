from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import (
    AnnounceReceipt,
    AnnounceReturn,
    CancelAnnouncement,
    CancelReturn,
    Tracking,
)
from odoo.addons.retail_connector_base.providers import RejectedError

from .shipbob_commands import MOMENT, announced, answers, inventory
from .shipbob_common import item, order, product, provider, shipment


@tagged("post_install", "-at_install")
class TestShipBobAnnounce(BaseCase):
    def announce(self, *lines, **values):
        return AnnounceReceipt(
            reference="PO-1", location_external_id="10", lines=lines or (announced(),), **values
        )

    def test_a_receipt_is_one_box(self):
        http = answers(GET_inventory=inventory((81, "MUG", True)), POST_receiving={"id": 443})
        command = self.announce(
            announced(item_external_id="81", lots=("L1",)), expected_at=MOMENT,
            trackings=(Tracking(number="1Z"), Tracking(number="2Z")),
        )  # fmt: skip
        result = provider(http).send(command, "key")
        (sent,) = http.sent("POST")
        self.assertEqual(sent["purchase_order_number"], "PO-1")
        self.assertEqual(sent["fulfillment_center"], {"id": 10})
        self.assertEqual(sent["boxes"], [{"tracking_number": "1Z", "box_items": [
            {"inventory_id": 81, "quantity": 10, "lot_number": "L1"},
        ]}])  # fmt: skip
        self.assertEqual(result.external_ids, ("443",))
        self.assertTrue(result.notes)

    def test_items_are_found_by_sku_where_they_are_not_bound(self):
        rows = ((80, "MUG-XL", True), (81, "MUG", True), (79, "MUG", False))
        http = answers(GET_inventory=inventory(*rows), POST_receiving={"id": 443})
        for number in (None, "80", "no number"):
            provider(http).send(self.announce(announced(item_external_id=number)), "key")
        found = {body["boxes"][0]["box_items"][0]["inventory_id"] for body in http.sent("POST")}
        self.assertEqual(found, {81})

    def test_unknown_and_double_items_are_refused(self):
        for rows in ((), ((81, "MUG", True), (82, "MUG", True))):
            http = answers(GET_inventory=inventory(*rows))
            with self.assertRaises(RejectedError):
                provider(http).send(self.announce(), "key")

    def test_a_receipt_is_looked_up_by_our_reference(self):
        rows = [{"id": 1, "purchase_order_number": "PO-1", "status": "Cancelled"},
                {"id": 2, "purchase_order_number": "PO-10", "status": "Awaiting"},
                {"id": 3, "purchase_order_number": "PO-1", "status": "Awaiting"}]  # fmt: skip

        def look_up(some):
            return provider(answers(GET_receiving=some)).look_up(self.announce(), "key")

        self.assertEqual(look_up(rows).external_ids, ("3",))
        self.assertIsNone(look_up(rows[:2]))

    def test_taking_back(self):
        command = CancelAnnouncement(
            reference="PO-1", location_external_id="10", announcement_external_id="443"
        )
        gone = {"id": 443, "status": "Cancelled"}
        for answer in (gone, (422, {"": ["Already cancelled."]})):
            http = answers(POST_receiving_443_cancel=answer, GET_receiving_443=gone)
            self.assertEqual(provider(http).send(command, "key").external_ids, ("443",))
        http = answers(
            POST_receiving_443_cancel=(422, {"": ["It has arrived."]}),
            GET_receiving_443={"id": 443, "status": "Arrived"},
        )
        with self.assertRaises(RejectedError):
            provider(http).send(command, "key")
        nameless = command.model_copy(update={"announcement_external_id": None})
        self.assertTrue(provider(answers(GET_receiving=[])).send(nameless, "key").notes)

    def test_a_return_names_the_shipment_that_held_it(self):
        command = AnnounceReturn(
            reference="RMA-1", location_external_id="10", order_external_id="REL-1",
            lines=(announced(quantity=1),), trackings=(Tracking(number="1Z"),),
        )  # fmt: skip
        other = product("PEN", item(82, 1))
        shown = order(shipment(7, "Completed", other), shipment(8), shipment(9, "Cancelled"))
        http = answers(
            GET_inventory=inventory((81, "MUG", True)), GET_order=[shown], POST_return={"id": 9}
        )
        self.assertEqual(provider(http).send(command, "key").external_ids, ("9",))
        (sent,) = http.sent("POST")
        self.assertEqual(sent["original_shipment_id"], 8)
        self.assertEqual(sent["inventory"], [
            {"id": 81, "quantity": 1, "requested_action": "Default"},
        ])  # fmt: skip
        self.assertEqual(sent["tracking_number"], "1Z")

    def test_a_return_that_is_there_is_success(self):
        command = AnnounceReturn(
            reference="RMA-1", location_external_id="10", lines=(announced(quantity=1),)
        )
        rows = {"items": [{"id": 9, "reference_id": "RMA-1", "status": "Awaiting Arrival"}]}
        refused = (422, {"errors": ["A return with this reference id already exists."]})
        http = answers(GET_inventory=inventory((81, "MUG", True)), POST_return=refused,
                       GET_return=rows)  # fmt: skip
        self.assertEqual(provider(http).send(command, "key").external_ids, ("9",))
        rows["items"][0]["status"] = "Cancelled"
        with self.assertRaises(RejectedError):
            provider(http).send(command, "key")

    def test_taking_a_return_back(self):
        command = CancelReturn(
            reference="RMA-1", location_external_id="10", announcement_external_id="9"
        )
        gone = {"id": 9, "reference_id": "RMA-1", "status": "Cancelled"}
        for answer in ({}, (400, {"": ["Already cancelled."]})):
            http = answers(POST_return_9_cancel=answer, GET_return_9=gone)
            self.assertEqual(provider(http).send(command, "key").external_ids, ("9",))
        self.assertEqual(provider(http).look_up(command, "key").external_ids, ("9",))
        http = answers(
            POST_return_9_cancel=(400, {"": ["It has arrived."]}),
            GET_return_9={**gone, "status": "Arrived"},
        )
        with self.assertRaises(RejectedError):
            provider(http).send(command, "key")
        self.assertIsNone(provider(http).look_up(command, "key"))

    def test_a_return_whose_number_nobody_told_is_found_by_our_reference(self):
        command = CancelReturn(reference="RMA-1", location_external_id="10")
        open_one = {"id": 9, "reference_id": "RMA-1", "status": "Awaiting Arrival"}
        http = answers(GET_return={"items": [open_one]}, POST_return_9_cancel={})
        self.assertEqual(provider(http).send(command, "key").external_ids, ("9",))
        self.assertTrue(provider(answers(GET_return={"items": []})).send(command, "key").notes)
