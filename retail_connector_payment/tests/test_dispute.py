from datetime import timedelta, timezone
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo import fields
from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import DisputeState
from odoo.addons.retail_connector_base.decisions.outcome import Outcome

from ..decisions.dispute_state import DECIDED, RANKS, Step, money, step
from ..decisions.ledger import Role
from .payouts import Category, PayoutCase, dispute_message, payout_message, transaction

NEEDS, REVIEW = DisputeState.NEEDS_RESPONSE, DisputeState.UNDER_REVIEW
WON, LOST = DisputeState.WON, DisputeState.LOST


@tagged("post_install", "-at_install")
class TestDisputeState(BaseCase):
    @given(st.lists(st.sampled_from(DisputeState), min_size=1, max_size=8))
    def test_of_one_age_the_furthest_state_holds_in_any_order(self, told):
        held = None
        for state in told:
            if step(held, state, is_newer=False) is not Step.STALE:
                held = state
        self.assertEqual(RANKS[held], max(map(RANKS.get, told)))

    def test_a_newer_word_may_go_back_on_a_decision(self):
        self.assertIs(step(WON, LOST, is_newer=True), Step.REOPENED)
        self.assertIs(step(LOST, REVIEW, is_newer=True), Step.REOPENED)
        self.assertIs(step(LOST, REVIEW, is_newer=False), Step.STALE)

    @given(
        st.sampled_from(DisputeState),
        st.decimals(0, 1000, places=2),
        st.none() | st.decimals(0, 2000, places=2),
        st.booleans(),
    )
    def test_nothing_is_lost_or_won_that_was_not_taken(self, state, amount, won, was_taken):
        moved = money(state, amount, won, was_taken)
        self.assertGreaterEqual(moved.open, 0)
        self.assertGreaterEqual(moved.back, 0)
        self.assertGreaterEqual(moved.lost, 0)
        if state in DECIDED:
            self.assertEqual(moved.open, 0)


