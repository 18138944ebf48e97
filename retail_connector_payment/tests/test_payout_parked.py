from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..decisions.ledger import Role
from ..models import retail_payout_settle
from .payouts import Category, PayoutCase, dispute_message, payout_message, transaction
from .test_payout_settle import person


@tagged("post_install", "-at_install")
class TestPayoutParked(PayoutCase):
    def parked(self, message):
        """Import a payout that must not tie; return it, and check that nothing is posted."""
        before = self.env["account.move"].search_count([])
        payout = self.settle(message)
        self.assertEqual(payout.state, "parked")
        self.assertFalse(payout.move_ids)
        self.assertEqual(self.env["account.move"].search_count([]), before)
        self.assert_tied()
        return payout

    def exception(self):
        return self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("code", "=", "payout_parked")]
        )

    def test_a_type_that_is_not_mapped_parks_the_whole_payout(self):
        charge = self.charge("100.00")
        strange = transaction(Category.UNKNOWN, "-5.00", vendor_type="loan_payment")
        payout = self.parked(payout_message(self.line_of(charge), strange))
        self.assertIn("loan_payment", payout.problem)
        exception = self.exception()
        self.assertEqual(exception.state, "open")
        self.assertEqual(exception.amount_at_risk, 95.0)
        self.assertEqual((exception.error_class, exception.fix), ("finance", "map_balance_type"))

    def test_the_proposed_fix_opens_the_mapping(self):
        charge = self.charge("100.00")
        strange = transaction(Category.UNKNOWN, "-5.00", vendor_type="loan_payment")
        self.parked(payout_message(self.line_of(charge), strange))
        action = self.exception().with_user(person(self, "group_accountant")).action_fix()
        self.assertEqual(action["res_model"], "retail.mapping.wizard")

    def test_trying_again_does_not_close_what_does_not_tie(self):
        charge = self.charge("100.00")
        self.parked(payout_message(self.line_of(charge), amount="1.00"))
        self.exception().with_user(person(self, "group_accountant")).action_retry()
        self.assertEqual(self.exception().state, "open")
        self.post()
        self.assertEqual(self.problems(), ["payout_parked"])

    def test_once_the_type_is_mapped_it_settles_by_itself(self):
        charge = self.charge("100.00")
        strange = transaction(Category.UNKNOWN, "-5.00", vendor_type="Loan Payment")
        payout = self.parked(payout_message(self.line_of(charge), strange))
        account = self.gateway._role_account(Role.LABEL)
        mapping = self.env["retail.mapping"].search(
            [("backend_id", "=", self.backend.id), ("kind", "=", "balance_type")]
        )
        self.assertEqual(mapping.state, "unmapped")
        mapping.account_id = account
        self.post()
        self.assertEqual(payout.state, "settled")
        self.assertEqual(self.balance(Role.LABEL), "5.00")
        self.assertEqual(self.exception().state, "resolved")
        self.assertFalse(payout.problem)

    def test_a_type_cannot_be_mapped_to_nothing(self):
        charge = self.charge("100.00")
        strange = transaction(Category.UNKNOWN, "-5.00", vendor_type="loan_payment")
        payout = self.parked(payout_message(self.line_of(charge), strange))
        mapping = self.env["retail.mapping"].search([("kind", "=", "balance_type")], limit=1)
        mapping.ignored = True
        payout._settle_again()
        self.post()
        self.assertEqual(payout.state, "parked")

    def test_transactions_must_add_up_to_the_payout(self):
        charge = self.charge("100.00")
        payout = self.parked(payout_message(self.line_of(charge), amount="99.99"))
        self.assertIn("99.99", payout.problem)

    def test_a_wrong_amount_names_both(self):
        charge = self.charge("100.00")
        line = transaction(Category.CHARGE, "100.01", charge.external_id)
        payout = self.parked(payout_message(line))
        self.assertIn("100.01", payout.problem)
        self.assertIn("100.00", payout.problem)

    def test_a_payment_that_comes_after_its_payout_settles_it(self):
        late = self.payment_message("100.00")
        payout = self.parked(payout_message(self.line_of(late)))
        self.assertTrue(payout.line_ids.awaited)
        self.drain(late)
        self.post()
        self.assertEqual(payout.state, "settled")
        self.assertFalse(payout.line_ids.awaited)
        self.assertEqual(self.problems(), [])
        self.assert_tied()

    def test_a_dispute_that_comes_after_its_payout_settles_it(self):
        late = dispute_message("50.00")
        line = transaction(Category.DISPUTE, "-50.00", late.external_id, fee="15.00")
        payout = self.parked(payout_message(line))
        self.drain(late)
        self.post()
        self.assertEqual(payout.state, "settled")

    def test_a_payment_that_does_not_fit_parks_it_again_with_its_own_cause(self):
        late = self.payment_message("90.00")
        line = transaction(Category.CHARGE, "100.00", late.external_id)
        payout = self.parked(payout_message(line))
        first = self.exception().cause
        self.drain(late)
        self.post()
        self.assertEqual(payout.state, "parked")
        self.assertEqual(len(self.exception()), 1)
        self.assertNotEqual(self.exception().cause, first)
        self.assertIn("90.00", self.exception().cause)

    def test_of_many_causes_there_is_one_exception(self):
        lines = [transaction(Category.CHARGE, "1.00", f"unknown-{n}") for n in range(30)]
        strange = transaction(Category.UNKNOWN, "-5.00", vendor_type="loan_payment")
        payout = self.parked(payout_message(*lines, strange, amount="1.00"))
        self.assertEqual(self.problems().count("payout_parked"), 1)
        self.assertLess(len(payout.problem.splitlines()), 30)

    def test_a_payment_is_settled_by_one_payout_only(self):
        charge = self.charge("100.00")
        self.settle(payout_message(self.line_of(charge)))
        payout = self.parked(payout_message(self.line_of(charge)))
        self.assertIn(charge.external_id, payout.problem)

    def test_the_same_transaction_in_two_payouts_settles_in_the_first(self):
        charge = self.charge("100.00")
        line = self.line_of(charge)
        first = payout_message(line)
        self.settle(first)
        payout = self.parked(payout_message(line))
        self.assertIn(first.external_id, payout.problem)

    def test_a_missing_account_is_named_and_setting_it_is_enough(self):
        account = self.gateway.fee_account_id
        self.gateway.sudo().fee_account_id = False
        charge = self.charge("100.00")
        payout = self.parked(payout_message(self.line_of(charge, fee="3.00")))
        self.assertEqual(self.exception().fix, "open_gateway")
        self.gateway.sudo().fee_account_id = account
        self.post()
        self.assertEqual(payout.state, "settled")

    def test_an_adjustment_without_an_account_must_be_mapped(self):
        self.gateway.sudo().adjustment_account_id = False
        charge = self.charge("100.00")
        line = transaction(Category.ADJUSTMENT, "-2.00", vendor_type="goodwill")
        payout = self.parked(payout_message(self.line_of(charge), line))
        self.assertIn("goodwill", payout.problem)

    def test_one_in_settlement_goes_on_when_the_cause_is_gone(self):
        charge = self.charge("100.00")
        journal = self.gateway.journal_id
        message = payout_message(self.line_of(charge))
        journal.active = False
        with mute_logger("odoo.addons.retail_connector_payment.models.retail_payout_settle"):
            payout = self.settle(message)
        self.assertNotEqual(payout.state, "settled")
        self.assertFalse(payout.move_ids)
        self.assertIn("payout_stopped", self.problems())
        journal.active = True
        payout._settle_again()
        self.post()
        self.assertEqual(payout.state, "settled")
        self.assertNotIn("payout_stopped", self.problems())

    def test_what_stops_half_way_keeps_its_posted_part_and_goes_on(self):
        self.patch(retail_payout_settle, "CHUNK_LINES", 2)
        charges = [self.charge(f"{number}.00") for number in range(1, 6)]
        message = payout_message(*map(self.line_of, charges))
        self.drain(message)
        self.gateway.env["retail.ledger"]._try_chunk(self.gateway.id)
        journal = self.gateway.journal_id
        journal.active = False
        with mute_logger("odoo.addons.retail_connector_payment.models.retail_payout_settle"):
            self.post()
        payout = self.payout(message)
        self.assertEqual((payout.state, payout.settled_count), ("settling", 2))
        self.assertTrue(payout.next_attempt_at)
        self.assertEqual(self.problems(), ["payout_stopped"])
        self.assert_tied()
        journal.active = True
        payout._settle_again()
        self.post()
        self.assertEqual((payout.state, payout.settled_count), ("settled", 5))
        self.assertEqual(self.problems(), [])
        self.assertEqual(self.balance(Role.TRANSIT), "15.00")

    def test_what_somebody_has_reconciled_otherwise_stops_it(self):
        charge, refund = self.charge("10.00"), self.refund("10.00")
        self.entries().clearing_line_id.reconcile()
        message = payout_message(self.line_of(charge), self.line_of(refund))
        with mute_logger("odoo.addons.retail_connector_payment.models.retail_payout_settle"):
            payout = self.settle(message)
        self.assertFalse(payout.move_ids)
        self.assertIn("payout_stopped", self.problems())
        self.entries().clearing_line_id.remove_move_reconcile()
        payout._settle_again()
        self.post()
        self.assertEqual(payout.state, "settled")

    def test_an_operator_may_try_again_and_a_stranger_may_not(self):
        charge = self.charge("100.00")
        payout = self.parked(payout_message(self.line_of(charge), amount="1.00"))
        payout.with_user(person(self, "group_operator")).action_settle_now()
        self.assertEqual(payout.state, "to_settle")
        with self.assertRaises(AccessError):
            payout.with_user(person(self, "group_auditor")).action_settle_now()

    def test_only_an_accountant_takes_a_payout_back_and_only_one_that_failed(self):
        charge = self.charge("100.00")
        payout = self.settle(payout_message(self.line_of(charge)))
        with self.assertRaises(AccessError):
            payout.with_user(person(self, "group_operator")).action_take_back()
        with self.assertRaises(UserError):
            payout.with_user(person(self, "group_accountant")).action_take_back()

    def test_nobody_writes_a_payout(self):
        charge = self.charge("100.00")
        payout = self.settle(payout_message(self.line_of(charge)))
        with self.assertRaises(AccessError):
            payout.with_user(person(self, "group_administrator")).state = "to_settle"
