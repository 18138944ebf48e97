from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import PayoutState, TransactionState

from ..decisions.ledger import Role
from ..models import retail_payout_settle
from .payouts import Category, PayoutCase, dispute_message, payout_message, transaction


@tagged("post_install", "-at_install")
class TestPayoutSettle(PayoutCase):
    def test_a_payout_closes_what_it_pays(self):
        charges = [self.charge(amount) for amount in ("100.00", "50.00")]
        refund = self.refund("20.00", parent=charges[0])
        lines = [self.line_of(one, fee="1.50") for one in charges]
        payout = self.settle(payout_message(*lines, self.line_of(refund)))
        self.assertEqual(payout.state, "settled")
        self.assertEqual(self.balance(Role.CLEARING), "0.00")
        self.assertEqual(self.balance(Role.FEE), "3.00")
        self.assertEqual(self.balance(Role.TRANSIT), "127.00")
        self.assertEqual(set(self.entries().mapped("state")), {"settled"})
        self.assertTrue(all(self.entries().clearing_line_id.mapped("reconciled")))
        self.assertEqual(payout.progress, 100.0)
        self.assert_tied()

    def test_each_entry_knows_the_transaction_that_settled_it(self):
        charge = self.charge()
        line = self.line_of(charge)
        payout = self.settle(payout_message(line))
        self.assertEqual(self.entries().payout_line_id.external_id, line.external_id)
        self.assertEqual(payout.line_ids.move_id, payout.move_ids)

    def test_the_entry_is_dated_when_the_money_arrives(self):
        charge = self.charge()
        payout = self.settle(payout_message(self.line_of(charge)))
        self.assertEqual(str(payout.move_ids.date), "2026-05-07")

    def test_before_the_money_is_sent_nothing_is_posted(self):
        charge = self.charge()
        message = payout_message(self.line_of(charge), state=PayoutState.PENDING)
        payout = self.settle(message)
        self.assertEqual(payout.state, "announced")
        self.assertFalse(payout.move_ids)
        sent = message.model_copy(update={"state": PayoutState.IN_TRANSIT})
        self.settle(sent)
        self.assertEqual(payout.state, "settled")

    def test_in_parts_every_part_is_balanced_and_closed(self):
        self.patch(retail_payout_settle, "CHUNK_LINES", 3)
        charges = [self.charge(f"{number}.10") for number in range(1, 9)]
        payout = self.settle(payout_message(*(self.line_of(one, fee="0.07") for one in charges)))
        self.assertEqual(payout.state, "settled")
        self.assertEqual(len(payout.move_ids), 3)
        self.assertEqual(payout.settled_count, 8)
        self.assertEqual(self.balance(Role.CLEARING), "0.00")
        self.assert_balanced()
        self.assert_tied()

    def test_a_part_that_is_posted_is_not_posted_again(self):
        self.patch(retail_payout_settle, "CHUNK_LINES", 2)
        charges = [self.charge(f"{number}.00") for number in range(1, 6)]
        message = payout_message(*(self.line_of(one) for one in charges))
        self.drain(message)
        self.gateway.env["retail.ledger"]._try_chunk(self.gateway.id)
        payout = self.payout(message)
        self.assertEqual((payout.state, payout.settled_count), ("settling", 2))
        self.drain(message)
        self.assertEqual(payout.settled_count, 2)
        self.post()
        self.assertEqual((payout.state, payout.settled_count), ("settled", 5))
        self.assertEqual(self.balance(Role.TRANSIT), "15.00")

    def test_what_belongs_together_is_settled_in_one_part(self):
        self.patch(retail_payout_settle, "CHUNK_LINES", 1)
        charge = self.charge("60.00")
        whole = transaction(Category.CHARGE, "100.00", charge.external_id)
        rest = transaction(Category.CHARGE, "-40.00", charge.external_id)
        payout = self.settle(payout_message(whole, rest))
        self.assertEqual(payout.state, "settled")
        self.assertEqual(len(payout.move_ids), 1)

    def test_every_kind_has_its_account(self):
        charge = self.charge("500.00")
        self.settle(
            payout_message(
                self.line_of(charge, fee="10.00", fee_tax=Decimal("1.60")),
                transaction(Category.FEE, "-4.00"),
                transaction(Category.FEE_REFUND, "1.00"),
                transaction(Category.DISPUTE_FEE, "-15.00"),
                transaction(Category.RESERVE_HOLD, "-50.00"),
                transaction(Category.ADJUSTMENT, "-7.00"),
                transaction(Category.LABEL, "-8.00"),
                transaction(Category.DUTY, "-9.00"),
                transaction(Category.TAX, "-2.00"),
            )
        )
        expected = {
            Role.FEE: "11.40",
            Role.FEE_TAX: "3.60",
            Role.DISPUTE_FEE: "15.00",
            Role.RESERVE: "50.00",
            Role.ADJUSTMENT: "7.00",
            Role.LABEL: "8.00",
            Role.DUTY: "9.00",
            Role.TRANSIT: "396.00",
            Role.CLEARING: "0.00",
        }
        self.assertEqual({role: self.balance(role) for role in expected}, expected)

    def test_an_account_s_own_taxes_are_not_added(self):
        tax = self.env["account.tax"].search(
            [("company_id", "=", self.company.id), ("type_tax_use", "=", "purchase")], limit=1
        )
        self.gateway.fee_account_id.tax_ids = tax
        charge = self.charge("100.00")
        payout = self.settle(payout_message(self.line_of(charge, fee="3.00")))
        self.assertEqual(payout.state, "settled")
        self.assertEqual(len(payout.move_ids.line_ids), 3)
        self.assertEqual(self.balance(Role.FEE), "3.00")

    def test_costs_follow_the_analytic_models_of_their_account(self):
        plan = self.env["account.analytic.plan"].create({"name": "Channels"})
        shop = self.env["account.analytic.account"].create(
            {"name": "Shop", "plan_id": plan.id, "company_id": self.company.id}
        )
        self.env["account.analytic.distribution.model"].create(
            {
                "account_prefix": self.gateway.fee_account_id.code,
                "analytic_distribution": {str(shop.id): 100},
                "company_id": self.company.id,
            }
        )
        charge = self.charge("100.00")
        payout = self.settle(payout_message(self.line_of(charge, fee="3.00")))
        fee = payout.move_ids.line_ids.filtered("analytic_distribution")
        self.assertEqual(fee.account_id, self.gateway.fee_account_id)
        self.assertEqual(fee.analytic_distribution, {str(shop.id): 100})
        self.assertEqual(sum(fee.analytic_line_ids.mapped("amount")), -3.0)

    def test_a_reserve_that_is_released_is_gone(self):
        charge = self.charge("100.00")
        self.settle(payout_message(self.line_of(charge), transaction(Category.RESERVE_HOLD, "-30")))
        self.settle(payout_message(transaction(Category.RESERVE_RELEASE, "30")))
        self.assertEqual(self.balance(Role.RESERVE), "0.00")
        self.assertEqual(self.balance(Role.TRANSIT), "100.00")

    def test_the_gateway_may_collect_from_the_bank(self):
        charge = self.charge("10.00")
        refund = self.refund("80.00")
        message = payout_message(self.line_of(charge), self.line_of(refund))
        self.assertEqual(message.amount.amount, -70)
        payout = self.settle(message)
        self.assertEqual(payout.state, "settled")
        self.assertEqual(self.balance(Role.TRANSIT), "-70.00")

    def test_nothing_to_pay_out_is_settled_without_the_bank(self):
        charge, refund = self.charge("10.00"), self.refund("10.00")
        payout = self.settle(payout_message(self.line_of(charge), self.line_of(refund)))
        self.assertEqual(payout.state, "settled")
        self.assertEqual(self.balance(Role.CLEARING), "0.00")
        self.assertEqual(self.balance(Role.TRANSIT), "0.00")

    def test_a_refund_may_be_in_another_payout_than_its_charge(self):
        charge = self.charge("100.00")
        refund = self.refund("30.00", parent=charge)
        self.settle(payout_message(self.line_of(charge)))
        self.assertEqual(self.balance(Role.CLEARING), "-30.00")
        self.settle(payout_message(self.line_of(refund), amount="-30.00"))
        self.assertEqual(self.balance(Role.CLEARING), "0.00")

    def test_a_refund_that_is_pending_is_booked_when_it_is_paid_out(self):
        charge = self.charge("100.00")
        refund = self.refund("30.00", parent=charge, state=TransactionState.PENDING)
        self.assertEqual(self.balance(Role.CLEARING), "100.00")
        payout = self.settle(payout_message(self.line_of(charge), self.line_of(refund)))
        self.assertEqual((payout.state, payout.problem), ("settled", False))
        self.assertEqual(self.balance(Role.CLEARING), "0.00")
        self.assertEqual(self.balance(Role.TRANSIT), "70.00")

    def test_a_refund_of_which_only_the_failure_was_heard_went_and_came_back(self):
        charge = self.charge("100.00")
        refund = self.refund("30.00", parent=charge, state=TransactionState.FAILURE)
        payout = self.settle(payout_message(self.line_of(charge), self.line_of(refund)))
        self.assertEqual(payout.state, "settled")
        self.assertEqual(self.balance(Role.CLEARING), "30.00")
        back = transaction(Category.REFUND_FAILURE, "30.00", refund.external_id)
        self.assertEqual(self.settle(payout_message(back)).state, "settled")
        self.assertEqual(self.balance(Role.CLEARING), "0.00")
        self.assertEqual(self.balance(Role.TRANSIT), "100.00")

    def test_a_dispute_s_fee_comes_with_its_transaction(self):
        message = dispute_message("50.00")
        self.drain(message)
        self.post()
        line = transaction(Category.DISPUTE, "-50.00", message.external_id, fee="15.00")
        payout = self.settle(payout_message(line))
        self.assertEqual(payout.state, "settled")
        self.assertEqual(self.balance(Role.DISPUTE_FEE), "15.00")
        self.assertEqual(self.balance(Role.DISPUTE), "50.00")
        self.assert_tied()

    def test_in_a_locked_period_it_is_booked_on_the_first_open_day(self):
        charge = self.charge()
        self.company.fiscalyear_lock_date = "2026-05-31"
        payout = self.settle(payout_message(self.line_of(charge)))
        self.assertEqual(payout.state, "settled")
        self.assertEqual(str(payout.move_ids.date), "2026-06-01")


