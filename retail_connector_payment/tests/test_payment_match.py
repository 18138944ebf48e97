from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import PaymentKind
from odoo.addons.retail_connector_base.tests.access import create_user

from ..decisions.payment_match import Clues, MatchedBy, is_plausible, match_payment, names_of
from .common import PaymentCase, make_backend, make_order, payment_message, run_import

REFUND = PaymentKind.REFUND


@tagged("post_install", "-at_install")
class TestMatchDecision(BaseCase):
    """Which order a payment belongs to, by what is known of it."""

    def test_the_surest_evidence_decides(self):
        clues = Clues(frozenset({1}), frozenset({2}), frozenset({3}), frozenset({4}))
        self.assertEqual(match_payment(clues).order_id, 1)
        self.assertIs(match_payment(Clues(reference=frozenset({4}))).by, MatchedBy.REFERENCE)

    def test_nothing_weaker_decides_for_what_is_doubtful(self):
        match = match_payment(Clues(transaction=frozenset({1, 2}), reference=frozenset({1})))
        self.assertEqual((match.order_id, match.doubtful), (None, frozenset({1, 2})))
        self.assertIsNone(match_payment(Clues()).order_id)

    def test_a_number_is_written_with_and_without_its_sign(self):
        self.assertEqual(names_of(" #1001 "), {"1001", "#1001"})
        self.assertEqual(names_of("1001"), {"1001", "#1001"})
        self.assertEqual(names_of("#"), frozenset())
        self.assertEqual(names_of(None), frozenset())

    def test_another_currency_or_more_than_the_order_costs_is_not_plausible(self):
        totals = [("EUR", 100.0), ("USD", 110.0)]
        self.assertTrue(is_plausible("EUR", 100.0, totals))
        self.assertTrue(is_plausible("USD", 110.0, totals))
        self.assertFalse(is_plausible("EUR", 100.01, totals))
        self.assertFalse(is_plausible("GBP", 10.0, totals))
        self.assertTrue(is_plausible("GBP", 10.0, [("EUR", 0.0), (None, None)]))


