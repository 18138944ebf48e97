from odoo.tests import tagged

from .returns import ReturnCase, coming, line


@tagged("post_install", "-at_install")
class TestReturnGoods(ReturnCase):
    """What becomes of goods that are here: nothing is lost, nothing moves twice."""

    def arrive(self, order, *lines, external_id="W-R", minutes=30, **values):
        """Let the warehouse tell of goods of an order."""
        message = coming(
            "received", *lines, order=order.name, external_id=external_id,
            location_external_id="W1", minutes=minutes, **values,
        )  # fmt: skip
        self.happen(message)
        return self.returned(order)

    def authorize(self, order, *lines, **values):
        """Let the shop authorise a return."""
        self.receive(
            coming("authorized", *lines, order=self.shop_id(order), external_id="S-R", **values),
            backend=self.shop,
        )
        return self.returned(order)

    def rule(self, condition, disposition, **values):
        """Add a rule of the company."""
        self.env["retail.return.rule"].create(
            {
                "company_id": self.company.id,
                "condition": condition,
                "disposition": disposition,
                **values,
            }
        )

    def test_each_disposition_has_its_place(self):
        order = self.delivered(A=4)
        self.authorize(order, line("A", 4))
        rows = [
            line("A", 1, 1, disposition=name, external_id=f"L{index}")
            for index, name in enumerate(("restock", "refurbish", "scrap", "vendor"))
        ]
        record = self.arrive(order, *rows)
        self.assertEqual(self.on_hand("A"), 97)
        self.assertEqual(self.lies("A", "refurbish"), 1)
        self.assertEqual(self.lies("A", "undecided"), 0)
        scrap = self.env["stock.scrap"].search([("product_id", "=", self.products["A"].id)])
        self.assertEqual((scrap.state, scrap.scrap_qty), ("done", 1))
        self.assertEqual(self.came_back("A"), 4)
        self.assertEqual(record.line_ids.disposed_quantity, 4)
        moves = self.env["retail.move.binding"].search([("return_goods_id", "!=", False)]).odoo_id
        self.assertEqual(len(moves), 6)

    def test_without_a_rule_a_person_decides(self):
        order = self.delivered(A=1)
        self.authorize(order, line("A"))
        record = self.arrive(order, line("A", 1, 1, "opened"))
        self.assertEqual((record.state, record.whose_turn), ("received", "operator"))
        self.assertEqual((self.on_hand("A"), self.lies("A", "undecided")), (99, 1))
        record.goods_ids.action_restock()
        self.move_goods()
        self.assertEqual((self.on_hand("A"), self.lies("A", "undecided")), (100, 0))
        self.assertNotEqual(record.whose_turn, "operator")

    def test_the_rule_of_the_warehouse_decides(self):
        self.rule("damaged", "scrap")
        self.rule("damaged", "refurbish", warehouse_id=self.stock.id)
        order = self.delivered(A=1)
        self.authorize(order, line("A"))
        self.arrive(order, line("A", 1, 1, "damaged"))
        self.assertEqual((self.on_hand("A"), self.lies("A", "refurbish")), (99, 1))
        self.assertIn("return_damaged", self.all_problems())

    def test_parts_come_one_after_the_other(self):
        order = self.delivered(A=3)
        record = self.authorize(order, line("A", 3))
        self.arrive(order, line("A", 3, 1, disposition="restock"))
        self.assertEqual((record.whose_turn, self.on_hand("A")), ("warehouse", 98))
        self.arrive(order, line("A", 3, 3, disposition="restock"), minutes=40)
        self.assertEqual((self.came_back("A"), self.on_hand("A")), (3, 100))
        self.assertEqual(order.order_line.qty_delivered, 0)
        self.assertEqual(set(record.picking_ids.mapped("state")), {"done"})

    def test_more_than_was_sent_is_recorded_and_shown(self):
        order = self.delivered(A=1)
        self.authorize(order, line("A", 1))
        record = self.arrive(order, line("A", 1, 3, disposition="restock"))
        self.assertEqual((self.came_back("A"), self.on_hand("A")), (3, 102))
        self.assertIn("return_more_than_sent", self.all_problems())
        self.assertEqual(order.order_line.qty_delivered, 0)
        self.assertEqual(record.line_ids.received_quantity, 3)

    def test_another_item_than_was_sold_is_recorded_as_what_it_is(self):
        order = self.delivered(A=1)
        self.authorize(order, line("A", 1, order_line_external_id="SO-A"))
        wrong = line("B", 1, 1, disposition="restock", order_line_external_id="SO-A")
        record = self.arrive(order, wrong)
        self.assertEqual((self.came_back("A"), self.came_back("B")), (0, 1))
        self.assertEqual(self.on_hand("B"), 101)
        self.assertIn("return_wrong_item", self.all_problems())
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertFalse(record.line_ids.filtered("asked_quantity"))

    def test_an_unknown_item_waits_for_a_person_and_is_not_lost(self):
        order = self.delivered(A=1)
        record = self.arrive(order, line("GHOST", 1, 1, disposition="restock"))
        self.assertIn("return_unknown_item", self.all_problems())
        self.assertEqual(record.whose_turn, "operator")
        wizard = self.env["retail.return.receipt"].browse(record.action_came()["res_id"])
        told = wizard.line_ids.filtered("goods_id")
        told.product_id = self.products["B"]
        wizard.action_enter()
        self.move_goods()
        self.assertEqual(self.on_hand("B"), 101)
        self.assertNotIn("return_unknown_item", self.all_problems())

    def test_an_unauthorised_return_is_accepted_by_a_person(self):
        order = self.delivered(A=1)
        record = self.arrive(order, line("A", 1, 1, disposition="restock"))
        self.assertEqual(self.on_hand("A"), 100)
        self.assertIn("return_unauthorized", self.all_problems())
        self.assertEqual(record.refund_state, "not_due")
        record.action_accept()
        self.assertNotIn("return_unauthorized", self.all_problems())
        self.assertEqual(record.line_ids.quantity, 1)
        self.assertNotEqual(record.refund_state, "not_due")

    def test_a_smaller_figure_later_is_shown_and_moves_nothing_back(self):
        order = self.delivered(A=2)
        self.authorize(order, line("A", 2))
        self.arrive(order, line("A", 2, 2, disposition="restock"))
        self.arrive(order, line("A", 2, 1, disposition="restock"), minutes=40)
        self.assertEqual((self.came_back("A"), self.on_hand("A")), (2, 100))
        self.assertIn("return_disputed", self.all_problems())

    def test_lots_are_those_that_were_told_or_delivered(self):
        product = self.products["L"] = self.make_product("L", stock=0, tracking="lot")
        for lot in ("L1", "L2"):
            self.put_in_stock(product, 2, lot)
        order = self.delivered(L=3)
        self.authorize(order, line("L", 3))
        record = self.arrive(order, line("L", 3, 1, disposition="restock", lots={"L1": 1}))
        moved = record.picking_ids.filtered(lambda one: one.state == "done").move_line_ids
        self.assertEqual(moved.lot_id.name, "L1")
        self.arrive(order, line("L", 3, 3, disposition="restock"), minutes=40)
        lots = {}
        for one in record.picking_ids.filtered(lambda each: each.state == "done").move_line_ids:
            lots[one.lot_id.name] = lots.get(one.lot_id.name, 0) + one.quantity
        self.assertEqual(sum(lots.values()), 3)
        self.assertEqual(lots["L1"], 2)

    def test_a_serial_that_nobody_names_waits_for_a_person(self):
        product = self.products["S"] = self.make_product("S", stock=0, tracking="serial")
        for serial in ("S1", "S2"):
            self.put_in_stock(product, 1, serial)
        order = self.delivered(S=2)
        self.authorize(order, line("S", 2))
        record = self.arrive(order, line("S", 2, 1, disposition="restock"))
        self.assertIn("return_lot_unknown", self.all_problems())
        self.assertEqual((record.whose_turn, self.came_back("S")), ("operator", 0))
        wizard = self.env["retail.return.receipt"].browse(record.action_came()["res_id"])
        wizard.line_ids.filtered("goods_id").lot_name = "S2"
        wizard.action_enter()
        self.move_goods()
        done = record.picking_ids.filtered(lambda one: one.state == "done")
        self.assertEqual(done.move_line_ids.lot_id.name, "S2")
        self.assertNotIn("return_lot_unknown", self.all_problems())

    def test_a_receipt_that_a_person_validates_is_not_moved_again(self):
        order = self.delivered(A=2)
        record = self.authorize(order, line("A", 2))
        receipt = record.picking_ids
        receipt.move_ids.quantity = 2
        receipt.move_ids.picked = True
        receipt._action_done()
        self.assertEqual(record.line_ids.received_quantity, 2)
        self.arrive(order, line("A", 2, 2, disposition="restock"))
        self.assertEqual((self.came_back("A"), self.on_hand("A")), (2, 100))
        self.assertNotIn("return_disputed", self.all_problems())

    def test_a_web_order_that_comes_back_to_a_store_lands_there(self):
        store = self._make_stock("Store")
        order = self.delivered(A=2)
        record = self.authorize(order, line("A", 2))
        self.assertEqual(record.picking_ids.picking_type_id.warehouse_id, self.stock)
        estate = self.make_backend("Stores", "canonical")
        self.env["retail.location.binding"].create(
            {
                "backend_id": estate.id,
                "external_id": "STORE-1",
                "name": "Store",
                "odoo_id": store.lot_stock_id.id,
            }
        )
        self.receive(
            coming("received", line("A", 1, 1, "sellable", "restock"), order=order.name,
                   location_external_id="STORE-1", minutes=30),
            backend=estate,
        )  # fmt: skip
        self.move_goods(store)
        self.assertEqual((self.on_hand("A", store), self.on_hand("A")), (1, 98))
        self.assertEqual(self.came_back("A"), 1)
        self.assertEqual(self.returned(order), record)
        self.assertEqual(order.order_line.qty_delivered, 1)
