from datetime import timedelta
from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.retail_connector_base.decisions.problem import MissingParentError
from odoo.addons.retail_connector_base.providers.errors import ErrorClass, TransientError

from .common import PosCase
from .tickets import card, cash, changed, line, ticket


def back(original, number=0, quantity=-1, price=None, **values):
    """Return a line that gives back units of a line of another ticket."""
    sold = original.lines[number]
    sku = values.pop("sku", sold.sku)
    given = {
        "original_ticket_external_id": original.external_id,
        "original_line_external_id": sold.external_id,
        "price": sold.unit_price if price is None else price,
    }
    return line(sku, quantity, **{**given, **values})


@tagged("post_install", "-at_install")
class TestReturnTicket(PosCase):
    """Returns refer to what was sold and never exceed it."""

    def _sold(self, *lines, **values):
        message = ticket(*lines, **values)
        self.drain(message)
        return message

    def test_a_return_looks_as_a_refund_of_odoo_does(self):
        original = self._sold(line("A", 3))
        message = ticket(back(original, quantity=-2), minutes=5)
        self.drain(message)
        sold, refund = self.order(original), self.order(message)
        self.assertEqual(refund.lines.refunded_orderline_id, sold.lines)
        self.assertEqual(sold.lines.refunded_qty, 2)
        self.assertEqual((refund.refunded_order_id, refund.is_refund), (sold, True))
        self.assertEqual(refund.name, f"{sold.name} REFUND")
        self.assertEqual((refund.amount_total, refund.amount_paid), (-23.8, -23.8))
        self.assertEqual(refund.payment_ids.amount, -23.8)
        self.assertTrue(sold.has_refundable_lines)

    def test_more_than_was_sold_does_not_come_back(self):
        original = self._sold(line("A", 2))
        self.drain(ticket(back(original), minutes=5))
        problem = self.problem_of(ticket(back(original, quantity=-2), minutes=6))
        self.assertEqual(problem.code, "return_exceeds_sale")
        self.assertEqual(problem.error_class, ErrorClass.FINANCE)
        self.assertEqual((problem.amount, problem.currency), (Decimal("23.80"), "EUR"))
        self.assertEqual({row[0]: row[1:] for row in problem.comparison}["Sold"], ("", "2"))
        self.assertEqual(self.order(original).lines.refunded_qty, 1)

    def test_two_returns_of_one_batch_do_not_exceed_it_either(self):
        original = self._sold(line("A", 1))
        first, second = (ticket(back(original), minutes=minute) for minute in (5, 6))
        results, failures = self.run_import(first, second)
        self.assertIn(first.external_id, results)
        self.assertIsInstance(failures[second.external_id], TransientError)
        self.assertEqual(self.problem_of(second).code, "return_exceeds_sale")
        self.assertEqual(self.order(original).lines.refunded_qty, 1)

    def test_two_returns_of_one_batch_that_fit_both_come_through(self):
        original = self._sold(line("A", 2))
        self.drain(*(ticket(back(original), minutes=minute) for minute in (5, 6)))
        self.assertEqual(self.order(original).lines.refunded_qty, 2)
        self.assertFalse(self.order(original).has_refundable_lines)

    def test_a_return_waits_for_its_original(self):
        original = ticket(line("A", 1))
        message = ticket(back(original), minutes=5)
        results, failures = self.run_import(message)
        self.assertFalse(results)
        error = failures[message.external_id]
        self.assertIsInstance(error, MissingParentError)
        self.assertEqual(error.entity_key, original.entity_key)
        self.drain(original)
        self.drain(message)
        self.assertEqual(self.order(original).lines.refunded_qty, 1)

    def test_a_line_that_is_not_named_is_found_by_its_product(self):
        original = self._sold(line("B", 1), line("A", 1), line("A", 2, price=10))
        message = ticket(
            back(original, 1, quantity=-3, price=10, original_line_external_id=None), minutes=5
        )
        self.drain(message)
        sold = self.order(original).lines
        self.assertEqual(sold.mapped("refunded_qty"), [0, 1, 2])
        self.assertEqual(self.order(message).amount_total, -30)
        self.assertEqual(len(self.order(message).lines), 2)

    def test_goods_that_the_ticket_did_not_sell_do_not_come_back(self):
        original = self._sold(line("A", 1))
        wrong = back(original, original_line_external_id=None, sku="B")
        self.assertEqual(self.problem_of(ticket(wrong, minutes=5)).code, "return_exceeds_sale")

    def test_a_voided_original_gives_nothing_back(self):
        original = ticket(line("A", 1), voided=True)
        self.drain(original)
        problem = self.problem_of(ticket(back(original), minutes=5))
        self.assertEqual((problem.code, problem.amount), ("return_of_voided", Decimal("11.90")))

    def test_a_return_to_another_tender(self):
        original = self._sold(line("A", 1), tenders=[card("11.90")])
        message = ticket(back(original), tenders=[cash("-11.90")], minutes=5)
        self.drain(message)
        payments = self.order(message).payment_ids
        self.assertEqual(payments.payment_method_id, self.cash_method(self.register))
        self.assertEqual(payments.amount, -11.9)

    def test_goods_come_back_to_the_store(self):
        original = self._sold(line("A", 3))
        self.drain(ticket(back(original, quantity=-2), minutes=5))
        self.env["retail.pos.stock"]._move_some(self.warehouse.id)
        self.assertEqual(self.on_hand("A"), 99)

    def test_a_return_in_another_store(self):
        original = self._sold(line("A", 1))
        message = ticket(back(original), store="S2", minutes=5)
        self.drain(message)
        self.assertEqual(self.order(message).refunded_order_id, self.order(original))
        self.assertEqual(self.order(message).config_id, self.register3.odoo_id)

    # Price and taxes

    def test_more_money_than_was_paid_is_shown_and_imported(self):
        original = self._sold(line("A", 2, price=10))
        message = ticket(back(original, price="11.90"), minutes=5)
        self.drain(message)
        problem = self._exception("return_differs")
        self.assertEqual((problem.state, problem.amount_at_risk), ("open", 1.9))
        self.assertEqual(problem.error_class, "finance")
        self.assertIn("10", problem.comparison[0][2])
        self.assertEqual(self.order(message).amount_total, -11.9)

    def test_other_taxes_than_were_paid_are_shown(self):
        original = self._sold(line("A", 1))
        self.drain(ticket(back(original, rates=("0.07",)), minutes=5))
        self.assertIn("7 %", self._exception("return_differs").comparison[0][1])

    def test_less_money_than_was_paid_is_nobodys_business(self):
        original = self._sold(line("A", 1))
        self.drain(ticket(back(original, price=5), minutes=5))
        self.assertEqual(self.problems(), [])

    def _exception(self, code):
        return self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("code", "=", code)]
        )

    # Without an original

    def test_an_unreferenced_return_waits_for_a_person(self):
        message = ticket(line("A", -2, price=10))
        problem = self.problem_of(message)
        self.assertEqual(problem.code, "unreferenced_return")
        self.assertEqual((problem.amount, problem.error_class), (20, ErrorClass.FINANCE))
        self.assertFalse(self.ticket(message))

    def test_an_unreferenced_return_comes_through_where_it_is_allowed(self):
        self.backend.allows_unreferenced_returns = True
        message = ticket(line("A", -1))
        self.drain(message)
        self.assertFalse(self.order(message).lines.refunded_orderline_id)
        self.assertEqual(self.order(message).amount_total, -11.9)

    def test_an_accountant_takes_one_return_without_its_ticket(self):
        message, other = ticket(line("A", -1)), ticket(line("A", -1), minutes=1)
        self.problem_of(message)
        self._exception("unreferenced_return").action_fix()
        self.drain(message)
        self.assertEqual(self.problem_of(other).code, "unreferenced_return")
        entry = self.env["retail.audit"].search([("action", "=", "return.accepted")])
        self.assertTrue(entry)

    def test_an_original_that_never_comes_is_let_go_where_that_is_allowed(self):
        self.backend.allows_unreferenced_returns = True
        message = ticket(back(ticket(line("A", 1))), minutes=5)
        _results, failures = self.run_import(message)
        self.assertIsInstance(failures[message.external_id], MissingParentError)

    # Voids

    def test_a_return_that_is_voided_leaves_the_original_as_it_was(self):
        original = self._sold(line("A", 1))
        message = ticket(back(original), minutes=5)
        self.drain(message)
        self.drain(changed(message, voided=True))
        self.assertEqual(self.order(original).lines.refunded_qty, 0)
        again = ticket(back(original), minutes=9)
        self.drain(again)
        self.assertEqual(self.order(original).lines.refunded_qty, 1)

    def test_later_days_know_what_came_back(self):
        original = self._sold(line("A", 1))
        at = original.sold_at + timedelta(days=3)
        self.drain(ticket(back(original), sold_at=at))
        problem = self.problem_of(ticket(back(original), sold_at=at + timedelta(days=1)))
        self.assertEqual(problem.code, "return_exceeds_sale")