@tagged("post_install", "-at_install")
class TestDispute(PayoutCase):
    def tell(self, message, **values):
        """Import a later word about a dispute, and run the lane; return the record."""
        at = values.pop("updated_at", message.updated_at + timedelta(hours=1))
        message = message.model_copy(update={"updated_at": at, **values})
        self.drain(message)
        self.post()
        return self.dispute(message)

    def opened(self, amount="50.00", **values):
        message = dispute_message(amount, **values)
        return message, self.tell(message, updated_at=message.updated_at)

    def books(self):
        """Return the balances of clearing, disputes and losses."""
        return tuple(map(self.balance, (Role.CLEARING, Role.DISPUTE, Role.LOSS)))

    def test_the_bank_takes_the_money(self):
        self.opened()
        self.assertEqual(self.books(), ("-50.00", "50.00", "0.00"))
        self.assert_tied()

    def test_an_inquiry_takes_none(self):
        message, dispute = self.opened(state=DisputeState.INQUIRY)
        self.assertFalse(dispute.entry_ids)
        dispute = self.tell(message, state=DisputeState.CLOSED)
        self.assertFalse(dispute.entry_ids)

    def test_what_is_won_comes_back(self):
        message, _dispute = self.opened()
        dispute = self.tell(message, state=WON)
        self.assertEqual(self.books(), ("0.00", "0.00", "0.00"))
        self.assertTrue(all(dispute.entry_ids.contra_line_id.mapped("reconciled")))
        self.assert_tied()

    def test_what_is_closed_without_a_decision_comes_back(self):
        message, _dispute = self.opened()
        self.tell(message, state=DisputeState.CLOSED)
        self.assertEqual(self.books(), ("0.00", "0.00", "0.00"))
        self.assert_tied()

    def test_a_payout_shows_that_an_inquiry_took_the_money_after_all(self):
        message, dispute = self.opened(state=DisputeState.INQUIRY)
        line = transaction(Category.DISPUTE, "-50.00", message.external_id)
        payout = self.settle(payout_message(line))
        self.assertEqual(payout.state, "settled")
        self.assertEqual(self.balance(Role.DISPUTE), "50.00")
        self.assertTrue(dispute.was_taken)
        self.assert_tied()

    def test_what_is_lost_is_a_loss(self):
        message, _dispute = self.opened()
        dispute = self.tell(message, state=LOST)
        self.assertEqual(self.books(), ("-50.00", "0.00", "50.00"))
        self.assertTrue(dispute.entry_ids.contra_line_id.reconciled)
        self.assert_tied()

    def test_what_is_accepted_is_a_loss(self):
        message, _dispute = self.opened()
        self.tell(message, state=DisputeState.ACCEPTED)
        self.assertEqual(self.books(), ("-50.00", "0.00", "50.00"))

    def test_what_is_partly_won_is_partly_lost(self):
        message, _dispute = self.opened()
        dispute = self.tell(message, state=WON, won_amount=Decimal("20.00"))
        self.assertEqual(self.books(), ("-30.00", "0.00", "30.00"))
        self.assertTrue(all(dispute.entry_ids.contra_line_id.mapped("reconciled")))
        self.assert_tied()

    def test_the_end_may_be_heard_of_first(self):
        message = dispute_message()
        self.tell(message, state=WON)
        result, _failures = self.run_import(message)
        self.assertIs(result[message.external_id].outcome, Outcome.SUPERSEDED)
        self.assertEqual(self.books(), ("0.00", "0.00", "0.00"))

    def test_a_loss_that_is_taken_back_is_reversed(self):
        message, _dispute = self.opened()
        self.tell(message, state=LOST)
        at = message.updated_at + timedelta(days=1)
        dispute = self.tell(message, state=REVIEW, updated_at=at)
        self.assertEqual(self.books(), ("-50.00", "50.00", "0.00"))
        self.assertFalse(dispute.loss_move_id)
        self.tell(message, state=WON, updated_at=at + timedelta(days=1))
        self.assertEqual(self.books(), ("0.00", "0.00", "0.00"))
        self.assert_tied()

    def test_a_dispute_that_is_lost_after_it_was_won_takes_the_money_again(self):
        message, _dispute = self.opened()
        self.tell(message, state=WON)
        at = message.updated_at + timedelta(days=1)
        dispute = self.tell(message, state=LOST, updated_at=at)
        self.assertEqual(dispute.round, 2)
        self.assertEqual(self.books(), ("-50.00", "0.00", "50.00"))
        self.assertEqual(len(dispute.entry_ids), 3)
        self.assert_tied()

    def test_reopening_is_in_the_audit_trail(self):
        message, _dispute = self.opened()
        self.tell(message, state=LOST)
        dispute = self.tell(
            message, state=REVIEW, updated_at=message.updated_at + timedelta(days=1)
        )
        found = self.env["retail.audit"].search(
            [("action", "=", "dispute.reopened"), ("res_id", "=", dispute.id)]
        )
        self.assertEqual(found.detail, {"from": "lost", "to": "under_review"})

    def test_without_an_account_for_losses_a_person_is_told(self):
        account = self.gateway.loss_account_id
        self.gateway.sudo().loss_account_id = False
        message, _dispute = self.opened()
        self.tell(message, state=LOST)
        self.assertIn("dispute_not_closed", self.problems())
        self.gateway.sudo().loss_account_id = account
        found = self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("code", "=", "dispute_not_closed")]
        )
        found._retry(self.env.user)
        self.post()
        self.assertEqual(self.books(), ("-50.00", "0.00", "50.00"))
        self.assertEqual(found.state, "resolved")

    def test_a_test_dispute_moves_nothing(self):
        message = dispute_message(test=True)
        result = self.drain(message)[message.external_id]
        self.assertIs(result.outcome, Outcome.IGNORED)

    def test_it_knows_its_order_by_its_payment(self):
        order = self.order("50.00")
        payment = self.charge("50.00", order=order)
        _message, dispute = self.opened(payment_external_id=payment.external_id)
        self.assertEqual(dispute.order_binding_id, order)
        self.assertEqual(dispute.payment_id, self.payment(payment))

    # Deadlines

    def soon(self, hours):
        return fields.Datetime.now().replace(tzinfo=timezone.utc) + timedelta(hours=hours)

    def test_somebody_is_given_the_deadline(self):
        until = self.soon(200)
        _message, dispute = self.opened(respond_until=until)
        activity = dispute.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertLessEqual(abs((activity.date_deadline - until.date()).days), 1)

    def test_a_deadline_that_moves_moves_the_task(self):
        message, dispute = self.opened(respond_until=self.soon(200))
        before = dispute.activity_ids.date_deadline
        self.tell(message, respond_until=self.soon(400))
        self.assertEqual(len(dispute.activity_ids), 1)
        self.assertGreater(dispute.activity_ids.date_deadline, before)

    def test_once_it_is_answered_the_task_is_gone(self):
        message, dispute = self.opened(respond_until=self.soon(200))
        self.tell(message, state=REVIEW)
        self.assertFalse(dispute.activity_ids)

    def test_short_before_the_deadline_an_exception_tells(self):
        message, dispute = self.opened(respond_until=self.soon(47))
        self.env["retail.dispute"]._sweep_deadlines()
        self.env["retail.dispute"]._sweep_deadlines()
        found = self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("code", "=", "dispute_deadline")]
        )
        self.assertEqual((found.state, found.occurrence_count), ("open", 1))
        self.assertEqual(found.amount_at_risk, dispute.amount)
        self.tell(message, state=REVIEW)
        self.assertEqual(found.state, "resolved")

    def test_long_before_it_does_not(self):
        self.opened(respond_until=self.soon(60))
        self.env["retail.dispute"]._sweep_deadlines()
        self.assertNotIn("dispute_deadline", self.problems())
