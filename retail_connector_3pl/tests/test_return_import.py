from odoo.tests import tagged

from .returns import ReturnCase, coming, line


@tagged("post_install", "-at_install")
class TestReturnImport(ReturnCase):
    """Who tells of returns, in whichever order."""

    def test_the_usual_way_to_stock(self):
        order = self.delivered(A=3)
        told = {"order": self.shop_id(order), "external_id": "T1", "name": "RMA-1"}
        self.receive(coming("authorized", line("A", 2), **told), backend=self.tool)
        record = self.returned(order)
        self.assertEqual((record.state, record.whose_turn), ("authorized", "customer"))
        receipt = record.picking_ids
        self.assertEqual(receipt.picking_type_id, self.stock.in_type_id)
        self.assertEqual(receipt.move_ids.origin_returned_move_id, self.deliveries(order))
        self.assertTrue(receipt.move_ids.to_refund)
        self.receive(coming("in_transit", line("A", 2), minutes=20, **told), backend=self.tool)
        self.assertEqual((record.state, record.whose_turn), ("in_transit", "carrier"))
        came = coming(
            "received", line("A", 2, 2, "sellable", "restock"),
            external_id="W-1", name="rma 1", location_external_id="W1", minutes=30,
        )  # fmt: skip
        self.happen(came)
        self.assertEqual(self.returned(), record)
        self.assertEqual(receipt.state, "done")
        self.assertEqual(self.on_hand("A"), 99)
        self.assertEqual(order.order_line.qty_delivered, 1)
        bindings = self.env["retail.move.binding"].search([("return_goods_id", "!=", False)])
        self.assertEqual(bindings.odoo_id, receipt.move_ids)

    def test_the_same_units_told_by_three_move_once(self):
        order = self.delivered(A=2)
        told = {"order": self.shop_id(order), "name": "RMA-2"}
        tool = coming("received", line("A", 2, 2, disposition="restock"), **told)
        house = coming(
            "received", line("A", 2, 2, disposition="restock"), name="RMA-2",
            location_external_id="W1", minutes=20,
        )  # fmt: skip
        shop = coming("completed", line("A", 2), minutes=30, **told)
        self.happen(tool, backend=self.tool)
        self.happen(house)
        self.happen(shop, backend=self.shop)
        self.happen(coming("received", line("A", 2, 2, disposition="restock"), minutes=40,
                           external_id=tool.external_id, **told), backend=self.tool)  # fmt: skip
        self.assertEqual(len(self.returned()), 1)
        self.assertEqual((self.came_back("A"), self.on_hand("A")), (2, 100))
        self.assertEqual(self.all_problems(), ["return_refund_due"])

    def test_duplicates_and_older_messages_change_nothing(self):
        order = self.delivered(A=2)
        told = {"order": self.shop_id(order), "external_id": "T1"}
        first = coming("authorized", line("A", 1), minutes=10, **told)
        last = coming("received", line("A", 1, 1, disposition="restock"), minutes=30, **told)
        for message in (last, first, last, first):
            self.happen(message, backend=self.tool)
        record = self.returned(order)
        self.assertEqual(len(record), 1)
        self.assertIn(record.state, ("refund_eligible", "disposed", "completed"))
        self.assertEqual((self.came_back("A"), self.on_hand("A")), (1, 99))

    def test_a_return_before_its_order_is_tied_to_it_later(self):
        self.happen(
            coming("received", line("A", 1, 1, order_line_external_id="SO-A"), order="LATE-1"),
            backend=self.shop,
        )
        record = self.returned()
        self.assertFalse(record.order_id)
        self.assertIn("return_order_unknown", self.all_problems())
        self.move_goods(record.warehouse_id)
        self.assertEqual(self.came_back("A"), 1)
        order = self.sell(A=1)
        self.bind(order, external_id="LATE-1")
        self.bind_lines(order)
        self.assertEqual(record.order_id, order)
        self.assertEqual(record.line_ids.sale_line_id, order.order_line)
        self.assertNotIn("return_order_unknown", self.all_problems())
        self.assertEqual(self.came_back("A"), 1)

    def test_a_return_before_the_delivery_is_known_undoes_it_later(self):
        order = self.sell(A=2, bound=True)
        self.happen(
            coming(
                "received", line("A", 1, 1, disposition="restock"), order=order.name,
                location_external_id="W1",
            )
        )  # fmt: skip
        record = self.returned(order)
        self.assertIn("return_more_than_sent", self.all_problems())
        for move in order.picking_ids.move_ids:
            if move.location_dest_id.usage == "customer":
                move.write({"quantity": 2, "picked": True})
                move.picking_id._action_done()
        self.assertNotIn("return_more_than_sent", self.all_problems())
        self.assertEqual((order.order_line.qty_delivered, self.on_hand("A")), (1, 99))
        self.assertEqual(record.line_ids.moved_quantity, 1)

    def test_the_warehouse_names_the_order_by_our_release(self):
        order = self.sell(A=2)
        release = self.accepted(order)
        self.leave(release, A=2)
        self.happen(
            coming(
                "received", line("A", 1, 1, disposition="restock"), order=release.name,
                location_external_id="W1", minutes=90,
            )
        )  # fmt: skip
        record = self.returned(order)
        self.assertEqual(record.line_ids.sale_line_id, order.order_line)
        self.assertEqual(self.on_hand("A"), 99)
        self.assertIn("return_unauthorized", self.all_problems())

    def test_another_return_of_the_same_order_is_another_one(self):
        order = self.delivered(A=2)
        for number in ("RMA-1", "RMA-2"):
            self.happen(
                coming("received", line("A", 1, 1, disposition="restock"),
                       order=self.shop_id(order), name=number),
                backend=self.tool,
            )  # fmt: skip
        self.assertEqual(len(self.returned(order)), 2)
        self.assertEqual((self.came_back("A"), self.on_hand("A")), (2, 100))

    def test_a_cancelled_return_that_comes_all_the_same(self):
        order = self.delivered(A=1)
        told = {"order": self.shop_id(order), "external_id": "T1", "name": "RMA-9"}
        self.receive(coming("authorized", line("A"), **told), backend=self.tool)
        self.receive(coming("cancelled", line("A"), minutes=20, **told), backend=self.tool)
        record = self.returned(order)
        self.assertEqual((record.state, record.whose_turn), ("cancelled", "nobody"))
        self.assertEqual(record.picking_ids.state, "cancel")
        self.happen(
            coming("received", line("A", 1, 1, disposition="restock"), name="RMA-9",
                   location_external_id="W1", minutes=30)
        )  # fmt: skip
        self.assertEqual(self.on_hand("A"), 100)
        self.assertEqual(record.state in ("received", "disposed", "refund_eligible"), True)

    def test_goods_at_a_place_that_nobody_knows_wait(self):
        order = self.delivered(A=1)
        stored = self.happen(
            coming("received", line("A", 1, 1), order=self.shop_id(order),
                   location_external_id="MOON"),
            backend=self.tool,
        )  # fmt: skip
        self.assertEqual(stored.state, "blocked")
        self.assertIn("return_place_unknown", self.all_problems())
        self.assertFalse(self.returned(order))

    def test_the_third_party_is_told_and_its_own_id_is_known_from_then_on(self):
        order = self.delivered(A=2)
        self.receive(
            coming("authorized", line("A", 2), order=self.shop_id(order), name="RMA-5"),
            backend=self.tool,
        )
        record = self.returned(order)
        (command,) = self.commands("announce_return")
        told = command._command()
        self.assertEqual((told.reference, told.location_external_id), (record.name, "W1"))
        self.assertEqual([(one.sku, one.quantity) for one in told.lines], [("A", 2)])
        self.send()
        binding = record.binding_ids.filtered(lambda one: one.backend_id == self.backend)
        self.assertTrue(binding.external_id)
        self.happen(
            coming("received", line("A", 2, 2, disposition="restock"),
                   external_id=binding.external_id, location_external_id="W1", minutes=60)
        )  # fmt: skip
        self.assertEqual(self.returned(), record)
        self.assertEqual(self.on_hand("A"), 100)