@tagged("post_install", "-at_install")
class TestPayoutManual(PayoutCase):
    def manual(self, amount="40.00", **values):
        return payout_message(amount=amount, automatic=False, **values)

    def test_a_payout_without_transactions_is_an_entry_of_its_own(self):
        self.charge("100.00")
        payout = self.settle(self.manual())
        self.assertEqual(payout.state, "settled")
        self.assertEqual(self.balance(Role.CLEARING), "60.00")
        self.assertEqual(self.balance(Role.TRANSIT), "40.00")
        self.assert_tied()

    def test_one_that_comes_back_is_put_back(self):
        message = self.manual()
        self.settle(message)
        failed = message.model_copy(update={"state": PayoutState.FAILED, "failure": "no_account"})
        payout = self.settle(failed)
        self.assertEqual(self.balance(Role.CLEARING), "0.00")
        self.assertEqual(self.balance(Role.TRANSIT), "0.00")
        self.assertTrue(all(payout.entry_ids.contra_line_id.mapped("reconciled")))
        self.assert_tied()

    def test_one_that_never_left_needs_nothing(self):
        payout = self.settle(self.manual(state=PayoutState.FAILED))
        self.assertEqual(payout.state, "cancelled")
        self.assertFalse(payout.entry_ids)


@tagged("post_install", "-at_install")
class TestPayoutFailed(PayoutCase):
    def failed(self, message):
        return message.model_copy(update={"state": PayoutState.FAILED})

    def test_what_comes_back_is_settled_by_a_later_payout(self):
        charge = self.charge("100.00")
        message = payout_message(self.line_of(charge))
        self.settle(message)
        payout = self.settle(self.failed(message))
        self.assertEqual(self.balance(Role.CLEARING), "100.00")
        self.assertEqual(self.balance(Role.TRANSIT), "0.00")
        self.assert_tied()
        again = transaction(Category.PAYOUT_FAILURE, "100.00", message.external_id)
        later = self.settle(payout_message(again))
        self.assertEqual(later.state, "settled")
        self.assertEqual(self.balance(Role.CLEARING), "0.00")
        self.assertEqual(self.balance(Role.TRANSIT), "100.00")
        transit = self.gateway._role_account(Role.TRANSIT)
        own = payout.move_ids.line_ids.filtered(lambda line: line.account_id == transit)
        self.assertTrue(own.reconciled, "the way to the bank and back is closed")

    def test_a_return_without_a_name_is_found_by_its_amount(self):
        charge = self.charge("100.00")
        message = payout_message(self.line_of(charge))
        self.settle(message)
        self.settle(self.failed(message))
        later = self.settle(payout_message(transaction(Category.PAYOUT_FAILURE, "100.00")))
        self.assertEqual(later.state, "settled")

    def test_one_that_failed_before_it_was_posted_is_left_alone(self):
        charge = self.charge("100.00")
        message = payout_message(self.line_of(charge), state=PayoutState.FAILED)
        payout = self.settle(message)
        self.assertEqual(payout.state, "cancelled")
        self.assertEqual(self.balance(Role.CLEARING), "100.00")
        self.assertFalse(payout.move_ids)

    def test_and_booked_after_all_when_its_return_is_a_transaction(self):
        charge = self.charge("100.00")
        message = payout_message(self.line_of(charge), state=PayoutState.FAILED)
        payout = self.settle(message)
        again = transaction(Category.PAYOUT_FAILURE, "100.00", message.external_id)
        later = self.settle(payout_message(again))
        self.assertEqual((payout.state, later.state), ("settled", "settled"))
        self.assertEqual(self.balance(Role.CLEARING), "0.00")
        self.assertEqual(self.balance(Role.TRANSIT), "100.00")
        self.assertEqual(self.problems(), [])

    def test_a_collection_that_failed_unposted_is_booked_after_all_too(self):
        refund = self.refund("100.00")
        message = payout_message(self.line_of(refund), state=PayoutState.FAILED)
        collected = self.settle(message)
        self.assertEqual(collected.state, "cancelled")
        again = transaction(Category.PAYOUT_FAILURE, "-100.00", message.external_id)
        later = self.settle(payout_message(again))
        self.assertEqual((collected.state, later.state), ("settled", "settled"))
        self.assertEqual(self.balance(Role.CLEARING), "0.00")
        self.assertEqual(self.balance(Role.TRANSIT), "-100.00")
        self.assert_tied()

    def test_a_return_of_the_other_sign_is_not_its(self):
        refund = self.refund("100.00")
        message = payout_message(self.line_of(refund), state=PayoutState.FAILED)
        collected = self.settle(message)
        later = self.settle(payout_message(transaction(Category.PAYOUT_FAILURE, "100.00")))
        self.assertEqual((collected.state, later.state), ("cancelled", "parked"))

    def test_a_late_word_that_it_was_paid_changes_nothing(self):
        charge = self.charge("100.00")
        message = payout_message(self.line_of(charge))
        self.settle(message)
        self.settle(self.failed(message))
        payout = self.settle(message)
        self.assertEqual(payout.gateway_state, "failed")
        self.assertEqual(self.balance(Role.CLEARING), "100.00")

    def test_transactions_that_are_listed_again_can_be_settled_again(self):
        charges = [self.charge("100.00"), self.charge("20.00")]
        lines = [self.line_of(one, fee="1.00") for one in charges]
        message = payout_message(*lines)
        self.settle(message)
        payout = self.settle(self.failed(message))
        later = self.settle(payout_message(*lines))
        self.assertEqual(later.state, "parked")
        self.assertIn(message.external_id, later.problem)
        payout.with_user(self.accountant()).action_take_back()
        self.assertEqual((payout.state, payout.taken_back), ("cancelled", True))
        self.assertEqual(self.balance(Role.CLEARING), "120.00")
        self.assertEqual(self.balance(Role.FEE), "0.00")
        self.assert_tied()
        self.post()
        self.assertEqual(later.state, "settled")
        self.assertEqual(self.balance(Role.CLEARING), "0.00")
        self.assertEqual(self.balance(Role.TRANSIT), "118.00")
        self.assertEqual(self.problems(), [])
        self.assert_tied()

    def test_taking_back_leaves_an_entry_in_the_audit_trail(self):
        charge = self.charge("100.00")
        message = payout_message(self.line_of(charge))
        self.settle(message)
        payout = self.settle(self.failed(message))
        accountant = self.accountant()
        payout.with_user(accountant).action_take_back()
        found = self.env["retail.audit"].search([("action", "=", "payout.taken_back")], limit=1)
        self.assertEqual((found.user_id, found.res_id), (accountant, payout.id))

    def accountant(self):
        return person(self, "group_accountant")


def person(case, group):
    """Return a user of the company with one of our roles."""
    groups = (f"retail_connector_base.{group}", "base.group_user")
    return case.env["res.users"].create(
        {
            "name": group,
            "login": f"{group}-{case.id()}"[:60],
            "company_id": case.company.id,
            "company_ids": case.company.ids,
            "group_ids": [(6, 0, [case.env.ref(name).id for name in groups])],
        }
    )
