from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.retail_connector_base.canonical import FulfillmentState, ShipmentState
from odoo.addons.retail_connector_base.providers import RejectedError

from .fulfillments import FulfillmentCase
from .orders import changed, line, order


@tagged("post_install", "-at_install")
class TestFulfillment(FulfillmentCase):
    """What a shop is told of deliveries."""

    def test_a_delivery_is_told_once_with_all_its_lines(self):
        self.deliver(self.picking, A=3, B=2)
        self.assertEqual(self.told(), [{self.a: 3, self.b: 2}])
        command = self.commands()
        self.assertEqual(command.state, "pending")
        self.assertEqual(command.idempotency_key, f"fulfill:{self.picking.id}:{self.order.id}")
        self.assertEqual(command.payload["reference"], self.picking.name)
        self.assertEqual(self.order.state, "shipped")

    def test_a_partial_delivery_and_its_backorder_are_told_one_by_one(self):
        backorder = self.deliver(self.picking, A=1)
        self.assertEqual((self.told(), self.order.state), ([{self.a: 1}], "partly_shipped"))
        self.deliver(backorder, A=2, B=2)
        self.assertEqual(self.told(), [{self.a: 1}, {self.a: 2, self.b: 2}])
        self.assertEqual(self.order.state, "shipped")

    def test_an_order_split_over_two_deliveries_keeps_each_ones_parcels(self):
        other = self.picking.copy({"move_ids": []})
        self.picking.move_ids.filtered(lambda m: m.product_id == self.products["B"]).write(
            {"picking_id": other.id}
        )
        self.picking.carrier_tracking_ref = "P1"
        other.carrier_tracking_ref = "P2"
        for move in (self.picking | other).move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        (self.picking | other)._action_done()
        self.assertEqual(self.told(), [{self.a: 3}, {self.b: 2}])
        numbers = [one.payload["trackings"][0]["number"] for one in self.commands()]
        self.assertEqual(numbers, ["P1", "P2"])

    def test_dozens_are_told_in_the_units_of_the_order_line(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.picking.move_ids.filtered(lambda m: m.product_id == self.products["A"]).write(
            {"product_uom": dozen.id, "product_uom_qty": 0.25, "quantity": 0.25, "picked": True}
        )
        self.picking._action_done()
        self.assertEqual(self.told()[0][self.a], 3)

    def test_only_what_the_shop_wants_is_told(self):
        self.deliver(self.picking, A=5, B=2)
        self.assertEqual(self.told(), [{self.a: 3, self.b: 2}])

    def test_parts_of_a_piece_are_told_when_the_piece_is_whole(self):
        backorder = self.deliver(self.picking, A=1.5)
        self.assertEqual(self.told(), [{self.a: 1}])
        self.deliver(backorder, A=1.5)
        self.assertEqual(self.told(), [{self.a: 1}, {self.a: 2}])

    def test_a_two_step_route_tells_when_goods_leave_the_house(self):
        self.warehouse.delivery_steps = "pick_ship"
        self.message = order(line("A", 2, "10.00"), total="20.00")
        sale = self.imported(self.message)
        (self.a,) = (one.external_id for one in self.message.lines)
        pick = sale.picking_ids.filtered(lambda p: p.picking_type_id.code == "internal")
        pick.action_assign()
        self.deliver(pick, A=2)
        self.assertFalse(self.commands())
        ship = sale.picking_ids - pick
        self.assertEqual(ship.picking_type_id.code, "outgoing")
        self.deliver(ship, A=2)
        self.assertEqual(self.told(), [{self.a: 2}])

    def test_a_return_takes_nothing_back_and_what_leaves_again_is_not_told_twice(self):
        self.deliver(self.picking, A=3, B=2)
        wizard = self.env["stock.return.picking"].with_context(
            active_id=self.picking.id, active_ids=self.picking.ids, active_model="stock.picking"
        )
        wizard = wizard.create({})
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self.deliver(back, A=1, B=1)
        self.assertEqual(len(self.commands()), 1)
        self.assertEqual(self.sale.order_line.filtered("move_ids")[0].qty_delivered, 2)
        self.assertTrue(self.env["retail.exporter.fulfill"]._is_wanted(self.commands()))

    def test_other_orders_and_shops_that_take_nothing_owe_nothing(self):
        self.backend.flow_ids.filtered(lambda flow: flow.direction == "out").active = False
        self.deliver(self.picking, A=3, B=2)
        self.assertFalse(self.commands())
        self.assertEqual(self.order.state, "shipped")

    def test_a_paused_flow_keeps_what_is_owed(self):
        self.backend.flow_ids.filtered(lambda flow: flow.direction == "out").paused = True
        self.deliver(self.picking, A=3, B=2)
        self.assertEqual(self.commands().state, "pending")

    def test_what_was_missed_goes_with_the_next_delivery(self):
        flows = self.backend.flow_ids.filtered(lambda flow: flow.direction == "out")
        flows.active = False
        backorder = self.deliver(self.picking, A=1)
        flows.active = True
        self.deliver(backorder, A=2, B=2)
        self.assertEqual(self.told(), [{self.a: 3, self.b: 2}])

    def test_what_left_before_the_import_is_not_told(self):
        self.message = order(
            line("A", 2, "10.00"), total="20.00", fulfillment_state=FulfillmentState.FULFILLED
        )
        sale = self.imported(self.message)
        self.binding(self.message).action_lift_holds()
        sale.picking_ids.action_assign()
        self.deliver(sale.picking_ids, A=2)
        self.assertFalse(self.commands())

    def test_the_delivery_and_its_command_are_one_transaction(self):
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.deliver(self.picking, A=3, B=2)
            raise ZeroDivisionError
        self.assertFalse(self.commands())

    def test_a_warehouse_worker_without_a_role_of_ours_delivers(self):
        worker = new_test_user(
            self.env,
            "retail-worker",
            groups="stock.group_stock_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.deliver(self.picking.with_user(worker), A=3, B=2)
        self.assertEqual(len(self.commands()), 1)

    # Where from, by whom

    def test_carrier_parcels_and_location_are_told(self):
        product = self.env["product.product"].create({"name": "Post", "type": "service"})
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "Post",
                "product_id": product.id,
                "tracking_url": "https://post.example/<shipmenttrackingnumber>",
            }
        )
        self.env["retail.location.binding"].create(
            {
                "backend_id": self.backend.id,
                "external_id": "LOC",
                "odoo_id": self.warehouse.view_location_id.id,
            }
        )
        self.picking.write({"carrier_id": carrier.id, "carrier_tracking_ref": "P1, P2 P1"})
        self.deliver(self.picking, A=3, B=2)
        payload = self.commands().payload
        self.assertEqual((payload["carrier"], payload["location_external_id"]), ("Post", "LOC"))
        self.assertEqual(
            payload["trackings"],
            [{"number": n, "url": f"https://post.example/{n}"} for n in ("P1", "P2")],
        )
        self.env["retail.mapping"].create(
            {
                "backend_id": self.backend.id,
                "kind": "carrier",
                "external_key": "DHL",
                "external_label": "DHL",
                "carrier_id": carrier.id,
            }
        )
        word = self.env["retail.fulfillment"]._carrier(self.backend, self.picking)
        self.assertEqual(word, "DHL")

    def test_each_new_number_is_a_correction_of_its_own(self):
        self.picking.carrier_tracking_ref = "P1"
        self.deliver(self.picking, A=3, B=2)
        self.picking.carrier_tracking_ref = "P2"
        self.assertFalse(self.commands("update_tracking"), "its fulfilment is not known yet")
        self.done(self.commands(), "F1")
        self.assertEqual(len(self.commands("update_tracking")), 1)
        for number in ("P2", "P1", "P2", "P2"):
            self.picking.carrier_tracking_ref = number
        corrections = self.commands("update_tracking")
        numbers = [one.payload["trackings"][0]["number"] for one in corrections]
        self.assertEqual(numbers, ["P2", "P1", "P2"])
        exporter = self.env["retail.exporter.update_tracking"]
        wanted = [exporter._is_wanted(one) for one in corrections]
        self.assertEqual(wanted, [False, False, True])
        self.done(corrections[2])
        self.assertEqual(self.shipments().tracking, "P2")

    # Taking back

    def _operator(self):
        return new_test_user(
            self.env,
            "retail-operator",
            groups="stock.group_stock_user,retail_connector_base.group_operator",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def test_what_was_not_sent_yet_is_given_up(self):
        self.deliver(self.picking, A=3, B=2)
        self.picking.with_user(self._operator()).action_cancel_at_channel()
        self.assertEqual(self.commands().mapped("state"), ["cancelled"])

    def test_what_was_told_is_taken_back_once(self):
        self.deliver(self.picking, A=3, B=2)
        self.done(self.commands(), "F1")
        operator = self._operator()
        self.picking.with_user(operator).action_cancel_at_channel()
        self.picking.with_user(operator).action_cancel_at_channel()
        command = self.commands("cancel_fulfillment")
        self.assertEqual(command.payload["fulfillment_external_id"], "F1")
        self.done(command)
        self.assertEqual(self.shipments().state, "cancelled")
        self.assertFalse(self.order._told_quantities())
        with self.assertRaises(UserError):
            self.picking.with_user(operator).action_cancel_at_channel()

    def test_what_is_being_sent_cannot_be_given_up(self):
        self.deliver(self.picking, A=3, B=2)
        self.commands().write({"state": "leased"})
        with self.assertRaises(UserError):
            self.picking.with_user(self._operator()).action_cancel_at_channel()

    def test_others_take_nothing_back(self):
        self.deliver(self.picking, A=3, B=2)
        worker = new_test_user(self.env, "retail-worker", groups="stock.group_stock_user")
        with self.assertRaises(AccessError):
            self.picking.with_user(worker).action_cancel_at_channel()

    # What the shop says

    def test_a_refusal_shows_both_sides(self):
        self.deliver(self.picking, A=3, B=2)
        error = RejectedError("Nothing is left to fulfil.")
        self.env["retail.outbox.failure"]._record(self.commands(), error, in_doubt=False)
        exception = self.commands().exception_id
        self.assertEqual(
            (self.commands().state, exception.code), ("blocked", "fulfillment_refused")
        )
        self.assertEqual(len(exception.comparison), 2)
        self.assertEqual(exception.action_fix()["res_id"], self.picking.id)
        self.commands().action_cancel("the shop is right")
        self.assertEqual(exception.state, "resolved")

    def test_a_command_whose_goods_the_shop_knows_by_now_is_not_wanted(self):
        self.deliver(self.picking, A=3, B=2)
        exporter = self.env["retail.exporter.fulfill"]
        self.assertTrue(exporter._is_wanted(self.commands()))
        self.run_import(self.shipment("X1", A=3, B=2))
        self.assertFalse(exporter._is_wanted(self.commands()))
        self.assertFalse(self.problems())


@tagged("post_install", "-at_install")
class TestShipmentImport(FulfillmentCase):
    """What a shop tells of fulfilments."""

    def test_the_echo_of_our_own_has_no_effect(self):
        self.deliver(self.picking, A=3, B=2)
        self.done(self.commands(), "F1")
        results, failures = self.run_import(self.shipment("F1", A=3, B=2))
        self.assertEqual((results["F1"].outcome.value, failures), ("done", {}))
        self.assertEqual((len(self.shipments()), self.problems()), (1, []))

    def test_an_echo_that_is_faster_than_our_own_answer_waits(self):
        self.deliver(self.picking, A=3, B=2)
        self.commands().write({"state": "leased"})
        _results, failures = self.run_import(self.shipment("F1", A=3, B=2))
        (failure,) = failures.values()
        self.assertIn("just being sent", str(failure))
        self.assertEqual(failure.error_class.value, "transient")
        self.done(self.commands(), "F1")
        _results, failures = self.run_import(self.shipment("F1", A=3, B=2))
        self.assertEqual((len(self.shipments()), self.problems(), failures), (1, [], {}))

    def test_what_the_shop_fulfils_itself_is_shown(self):
        self.run_import(self.shipment("X1", A=1))
        self.assertEqual(self.problems(), [("foreign_fulfillment", "open")])
        exception = self.env["retail.exception"].search([("code", "=", "foreign_fulfillment")])
        self.assertEqual(exception.action_fix()["res_id"], self.sale.id)
        self.deliver(self.picking, A=3, B=2)
        self.assertEqual(self.told(), [{self.a: 2, self.b: 2}], "the shop is told the rest only")

    def test_a_fulfilment_by_hand_of_what_odoo_delivered_is_nothing_to_show(self):
        self.backend.flow_ids.filtered(lambda flow: flow.direction == "out").active = False
        self.deliver(self.picking, A=3, B=2)
        self.run_import(self.shipment("X1", A=3))
        self.assertFalse(self.problems())

    def test_a_fulfilment_by_hand_that_is_cancelled_is_over(self):
        self.run_import(self.shipment("X1", A=1))
        self.run_import(self.shipment("X1", 2, ShipmentState.CANCELLED, A=1))
        self.assertEqual(self.problems(), [("foreign_fulfillment", "resolved")])
        self.deliver(self.picking, A=3, B=2)
        self.assertEqual(self.told(), [{self.a: 3, self.b: 2}])

    def test_our_own_cancelled_by_the_shop_is_shown(self):
        self.deliver(self.picking, A=3, B=2)
        self.done(self.commands(), "F1")
        self.run_import(self.shipment("F1", 2, ShipmentState.CANCELLED, A=3, B=2))
        self.assertEqual(self.problems(), [("fulfillment_taken_back", "open")])
        self.assertEqual(self.shipments().state, "cancelled")

    def test_our_own_that_we_took_back_is_nothing_to_show(self):
        self.deliver(self.picking, A=3, B=2)
        self.done(self.commands(), "F1")
        self.env["retail.fulfillment"]._take_back(self.picking)
        self.run_import(self.shipment("F1", 2, ShipmentState.CANCELLED, A=3, B=2))
        self.assertFalse(self.problems())

    def test_a_shipment_before_its_order_leaves_the_word_to_the_order(self):
        self.message = changed(self.message, external_id="later")
        results, failures = self.run_import(self.shipment("F9", A=1))
        self.assertEqual((results["F9"].outcome.value, failures), ("ignored", {}))

    def test_an_older_state_changes_nothing(self):
        self.run_import(self.shipment("X1", 5, ShipmentState.CANCELLED, A=1))
        results, _failures = self.run_import(self.shipment("X1", 1, A=1))
        self.assertEqual(results["X1"].outcome.value, "superseded")
        self.assertFalse(self.problems())