@tagged("post_install", "-at_install")
class TestPaymentMatch(PaymentCase):
    """How payments find their orders, whichever comes first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = make_backend(cls.env, cls.company)

    def shop_order(self, **values):
        """Return an order of the shop, which is not the gateway's backend."""
        return make_order(self.shop, self.product, **values)

    def told_by_shop(self, order, authorization, **values):
        """Let the shop tell of a payment that a gateway knows by another name."""
        message = payment_message(order=order, authorization=authorization, **values)
        run_import(self.shop, message)
        return message

    def assertMatched(self, message, order, by):
        payment = self.payment(message)
        self.assertEqual((payment.order_binding_id, payment.matched_by), (order, by))

    def assertUnmatched(self, message):
        self.assertFalse(self.payment(message).order_binding_id)

    # By what is named

    def test_by_the_orders_id(self):
        order = self.order()
        message = self.payment_message(order=order)
        self.drain(message)
        self.assertMatched(message, order, "order")

    def test_by_the_shops_transaction_under_any_of_the_gateways_names(self):
        order = self.shop_order()
        self.told_by_shop(order, "ch_1")
        self.told_by_shop(order, "pi_2")
        charge = self.payment_message(external_id="ch_1")
        other = self.payment_message(external_id="ch_2", authorization="pi_2")
        self.drain(charge, other)
        self.assertMatched(charge, order, "transaction")
        self.assertMatched(other, order, "transaction")

    def test_by_the_shops_transaction_that_is_told_later(self):
        order = self.shop_order()
        charge = self.payment_message(external_id="ch_3")
        refund = self.payment_message(payment_kind=REFUND, parent_external_id="ch_3")
        self.drain(charge, refund)
        self.assertUnmatched(charge)
        self.told_by_shop(order, "ch_3")
        self.assertMatched(charge, order, "transaction")
        self.assertMatched(refund, order, "parent")

    def test_an_approval_code_names_no_payment(self):
        order = self.shop_order()
        for code in ("053433", "AB12CD"):
            self.told_by_shop(order, code)
            message = self.payment_message(authorization=code)
            self.drain(message)
            self.assertUnmatched(message)

    def test_by_our_own_name_of_the_order_or_the_channels_number(self):
        order = self.shop_order()
        ours = self.payment_message(reference=order.odoo_id.name)
        number = self.payment_message(reference=order.name.lstrip("#"))
        self.drain(ours, number)
        self.assertMatched(ours, order, "reference")
        self.assertMatched(number, order, "reference")

    def test_by_the_payment_that_it_refunds_and_the_refund_of_it(self):
        order = self.order()
        sale = self.payment_message(order=order)
        refund = self.payment_message(payment_kind=REFUND, parent_external_id=sale.external_id)
        self.drain(refund)
        self.assertUnmatched(refund)
        self.drain(sale)
        self.assertMatched(refund, order, "parent")
        other = self.order()
        late = self.payment_message(external_id="late")
        known = self.payment_message(order=other, payment_kind=REFUND, parent_external_id="late")
        self.drain(known, late)
        self.assertMatched(late, other, "parent")

    def test_by_an_order_that_comes_later(self):
        by_id = self.payment_message(order_external_id="late-1")
        by_number = self.payment_message(reference="late-2")
        self.drain(by_id, by_number)
        first = self.order(external_id="late-1")
        second = self.order(name="#late-2")
        self.assertMatched(by_id, first, "order")
        self.assertMatched(by_number, second, "reference")
        self.assertEqual(first.money_state, "paid")
        self.assertEqual(self.payment(by_id).ledger_entry_ids.order_binding_id, first)

    def test_another_companys_order_is_never_found(self):
        order = self.shop_order()
        company = self.env["res.company"].create({"name": "Another"})
        backend = make_backend(self.env, company)
        message = payment_message(reference=order.odoo_id.name)
        run_import(backend, message)
        stored = self.env["retail.payment"].search([("backend_id", "=", backend.id)])
        self.assertFalse(stored.order_binding_id)

    # What is not certain

    def test_a_number_that_two_shops_use_is_only_suggested(self):
        orders = self.order(name="#77") + self.shop_order(name="#77")
        message = self.payment_message(reference="77")
        self.drain(message)
        self.assertUnmatched(message)
        payment = self.payment(message)
        self.assertEqual(payment.suggestion_ids.order_binding_id, orders)
        self.assertEqual(set(payment.suggestion_ids.mapped("reason")), {"several"})

    def test_a_number_of_an_order_that_costs_less_is_another_shops(self):
        self.shop_order(name="#78")
        message = self.payment_message("500.00", reference="78")
        self.drain(message)
        self.assertUnmatched(message)

    def test_one_payment_of_several_orders_waits_for_a_person(self):
        orders = self.shop_order() + self.shop_order()
        for order in orders:
            self.told_by_shop(order, "ch_both", amount="100.00")
        message = self.payment_message("200.00", external_id="ch_both")
        self.drain(message)
        self.assertUnmatched(message)
        self.assertEqual(self.payment(message).suggestion_ids.order_binding_id, orders)
        self.assertEqual(len(self.payment(message).ledger_entry_ids), 1)

    def test_two_gateways_of_one_order_add_up(self):
        order = self.order()
        self.drain(self.payment_message("40.00", order=order, gateway="vouchers"))
        self.assertEqual(order.money_state, "partially_paid")
        self.drain(self.payment_message("60.00", order=order, gateway="cards"))
        self.assertEqual((order.money_state, len(order.payment_ids.gateway_id)), ("paid", 2))

    def test_what_a_shop_and_its_gateway_tell_is_not_added(self):
        order = self.shop_order()
        self.told_by_shop(order, "ch_twin", amount="50.00")
        self.drain(self.payment_message("50.00", external_id="ch_twin"))
        self.assertEqual(len(order.payment_ids), 2)
        self.assertEqual((order.money_state, order.captured_amount), ("partially_paid", 50))

    # What people decide

    def accountant(self):
        return create_user(self.env, "accountant", company=self.company)

    def customer(self):
        return self.env["res.partner"].create({"name": "Grace", "email": "Grace@Example.com"})

    def similar(self, **values):
        return self.payment_message(payer_email="grace@example.com", **values)

    def recent(self, order):
        order.odoo_id.date_order = fields.Datetime.to_datetime("2026-05-03 10:00:00")
        return order

    def test_amount_and_email_are_only_a_suggestion(self):
        order = self.recent(self.order(partner=self.customer()))
        message, other = self.similar(), self.similar(amount="99.00")
        self.drain(message, other)
        self.assertUnmatched(message)
        self.assertEqual(self.payment(message).suggestion_ids.order_binding_id, order)
        self.assertFalse(self.payment(other).suggestion_ids)

    def test_an_order_of_another_month_is_not_suggested(self):
        order = self.order(partner=self.customer())
        order.odoo_id.date_order = fields.Datetime.to_datetime("2026-03-01 10:00:00")
        message = self.similar()
        self.drain(message)
        self.assertFalse(self.payment(message).suggestion_ids)

    def test_an_accountant_accepts_a_suggestion(self):
        order = self.recent(self.order(partner=self.customer()))
        message = self.similar()
        self.drain(message)
        payment = self.payment(message)
        accountant = self.accountant()
        payment.suggestion_ids.with_user(accountant).action_accept()
        self.assertMatched(message, order, "person")
        self.assertFalse(payment.suggestion_ids)
        self.assertEqual(payment.ledger_entry_ids.order_binding_id, order)
        self.assertEqual(order.money_state, "paid")
        logged = self.env["retail.audit"].search([("action", "=", "payment.matched")])
        self.assertEqual((logged.res_id, logged.user_id), (payment.id, accountant))

    def test_an_accountant_chooses_any_order_of_the_company(self):
        order, message = self.shop_order(), self.payment_message()
        self.drain(message)
        payment = self.payment(message).with_user(self.accountant())
        action = payment.action_choose_order()
        wizards = payment.env[action["res_model"]].with_context(**action["context"])
        wizards.create({"order_binding_id": order.id}).action_match()
        self.assertMatched(message, order, "person")

    def test_an_operator_does_not_decide_and_nobody_decides_twice(self):
        self.recent(self.order(partner=self.customer()))
        message = self.similar()
        self.drain(message)
        suggestion = self.payment(message).suggestion_ids
        operator = create_user(self.env, "operator", company=self.company)
        with self.assertRaises(AccessError):
            suggestion.with_user(operator).action_accept()
        payment, order = self.payment(message), suggestion.order_binding_id
        payment._set_order(order, "person")
        accountant = self.accountant()
        with self.assertRaises(UserError):
            payment.with_user(accountant)._belongs_to(self.order())

    # Once more, later

    def test_what_was_imported_at_the_same_moment_is_found_by_the_sweeper(self):
        message = self.payment_message(reference="same-moment")
        self.drain(message)
        payment = self.payment(message)
        self.assertTrue(payment.look_again_at)
        order = self.order()
        # As two transactions leave it that did not see each other.
        self.env.cr.execute(
            "UPDATE retail_order_binding SET name = 'same-moment' WHERE id = %s", [order.id]
        )
        order.invalidate_recordset()
        payment.look_again_at = fields.Datetime.now()
        self.env["retail.payment"]._sweep()
        self.assertMatched(message, order, "reference")
        self.assertFalse(payment.look_again_at)

    def test_what_is_not_found_is_looked_for_once_more_only(self):
        message = self.payment_message()
        self.drain(message)
        payment = self.payment(message)
        payment.look_again_at = fields.Datetime.now()
        self.env["retail.payment"]._sweep()
        self.assertFalse(payment.look_again_at)
