from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import CancelRelease, ChangeRelease
from odoo.addons.retail_connector_base.providers import (
    RejectedError,
    TransientError,
    UnknownOutcomeError,
)

from .shipbob_commands import JANE, answers, inventory, line, request
from .shipbob_common import order, provider, shipment


@tagged("post_install", "-at_install")
class TestShipBobChange(BaseCase):
    def test_address_goes_to_every_open_shipment(self):
        shown = order(shipment(7, "Processing"), shipment(8, "OnHold"), shipment(9, "Cancelled"))
        http = answers(
            GET_order_5=shown, PUT_shipment_7_updateAddress={"is_success": True},
            PUT_shipment_8_updateAddress={"is_success": True},
        )  # fmt: skip
        result = provider(http).send(request(ChangeRelease, recipient=JANE), "key")
        self.assertEqual(result.details, {"answer": "accepted"})
        self.assertEqual(len(http.sent("PUT")), 2)
        self.assertEqual(http.sent("PUT")[0]["recipient_name"], "Jane Doe")

    def test_a_refused_address_says_why(self):
        error = {"is_success": False, "error": {"code": "CONFLICT", "message": "It was picked."}}
        http = answers(
            GET_order_5=order(shipment(7, "Processing")), PUT_shipment_7_updateAddress=error
        )
        with self.assertRaises(RejectedError) as caught:
            provider(http).send(request(ChangeRelease, recipient=JANE), "key")
        self.assertIn("It was picked.", str(caught.exception))

    def test_nothing_can_be_changed_once_it_left(self):
        http = answers(GET_order_5=order(shipment(7), status="Fulfilled"))
        for wanted in ({"recipient": JANE}, {"lines": (line(),)}):
            with self.assertRaises(RejectedError):
                provider(http).send(request(ChangeRelease, **wanted), "key")

    def test_lines_are_told_as_a_whole(self):
        current = [{"inventory_id": 81, "quantity": 2, "product_variant": {"sku": "MUG"}},
                   {"inventory_id": 82, "quantity": 1, "product_variant": {}}]  # fmt: skip
        http = answers(
            GET_order_5=order(shipment(7, "Processing")), GET_shipment_7_getLineItems=current,
            GET_inventory=inventory((83, "CUP", True)),
            POST_shipment_7_updateLineItems={"is_success": True},
        )  # fmt: skip
        wanted = (line("1", "MUG", 5), line("2", "CUP", 1))
        provider(http).send(request(ChangeRelease, lines=wanted), "key")
        (sent,) = http.sent("POST")
        self.assertEqual(sent["items"], [{"inventory_id": 81, "quantity": 5},
                                         {"inventory_id": 83, "quantity": 1}])  # fmt: skip

    def test_lines_of_a_split_order_are_left_alone(self):
        for other in (shipment(8, "Processing"), shipment(8)):
            http = answers(GET_order_5=order(shipment(7, "Processing"), other))
            with self.assertRaises(RejectedError):
                provider(http).send(request(ChangeRelease, lines=(line(),)), "key")

    def cancel(self, answer, *orders):
        shown = iter(orders or (order(shipment(7, "Processing")),))
        http = answers(GET_order_5=lambda _query: next(shown), POST_order_5_cancel=answer)
        return provider(http).send(request(CancelRelease), "key")

    def test_a_cancellation_that_came_through(self):
        answer = {"status": "Success", "canceled_shipment_results": [
            {"shipment_id": 7, "is_success": True},
        ]}  # fmt: skip
        self.assertEqual(self.cancel(answer).details, {"answer": "accepted"})

    def test_a_part_that_is_not_cancelled_is_a_refusal(self):
        answer = {"status": "PartialSuccess", "canceled_shipment_results": [
            {"shipment_id": 7, "is_success": True},
            {"shipment_id": 8, "is_success": False, "reason": "Picked"},
        ]}  # fmt: skip
        with self.assertRaises(RejectedError) as caught:
            self.cancel(answer)
        self.assertEqual(
            str(caught.exception), "ShipBob cancelled 1 of 2 shipments. shipment 8: Picked"
        )

    def test_cancelled_before_is_cancelled(self):
        gone = order(shipment(7, "Cancelled"), status="Cancelled")
        self.assertTrue(self.cancel({}, gone).external_ids)
        refused = (422, {"": ["The order is Cancelled."]})
        self.assertTrue(self.cancel(refused, order(shipment(7, "Processing")), gone).external_ids)
        with self.assertRaises(RejectedError):
            self.cancel(refused, order(shipment(7)), order(shipment(7)))

    def test_doubtful_cancellations_are_asked_again(self):
        with self.assertRaises(TransientError) as caught:
            self.cancel((500, {}))
        self.assertNotIsInstance(caught.exception, UnknownOutcomeError)

    def test_cancellation_looked_up(self):
        gone = order(shipment(7, "Cancelled"), status="Cancelled")
        for shown, found in ((gone, True), (order(), False)):
            adapter = provider(answers(GET_order_5=shown))
            self.assertEqual(bool(adapter.look_up(request(CancelRelease), "key")), found)
        adapter = provider(answers(GET_order=[]))
        bare = request(CancelRelease, warehouse_order_external_id=None)
        self.assertIsNone(adapter.look_up(bare, "key"))
        with self.assertRaises(RejectedError):
            adapter.send(bare, "key")
