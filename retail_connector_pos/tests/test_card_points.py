from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical.pos_ticket import LoyaltyChange

from .card_case import CardCase, make_points
from .tickets import changed, line, ticket


@tagged("post_install", "-at_install")
class TestCardPoints(CardCase):
    """Points that registers give and take are those of Odoo's loyalty cards."""

    def _points(self, points, code="CLUB-1", program="Club", **values):
        change = LoyaltyChange(program=program, card_code=code, points=Decimal(str(points)))
        message = ticket(line("A", 1), loyalty=(change,), **values)
        self.drain(message)
        return message

    def _change(self, message):
        return self.env["retail.pos.card.change"].search(
            [("ticket_id", "=", self.ticket(message).id)]
        )

    def test_points_are_given_with_history(self):
        message = self._points(12)
        card = self.card_of("CLUB-1")
        self.assertEqual((card.points, card.program_id), (12, self.club))
        self.assertEqual((card.history_ids.issued, card.history_ids.order_id),
                         (12, self.order(message).id))  # fmt: skip

    def test_points_are_given_once_whatever_is_resent(self):
        message = self._points(12)
        self.drain(changed(message, note="Again"))
        self.assertEqual(self.card_of("CLUB-1").points, 12)

    def test_points_are_taken(self):
        self._points(12)
        self._points(-5, minutes=5)
        self.assertEqual(self.balance("CLUB-1"), (7, 0))

    def test_points_that_are_not_there_are_owed(self):
        self._points(-5)
        self.assertEqual(self.balance("CLUB-1"), (0, 5))
        problem = self.exceptions("card_overdrawn")
        self.assertEqual((problem.error_class, problem.amount_at_risk), ("data", 0))
        self._points(12, minutes=5)
        self.assertEqual((self.balance("CLUB-1"), problem.state), ((7, 0), "resolved"))

    def test_a_program_that_nobody_knows_does_not_stop_the_sale(self):
        message = self._points(12, program="VIP")
        self.assertEqual(self.order(message).state, "paid")
        self.assertEqual(self._change(message).state, "waiting")
        problem = self.exceptions("unmapped_loyalty_program")
        self.assertEqual((problem.fix, problem.error_class), ("map_value", "mapping"))
        self.assertFalse(self.card_of("CLUB-1"))

    def test_what_waited_for_a_program_is_given_once_it_is_mapped(self):
        vip = make_points(self.env, self.company, "Very Important")
        first = self._points(12, program="VIP")
        self._points(3, program="vip", minutes=5)
        mapping = self.env["retail.mapping"].search(
            [("backend_id", "=", self.backend.id), ("kind", "=", "loyalty_program")]
        )
        mapping.loyalty_program_id = vip
        self.assertEqual(self._change(first).state, "done")
        self.assertEqual(
            (self.card_of("CLUB-1").points, self.card_of("CLUB-1").program_id), (15, vip)
        )
        self.assertEqual(self.exceptions("unmapped_loyalty_program").state, "resolved")
        mapping.ignored = True
        mapping.ignored = False
        self.assertEqual(self.card_of("CLUB-1").points, 15)

    def test_an_ignored_program_is_left_out(self):
        self.env["retail.mapping"].create(
            {"backend_id": self.backend.id, "kind": "loyalty_program", "external_key": "VIP",
             "ignored": True}
        )  # fmt: skip
        message = self._points(12, program="VIP")
        self.assertEqual(self._change(message).state, "left_out")
        self.assertEqual(self.problems(), [])

    def test_a_card_of_another_program_is_shown_and_left(self):
        self.env["loyalty.card"].create(
            {"program_id": self.program.id, "code": "CLUB-1", "points": 10}
        )
        message = self._points(12)
        self.assertEqual(
            (self.card_of("CLUB-1").points, self._change(message).state), (10, "waiting")
        )
        self.assertEqual(self.exceptions("card_of_another_program").state, "open")

    def test_a_voided_ticket_takes_its_points_back(self):
        message = self._points(12)
        self.drain(changed(message, voided=True))
        self.assertEqual(self.balance("CLUB-1"), (0, 0))

    def test_points_that_wait_when_the_ticket_is_voided_are_never_given(self):
        message = self._points(12, program="VIP")
        self.drain(changed(message, voided=True))
        mapping = self.env["retail.mapping"].search([("kind", "=", "loyalty_program"),
                                                     ("external_key", "=", "vip")])  # fmt: skip
        mapping.loyalty_program_id = self.club
        self.assertFalse(self.card_of("CLUB-1"))

    def test_who_is_no_accountant_does_not_read_codes(self):
        message = self._points(12, "CLUB-123456")
        change = self._change(message)
        self.assertEqual(change.card_label, "…3456")
        self.assertIn("group_accountant", change._fields["code"].groups)
        self.assertIn("group_accountant", change._fields["card_id"].groups)
