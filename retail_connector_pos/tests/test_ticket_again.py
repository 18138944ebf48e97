from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from . import estate
from .common import PosCase
from .test_return_ticket import back
from .tickets import card, cash, changed, line, ticket


@tagged("post_install", "-at_install")
class TestTicketAgain(PosCase):
    """Another state of a ticket that was imported."""

    def setUp(self):
        super().setUp()
        self.message = ticket(line("A", 2), line("B", 1, price=7), tenders=[card("30.80")])
        self.drain(self.message)
        self.binding = self.ticket(self.message)

    def _close(self, session):
        session.post_closing_cash_details(session.cash_register_balance_end)
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")
        self.binding.day_id.state = "closed"

    # Nothing to do

    def test_the_same_again_changes_nothing(self):
        order, written = self.binding.odoo_id, self.binding.odoo_id.write_date
        self.drain(changed(self.message, note="Another note"))
        self.assertEqual(self.binding.odoo_id, order)
        self.assertEqual(order.write_date, written)
        self.assertEqual(self.binding.snapshot["note"], "Another note")

    # Voided

    def test_what_is_voided_is_taken_back_in_an_order_of_its_own(self):
        self.drain(changed(self.message, voided=True))
        order, reversal = self.binding.odoo_id, self.binding.reversal_id
        self.assertEqual(reversal.session_id, order.session_id)
        self.assertEqual((reversal.amount_total, reversal.amount_tax), (-30.8, -order.amount_tax))
        self.assertEqual(reversal.lines.refunded_orderline_id, order.lines)
        self.assertEqual(sorted(reversal.lines.mapped("qty")), [-2, -1])
        self.assertEqual(order.lines.mapped("refunded_qty"), [2, 1])
        self.assertEqual(reversal.payment_ids.mapped("amount"), [-30.8])
        self.assertEqual((reversal.state, reversal.is_refund), ("paid", True))
        self.assertTrue(self.binding.voided)

    def test_it_is_taken_back_once(self):
        void = changed(self.message, voided=True)
        self.drain(void)
        reversal = self.binding.reversal_id
        self.drain(changed(void, note="Sent again"))
        self.assertEqual(self.binding.reversal_id, reversal)
        orders = self.env["pos.order"].search([("session_id", "=", reversal.session_id.id)])
        self.assertEqual(len(orders), 2)

    def test_its_goods_come_back_to_stock(self):
        self.env["retail.pos.stock"]._move_some(self.warehouse.id)
        self.assertEqual(self.on_hand("A"), 98)
        self.drain(changed(self.message, voided=True))
        self.env["retail.pos.stock"]._move_some(self.warehouse.id)
        self.assertEqual((self.on_hand("A"), self.on_hand("B")), (100, 100))

    def test_goods_that_have_not_moved_yet_end_where_they_were(self):
        self.drain(changed(self.message, voided=True))
        while self.env["retail.pos.stock"]._move_some(self.warehouse.id):
            pass
        self.assertEqual((self.on_hand("A"), self.on_hand("B")), (100, 100))

    def test_a_closed_days_ticket_is_taken_back_on_an_open_day(self):
        session = self.binding.odoo_id.session_id
        self._close(session)
        self.drain(changed(self.message, voided=True))
        reversal = self.binding.reversal_id
        self.assertNotEqual(reversal.session_id, session)
        self.assertEqual(reversal.session_id.state, "opened")
        self.assertGreater(
            reversal.session_id.retail_day_id.business_date, self.binding.day_id.business_date
        )

    def test_the_books_show_nothing_of_a_voided_ticket(self):
        self.drain(changed(self.message, voided=True))
        session = self.binding.odoo_id.session_id
        self._close(session)
        move = session.move_id
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0)
        for account in move.line_ids.account_id:
            lines = move.line_ids.filtered(lambda each, one=account: each.account_id == one)
            self.assertAlmostEqual(sum(lines.mapped("balance")), 0)

    def test_an_exchange_of_nothing_is_taken_back(self):
        exchange = ticket(back(self.message), line("C", 1), tenders=[], minutes=5)
        self.drain(exchange)
        self.drain(changed(exchange, voided=True))
        reversal = self.ticket(exchange).reversal_id
        self.assertEqual((reversal.amount_total, sum(reversal.lines.mapped("qty"))), (0, 0))
        self.assertEqual(self.binding.odoo_id.lines[0].refunded_qty, 0)
        session = reversal.session_id
        session.post_closing_cash_details(session.cash_register_balance_end)
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")

    def test_what_came_back_in_part_is_for_a_person(self):
        self.drain(ticket(back(self.message), minutes=5))
        problem = self.problem_of(changed(self.message, voided=True))
        self.assertEqual((problem.code, problem.amount), ("void_after_return", self.message.total))
        self.assertFalse(self.binding.reversal_id)

    def test_what_was_voided_does_not_come_to_life_by_itself(self):
        void = changed(self.message, voided=True)
        self.drain(void)
        problem = self.problem_of(changed(void, voided=False))
        self.assertEqual(problem.code, "ticket_revived")

    # Changed goods

    def test_changed_goods_are_shown_in_three_columns(self):
        now = ticket(line("A", 1), line("B", 1, price=7), tenders=[card("18.90")])
        now = changed(self.message, lines=now.lines, tenders=now.tenders, total=now.total,
                      total_tax=now.total_tax)  # fmt: skip
        problem = self.problem_of(now)
        self.assertEqual(
            (problem.code, problem.error_class), ("ticket_changed", ErrorClass.CONFLICT)
        )
        rows = {row[0]: row[1:] for row in problem.comparison}
        self.assertEqual(rows["A (imported: 2)"], ("1", "2"))
        self.assertEqual(problem.fix_values["res_id"], self.binding.odoo_id.id)
        self.assertEqual(self.binding.odoo_id.amount_total, 30.8)
        self.assertEqual(self.binding.snapshot["lines"][0]["quantity"], "2")

    def test_an_older_state_changes_nothing(self):
        self.drain(changed(self.message, minutes=-5, total=1))
        self.assertEqual(self.binding.odoo_id.amount_total, 30.8)

    # Paid otherwise

    def test_another_tender_is_written_while_the_day_is_open(self):
        self.drain(changed(self.message, tenders=(cash("30.80"),)))
        order = self.binding.odoo_id
        self.assertEqual(order.payment_ids.payment_method_id, self.cash_method(self.register))
        self.assertEqual((order.amount_paid, order.amount_total, order.state), (30.8, 30.8, "paid"))

    def test_a_tender_that_is_divided_is_written(self):
        self.drain(changed(self.message, tenders=(card("20.00"), cash("10.80"))))
        self.assertEqual(sorted(self.binding.odoo_id.payment_ids.mapped("amount")), [10.8, 20])

    def test_another_tender_of_a_closed_day_is_for_an_accountant(self):
        self._close(self.binding.odoo_id.session_id)
        problem = self.problem_of(changed(self.message, tenders=(cash("30.80"),)))
        self.assertEqual(problem.code, "ticket_paid_otherwise")
        (row,) = problem.comparison
        self.assertIn("Card 30.80", row[0])
        self.assertIn("30.80", row[1])
        self.assertEqual(row[2], "Card 30.80")

    def test_payments_that_somebody_changed_in_odoo_are_not_overwritten(self):
        other = estate.make_method(self.env, self.company, "bank", "Other")
        config = self.config.with_context(bypass_payment_method_ids_forbidden_change=True)
        config.payment_method_ids += other
        self.binding.odoo_id.payment_ids.payment_method_id = other
        problem = self.problem_of(changed(self.message, tenders=(cash("30.80"),)))
        self.assertEqual(problem.code, "ticket_paid_otherwise")
        self.assertEqual(problem.comparison[0][2], "Other 30.80")

    def test_what_somebody_wrote_in_odoo_already_is_no_conflict(self):
        order = self.binding.odoo_id
        order.payment_ids.payment_method_id = self.cash_method(self.register)
        self.drain(changed(self.message, tenders=(cash("30.80"),)))
        self.assertEqual(order.payment_ids.amount, 30.8)

    # Cards that were taken offline

    def _pending(self, **values):
        message = ticket(
            line("A", 1),
            tenders=[card("11.90", state="pending")],
            offline=True,
            minutes=5,
            **values,
        )
        self.drain(message)
        return message

    def _told(self, message, state, *more):
        tender = message.tenders[0].model_copy(
            update={"state": type(message.tenders[0].state)(state)}
        )
        return changed(message, tenders=(tender, *more))

    def test_a_pending_card_that_is_accepted_is_no_longer_pending(self):
        message = self._pending()
        self.assertTrue(self.ticket(message).pending)
        self.drain(self._told(message, "accepted"))
        self.assertFalse(self.ticket(message).pending)
        self.assertEqual(self.problems(), [])

    def test_a_card_that_is_declined_afterwards_is_an_exception_with_its_amount(self):
        message = self._pending()
        self.drain(self._told(message, "declined"))
        found = self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("state", "=", "open")]
        )
        self.assertEqual((found.amount_at_risk, found.error_class), (11.9, "finance"))
        self.assertEqual(self.order(message).state, "paid")

    def test_a_declined_card_that_is_paid_in_cash_is_settled(self):
        message = self._pending()
        declined = self._told(message, "declined")
        self.drain(declined)
        self.drain(changed(declined, tenders=(*declined.tenders, cash("11.90"))))
        self.assertEqual(
            self.order(message).payment_ids.payment_method_id, self.cash_method(self.register)
        )
        self.assertEqual(self.problems(), [])

    def test_a_later_state_of_another_day_does_not_move_the_ticket(self):
        day = self.message.business_date + timedelta(days=1)
        self.assertEqual(
            self.problem_of(changed(self.message, business_date=day)).code, "ticket_changed"
        )
