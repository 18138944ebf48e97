from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from . import estate
from .card_case import CardCase, by_gift, gift, make_gift_cards
from .test_return_ticket import back
from .tickets import card, cash, changed, line, ticket


@tagged("post_install", "-at_install")
class TestCardGift(CardCase):
    """Gift cards that registers sell, charge and take are cards of Odoo's gift card program."""

    def test_a_sold_card_exists_with_its_code_and_balance(self):
        message = self.charge(50)
        made = self.card_of()
        self.assertEqual((made.points, made.program_id), (50, self.program))
        self.assertEqual(made.source_pos_order_id, self.order(message))
        history = made.history_ids
        self.assertEqual((history.issued, history.used), (50, 0))
        self.assertEqual(history.order_id, self.order(message).id)
        self.assertEqual(history.order_model, "pos.order")

    def test_a_card_is_charged_again(self):
        self.charge(50)
        self.charge(30, minutes=5)
        self.assertEqual(self.balance(), (80, 0))

    def test_a_card_that_pays_is_a_line_of_odoos_reward(self):
        self.charge(50)
        message = self.spend(20, price=30, tenders=[cash(10)], minutes=5)
        order = self.order(message)
        reward = order.lines.filtered("is_reward_line")
        self.assertEqual(reward.product_id, self.program.reward_ids.discount_line_product_id)
        self.assertEqual(
            (reward.coupon_id, reward.reward_id), (self.card_of(), self.program.reward_ids)
        )
        self.assertEqual((reward.price_subtotal_incl, reward.points_cost, reward.qty), (-20, 20, 1))
        self.assertFalse(reward.tax_ids)
        self.assertEqual((order.amount_total, order.amount_paid), (10, 10))
        self.assertEqual(order.payment_ids.mapped("amount"), [10])
        self.assertEqual(self.balance(), (30, 0))
        self.assertEqual(self.ticket(message).amount_total, 30)
        used = self.card_of().history_ids.filtered(lambda entry: entry.order_id == order.id)
        self.assertEqual((used.used, used.issued), (20, 0))

    def test_a_card_may_pay_all(self):
        self.charge(50)
        message = self.spend(50, minutes=5)
        self.assertEqual(self.order(message).amount_total, 0)
        self.assertFalse(self.order(message).payment_ids)
        self.assertEqual(self.balance(), (0, 0))

    def test_taxes_are_those_of_the_goods(self):
        self.charge(50)
        message = self.spend(11.9, minutes=5)
        self.assertAlmostEqual(self.order(message).amount_tax, 1.9)

    def test_a_card_and_its_use_on_one_ticket(self):
        message = ticket(gift(50), line("A", 1, price=20), tenders=[cash(50), by_gift(20)])
        self.drain(message)
        self.assertEqual(self.balance(), (30, 0))
        self.assertEqual(self.order(message).amount_total, 50)

    def test_two_cards_pay_one_ticket(self):
        self.charge(10, "GC-1111")
        self.charge(10, "GC-2222")
        message = ticket(
            line("A", 1, price=15),
            tenders=[by_gift(10, "GC-1111"), by_gift(5, "GC-2222")],
            minutes=5,
        )
        self.drain(message)
        self.assertEqual((self.balance("GC-1111"), self.balance("GC-2222")), ((0, 0), (5, 0)))

    def test_a_discount_makes_the_card_cheaper_and_not_smaller(self):
        message = ticket(gift(50, discount=5), tenders=[cash(45)])
        self.drain(message)
        order = self.order(message)
        self.assertEqual((self.card_of().points, order.amount_total), (50, 45))
        lines = {each.product_id: each.price_subtotal for each in order.lines}
        self.assertEqual(
            lines,
            {self.backend.gift_card_product_id: 50, self.backend.discount_product_id: -5},
        )

    # Beyond the balance

    def test_what_is_spent_beyond_the_balance_is_recorded_and_shown(self):
        self.charge(10)
        message = self.spend(25, minutes=5, offline=True)
        self.assertEqual(self.order(message).state, "paid")
        self.assertEqual(self.balance(), (0, 15))
        problem = self.exceptions("card_overdrawn")
        self.assertEqual((problem.amount_at_risk, problem.error_class), (15, "finance"))
        self.assertNotIn("GC-0001", problem.title + problem.cause)
        self.spend(5, minutes=6)
        self.assertEqual((problem.amount_at_risk, self.balance()), (20, (0, 20)))

    def test_a_card_that_is_used_before_its_sale_arrives_ends_the_same(self):
        self.spend(20, minutes=5)
        self.assertEqual(self.balance(), (0, 20))
        self.assertEqual(self.exceptions("card_overdrawn").state, "open")
        self.charge(50)
        self.assertEqual(self.balance(), (30, 0))
        self.assertEqual(self.exceptions("card_overdrawn").state, "resolved")

    def test_two_uses_of_one_batch_know_of_each_other(self):
        self.charge(30)
        messages = [
            ticket(line("A", 1, price=20), tenders=[by_gift(20)], minutes=minute)
            for minute in (5, 6)
        ]
        self.drain(*messages)
        self.assertEqual(self.balance(), (0, 10))

    # Back to a card

    def test_money_goes_back_to_a_card(self):
        original = self.spend(0, price=20, tenders=[cash(20)])
        message = ticket(back(original), tenders=[by_gift(-20, "GC-NEW1")], minutes=5)
        self.drain(message)
        order = self.order(message)
        self.assertEqual((self.balance("GC-NEW1"), order.amount_total), ((20, 0), 0))
        charged = order.lines.filtered(lambda each: not each.refunded_orderline_id)
        self.assertEqual(charged.product_id, self.backend.gift_card_product_id)
        self.assertEqual(charged.price_subtotal, 20)

    def test_a_card_that_comes_back_is_empty(self):
        original = self.charge(50)
        sold = original.lines[0]
        message = ticket(
            gift(50, quantity=-1, original_ticket_external_id=original.external_id,
                 original_line_external_id=sold.external_id),
            tenders=[cash(-50)], minutes=5,
        )  # fmt: skip
        self.drain(message)
        self.assertEqual(self.balance(), (0, 0))

    # Voided

    def test_a_voided_sale_takes_the_card_back_once(self):
        message = self.charge(50)
        void = changed(message, voided=True)
        self.drain(void)
        self.assertEqual(self.balance(), (0, 0))
        self.drain(changed(void))
        self.assertEqual(self.balance(), (0, 0))
        self.assertEqual(len(self.card_of().history_ids), 2)

    def test_a_voided_use_gives_the_card_its_money_back(self):
        self.charge(50)
        message = self.spend(20, price=30, tenders=[cash(10)], minutes=5)
        self.drain(changed(message, voided=True))
        self.assertEqual(self.balance(), (50, 0))
        self.assertEqual(self.ticket(message).reversal_id.amount_total, -10)

    # Where cards are not Odoo's

    def test_without_a_program_a_gift_card_is_an_ordinary_tender(self):
        self.program.active = False
        method = estate.make_method(self.env, self.company, "bank", "Gift")
        self.config.payment_method_ids += method
        estate.map_tender(self.backend, "gift", method)
        message = self.spend(20)
        self.assertEqual(self.order(message).payment_ids.payment_method_id, method)
        self.assertEqual(self.order(message).amount_total, 20)
        self.assertFalse(self.card_of())

    def test_a_tender_without_a_code_is_an_ordinary_one(self):
        message = ticket(line("A", 1, price=20), tenders=[by_gift(20, None)])
        self.assertEqual(self.problem_of(message).code, "unmapped_tender")

    def test_of_two_programs_an_administrator_chooses(self):
        other = make_gift_cards(self.env, self.company, name="Other")
        message = ticket(gift(50), tenders=[cash(50)])
        problem = self.problem_of(message)
        self.assertEqual(
            (problem.code, problem.error_class),
            ("gift_card_program", ErrorClass.CONFIGURATION),
        )
        self.backend.gift_card_program_id = other
        self.drain(message)
        self.assertEqual(self.card_of().program_id, other)

    def test_a_code_of_another_kind_of_card_is_not_spent(self):
        self.env["loyalty.card"].create({"program_id": self.club.id, "code": "GC-0001"})
        message = ticket(line("A", 1, price=20), tenders=[by_gift(20)])
        problem = self.problem_of(message)
        self.assertEqual((problem.code, problem.amount), ("card_code_taken", Decimal(20)))

    def test_cards_of_the_web_shop_pay_in_stores(self):
        self.env["loyalty.card"].create(
            {"program_id": self.program.id, "code": "WEB-1234", "points": 40}
        )
        self.spend(25, "WEB-1234")
        self.assertEqual(self.balance("WEB-1234"), (15, 0))

    # Accounts

    def test_cards_are_spent_from_the_account_they_were_sold_to(self):
        self.charge(50)
        self.spend(20, price=30, tenders=[card(10)], minutes=5)
        session = self.ticket(self.charge(10, minutes=6)).odoo_id.session_id
        session.post_closing_cash_details(session.cash_register_balance_end)
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")
        lines = session.move_id.line_ids.filtered(lambda each: each.account_id == self.liability)
        self.assertEqual(sum(lines.mapped("credit")), 60)
        self.assertEqual(sum(lines.mapped("debit")), 20)
        self.assertEqual(sum(self.program.coupon_ids.mapped("points")), 40)

    def test_an_account_that_somebody_chose_otherwise_stops_the_ticket(self):
        product = self.program.reward_ids.discount_line_product_id.with_company(self.company)
        other = self.liability.copy({"code": "239901"})
        product.product_tmpl_id.property_account_income_id = other
        message = ticket(line("A", 1, price=20), tenders=[by_gift(20)])
        self.assertEqual(self.problem_of(message).code, "card_accounts")
        product.product_tmpl_id.property_account_income_id = self.liability
        self.drain(message)
