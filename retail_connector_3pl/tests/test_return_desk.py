from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.retail_connector_base.tests.access import create_user

from .returns import ReturnCase, coming, line


@tagged("post_install", "-at_install")
class TestReturnDesk(ReturnCase):
    """What people do, within their roles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        roles = ("operator", "accountant", "auditor")
        cls.people = {role: create_user(cls.env, role, company=cls.company) for role in roles}

    def entered(self, order, quantity=1, **values):
        """Enter a return of an order's first line by hand."""
        form = Form(self.env["retail.return.entry"].with_company(self.company))
        form.order_id = order
        form.backend_id = self.shop
        for name, value in values.items():
            setattr(form, name, value)
        wizard = form.save()
        wizard.line_ids[0].quantity = quantity
        return self.env["retail.return"].browse(wizard.action_enter()["res_id"])

    def test_a_return_is_entered_and_taken_in_by_hand(self):
        order = self.delivered(A=2)
        record = self.entered(order, 2, rma="RMA-77")
        self.assertEqual((record.state, record.warehouse_id), ("authorized", self.stock))
        self.assertEqual(record.picking_ids.move_ids.product_uom_qty, 2)
        wizard = self.env["retail.return.receipt"].browse(record.action_came()["res_id"])
        wizard.line_ids.write({"quantity": 2, "condition": "sellable", "disposition": "restock"})
        wizard.action_enter()
        self.move_goods()
        self.assertEqual((self.came_back("A"), self.on_hand("A")), (2, 100))
        self.assertTrue(record.received_at)

    def test_whose_it_is_and_where_it_goes_follows_from_the_order(self):
        order = self.delivered(A=1)
        entries = self.env["retail.return.entry"].with_company(self.company)
        wizard = entries.create({"order_id": order.id})
        self.assertEqual((wizard.backend_id, wizard.warehouse_id), (self.shop, self.stock))
        self.assertEqual(wizard.line_ids.sale_line_id, order.order_line)

    def test_only_an_operator_decides_and_only_an_accountant_about_money(self):
        record = self.entered(self.delivered(A=1))
        for name in ("action_reject", "action_close", "action_came", "action_sent"):
            with self.subTest(button=name), self.assertRaises(AccessError):
                getattr(record.with_user(self.people["auditor"]), name)()
        for name in ("action_refunded", "action_no_refund"):
            with self.subTest(button=name), self.assertRaises(AccessError):
                getattr(record.with_user(self.people["operator"]), name)()
        record.with_user(self.people["operator"]).action_sent()
        self.assertEqual(record.state, "in_transit")

    def test_what_was_refused_expects_nothing(self):
        record = self.entered(self.delivered(A=1))
        record.action_reject()
        self.assertEqual((record.state, record.whose_turn), ("rejected", "nobody"))
        self.assertEqual(record.picking_ids.state, "cancel")
        with self.assertRaises(UserError):
            record.action_authorize()

    def test_goods_that_are_here_cannot_be_refused_any_more(self):
        order = self.delivered(A=1)
        self.happen(
            coming("received", line("A", 1, 1, disposition="restock"), order=order.name,
                   location_external_id="W1")
        )  # fmt: skip
        with self.assertRaises(UserError):
            self.returned(order).action_cancel()

    def test_without_gateway_a_person_is_asked_for_the_money_and_ends_it(self):
        self.people["operator"].company_id = self.company
        order = self.delivered(A=1)
        record = self.entered(order)
        self.happen(
            coming("received", line("A", 1, 1, disposition="restock"), name=record.name,
                   order=order.name, location_external_id="W1")
        )  # fmt: skip
        self.assertIn("return_refund_due", self.all_problems())
        self.assertEqual((record.refund_state, record.whose_turn), ("asked", "accountant"))
        self.assertTrue(record.activity_ids)
        self.assertEqual(record.asked_amount, 10)
        record.with_user(self.people["accountant"]).action_refunded()
        self.assertEqual((record.state, record.whose_turn), ("completed", "nobody"))
        self.assertNotIn("return_refund_due", self.all_problems())
        self.assertFalse(record.activity_ids)

    def test_nothing_more_will_come(self):
        order = self.delivered(A=2)
        record = self.entered(order, 2)
        self.happen(
            coming("received", line("A", 2, 1, disposition="restock"), name=record.name,
                   order=order.name, location_external_id="W1")
        )  # fmt: skip
        self.assertEqual(record.refund_state, "not_due")
        record.action_close()
        self.assertEqual(record.asked_amount, 10)
        open_ones = record.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        self.assertFalse(open_ones)

    def test_a_return_of_an_unknown_order_is_tied_by_hand(self):
        self.happen(
            coming("received", line("A", 1, 1, disposition="restock"), order="NOWHERE",
                   location_external_id="W1")
        )  # fmt: skip
        record = self.returned()
        order = self.delivered(A=1)
        action = record.action_tie()
        wizard = self.env["retail.return.tie"].with_context(**action["context"])
        wizard.create({"order_id": order.id}).action_tie()
        self.assertEqual(record.line_ids.sale_line_id, order.order_line)
        self.assertNotIn("return_order_unknown", self.all_problems())

    def test_the_list_and_the_page_open(self):
        self.entered(self.delivered(A=1))
        for view in ("list", "kanban", "form", "search"):
            self.env["retail.return"].get_view(view_type=view)


@tagged("post_install", "-at_install")
class TestExchange(ReturnCase):
    """What the customer gets instead: dearer, cheaper, equal."""

    def exchanged(self, price):
        """Return a return of one A (10.00) against one B at a price."""
        self.products["B"].lst_price = price
        order = self.delivered(A=1)
        self.happen(
            coming("received", line("A", 1, 1, disposition="restock"),
                   order=self.shop_id(order), instead={"B": 1}),
            backend=self.tool,
        )  # fmt: skip
        return self.returned(order)

    def test_equal_goes_out_and_nothing_goes_back(self):
        record = self.exchanged(10.0)
        sale = record.exchange_order_id
        self.assertEqual((sale.state, sale.amount_total), ("sale", 10))
        self.assertIn(record.order_id.name, sale.origin)
        self.assertEqual(record.exchange_ids.sale_line_id, sale.order_line)
        self.assertEqual(record.asked_amount, 0)

    def test_dearer_waits_until_the_customer_paid(self):
        record = self.exchanged(14.0)
        self.assertEqual(record.exchange_order_id.state, "draft")
        self.assertEqual(record._balance().is_owed, 4)
        self.assertEqual(record.asked_amount, 0)
        record.action_confirm_exchange()
        self.assertEqual(record.exchange_order_id.state, "sale")

    def test_cheaper_gives_the_difference_back(self):
        record = self.exchanged(4.0)
        self.assertEqual(record.exchange_order_id.state, "sale")
        self.assertEqual(record.asked_amount, 6)

    def test_an_exchange_of_the_orders_own_shop_makes_no_second_order(self):
        order = self.delivered(A=1)
        self.happen(
            coming("received", line("A", 1, 1, disposition="restock"),
                   order=self.shop_id(order), instead={"B": 1}),
            backend=self.shop,
        )  # fmt: skip
        record = self.returned(order)
        self.assertTrue(record.exchange_ids)
        self.assertFalse(record.exchange_order_id)
