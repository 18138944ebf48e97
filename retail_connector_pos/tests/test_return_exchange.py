from odoo.tests import tagged

from .common import PosCase
from .test_return_ticket import back
from .tickets import card, cash, line, ticket


@tagged("post_install", "-at_install")
class TestReturnExchange(PosCase):
    """Goods that come back and goods that leave on one receipt."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.original = ticket(line("A", 2, price=20))

    def setUp(self):
        super().setUp()
        self.drain(self.original)

    def _exchange(self, *lines, **values):
        message = ticket(back(self.original), *lines, minutes=5, **values)
        self.drain(message)
        return self.order(message)

    def _assert(self, order, total, paid):
        self.assertEqual((order.amount_total, order.state), (total, "paid"))
        amounts = [(one.payment_method_id.name, one.amount) for one in order.payment_ids]
        self.assertEqual(sorted(amounts), paid)
        self.assertEqual(
            order.lines.filtered(lambda each: each.qty < 0).refunded_orderline_id,
            self.order(self.original).lines,
        )
        # Odoo keeps the subtotals of refunds with the other sign.
        sign = -1 if order.is_refund else 1
        self.assertAlmostEqual(sum(order.lines.mapped("price_subtotal_incl")) * sign, total)

    def test_a_dearer_thing_is_paid_for(self):
        order = self._exchange(line("B", 1, price=30), tenders=[card(10)])
        self._assert(order, 10, [("Card", 10)])

    def test_for_a_cheaper_thing_money_goes_back(self):
        order = self._exchange(line("B", 1, price=15), tenders=[card(-5)])
        self._assert(order, -5, [("Card", -5)])

    def test_an_equal_thing_costs_nothing(self):
        order = self._exchange(line("B", 1, price=20), tenders=[])
        self._assert(order, 0, [])

    def test_money_goes_back_by_another_tender_than_it_came_by(self):
        order = self._exchange(line("B", 1, price=5), tenders=[card(5), cash(-20)])
        self._assert(order, -15, sorted([("Card", 5), (self.cash_method(self.register).name, -20)]))

    def test_a_receipt_gives_back_goods_of_two_tickets(self):
        other = ticket(line("C", 1, price=8), minutes=1)
        self.drain(other)
        message = ticket(back(self.original), back(other), minutes=5)
        self.drain(message)
        refund = self.order(message)
        self.assertEqual(
            refund.lines.refunded_orderline_id,
            self.order(self.original).lines | self.order(other).lines,
        )
        self.assertEqual(self.order(self.original).lines.refunded_qty, 1)
        self.assertEqual(self.order(other).lines.refunded_qty, 1)
        self.assertEqual((refund.amount_total, refund.state), (-28, "paid"))
        self.assertIn(refund.refunded_order_id, self.order(self.original) | self.order(other))

    def test_a_session_with_exchanges_closes(self):
        other = ticket(line("C", 1, price=8), minutes=1)
        self.drain(other)
        self._exchange(line("B", 1, price=30), tenders=[card(10)])
        self.drain(ticket(back(self.original), back(other), minutes=7, tenders=[cash(-28)]))
        session = self.order(self.original).session_id
        session.post_closing_cash_details(session.cash_register_balance_end)
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")
        move = session.move_id
        self.assertEqual(sum(move.line_ids.mapped("balance")), 0)
        sales = move.line_ids.filtered(lambda each: each.display_type == "product")
        net = (40 + 8 + 30 - 20 - 20 - 8) / 1.19
        self.assertAlmostEqual(-sum(sales.mapped("balance")), net, 1)

    def test_goods_move_both_ways(self):
        self._exchange(line("B", 1, price=20), tenders=[])
        self.env["retail.pos.stock"]._move_some(self.warehouse.id)
        self.assertEqual((self.on_hand("A"), self.on_hand("B")), (99, 99))
