from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.retail_connector_base.tests.access import create_user

from ..decisions.ledger import Role
from .bank_common import ARRIVAL, BankCase
from .common import make_gateway, set_rate


@tagged("post_install", "-at_install")
@freeze_time("2026-05-07 10:00:00")
class TestBankDeposit(BankCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = create_user(cls.env, "accountant", company=cls.company)

    def suggestion(self, **values):
        """Return the only suggestion, as the accountant sees it."""
        found = self.matches(state="suggested", **values)
        self.assertEqual(len(found), 1)
        return found.with_user(self.accountant)

    # By itself

    def test_a_deposit_closes_the_payout_in_transit(self):
        payout = self.payout("100.00", reference="PO-123456")
        self.assertEqual((payout.bank_state, self.transit()), ("in_transit", "100.00"))
        line = self.bank_line("100.00", text="Giro PO 123456")
        self.match_all()
        self.assertEqual((payout.bank_state, self.transit()), ("deposited", "0.00"))
        self.assertTrue(line.is_reconciled)
        self.assertTrue(all(payout._transit_lines()[payout].mapped("reconciled")))
        self.assert_balanced(line)
        match = self.matches()
        self.assertEqual(
            (match.state, match.how, match.payout_ids), ("matched", "reference", payout)
        )
        self.assertFalse(match.decided_by_id)

    def test_by_the_amount_within_the_window(self):
        payout = self.payout("100.00")
        self.bank_line("100.00", day=ARRIVAL + timedelta(days=1))
        self.match_all()
        self.assertEqual(payout.bank_state, "deposited")

    def test_a_deposit_that_was_there_before_its_payout(self):
        self.bank_line("100.00")
        self.match_all()
        payout = self.payout("100.00")
        self.match_all()
        self.assertEqual(payout.bank_state, "deposited")

    def test_a_collected_payout(self):
        payout = self.payout("-40.00")
        line = self.bank_line("-40.00")
        self.match_all()
        self.assertEqual((payout.bank_state, self.transit()), ("deposited", "0.00"))
        self.assert_balanced(line)

    def test_one_deposit_of_several_payouts(self):
        payouts = self.payout("60.00") | self.payout("40.00")
        line = self.bank_line("100.00")
        self.match_all()
        self.assertEqual(payouts.mapped("bank_state"), ["deposited", "deposited"])
        self.assertEqual(self.transit(), "0.00")
        self.assertEqual(len(line.line_ids), 3)
        self.assertEqual(self.matches().payout_ids, payouts)

    def test_a_payout_in_parts_is_one_amount(self):
        payout = self.payout("60.00")
        payout.amount = 100
        self.move_of(payout, 40.0)
        self.bank_line("100.00")
        self.match_all()
        self.assertEqual((payout.bank_state, self.transit()), ("deposited", "0.00"))

    def test_a_payout_that_is_not_settled_is_not_expected(self):
        payout = self.payout("100.00", state="settling")
        self.bank_line("100.00")
        self.match_all()
        self.assertFalse(payout.bank_state)
        self.assertFalse(self.matches())

    def test_a_payout_without_money_expects_nothing(self):
        payout = self.env["retail.payout"].create(
            {
                "backend_id": self.backend.id,
                "gateway_id": self.gateway.id,
                "external_id": "ZERO",
                "gateway_state": "paid",
                "state": "settled",
                "currency_id": self.company.currency_id.id,
                "amount": 0,
                "arrival_date": ARRIVAL,
            }
        )
        self.match_all()
        self.assertEqual(payout.bank_state, "deposited")

    def test_a_failed_payout_that_was_reversed_expects_nothing(self):
        payout = self.payout("100.00")
        self.move_of(payout, -100.0)
        payout.sudo().gateway_state = "failed"
        self.match_all()
        self.assertFalse(payout.bank_state)

    def test_a_payout_that_came_back_is_expected_as_a_debit(self):
        payout = self.payout("100.00")
        self.bank_line("100.00")
        self.match_all()
        self.move_of(payout, -100.0)
        payout.sudo().gateway_state = "failed"
        back = self.bank_line("-100.00", day=ARRIVAL + timedelta(days=1))
        self.match_all()
        self.assertTrue(back.is_reconciled)
        self.assertEqual((payout.bank_state, self.transit()), (False, "0.00"))

    def test_a_payout_that_was_taken_back_after_its_deposit(self):
        payout = self.payout("100.00")
        self.bank_line("100.00")
        self.match_all()
        self.move_of(payout, -100.0)
        payout.sudo().write({"gateway_state": "failed", "state": "cancelled"})
        self.match_all()
        self.assertEqual((payout.bank_state, self.transit()), ("in_transit", "-100.00"))
        self.bank_line("-100.00", day=ARRIVAL + timedelta(days=1))
        self.match_all()
        self.assertEqual((payout.bank_state, self.transit()), (False, "0.00"))

    # Currencies

    def test_a_payout_in_another_currency_at_another_rate(self):
        set_rate(self.env, self.company, "USD", 1.10, "2026-01-01")
        journal = self.env["account.journal"].create(
            {
                "name": "Dollars",
                "code": "RUSD",
                "type": "bank",
                "company_id": self.company.id,
                "currency_id": self.env.ref("base.USD").id,
            }
        )
        payout = self.payout("110.00", currency="USD", rate="0.92")
        line = self.bank_line("110.00", journal=journal)
        self.match_all()
        self.assertEqual(payout.bank_state, "deposited")
        self.assertEqual(self.balance(Role.TRANSIT, "USD"), "0.00")
        self.assertEqual(self.transit(), "0.00")
        # Booked at 101.20, worth 100.00 on the day of the deposit.
        self.assertEqual(self.balance(Role.EXCHANGE_LOSS), "1.20")
        self.assertEqual(self.balance(Role.EXCHANGE_GAIN), "0.00")
        self.assert_balanced(line)
        # No entry of Odoo's own for the difference.
        moves = payout._transit_lines()[payout].matched_credit_ids.exchange_move_id
        self.assertFalse(moves)

    def test_a_conversion_by_the_bank_is_left_to_a_person(self):
        set_rate(self.env, self.company, "USD", 1.10, "2026-01-01")
        payout = self.payout("110.00", currency="USD", rate="0.92", reference="PO-123456")
        line = self.bank_line("99.50", text="PO-123456")
        self.match_all()
        match = self.suggestion(how="reference")
        self.assertFalse(match.is_comparable)
        with self.assertRaises(UserError):
            match.action_match()
        match.difference_account_id = self.gateway.exchange_loss_account_id
        match.action_match()
        self.assertEqual((payout.bank_state, self.transit()), ("deposited", "0.00"))
        self.assertEqual(self.balance(Role.EXCHANGE_LOSS), "1.70")
        self.assert_balanced(line)

    # Suggestions

    def test_two_candidates_are_left_to_a_person(self):
        first, second = self.payout("100.00"), self.payout("100.00")
        self.bank_line("100.00", text="First")
        self.match_all()
        self.assertEqual(self.transit(), "200.00")
        found = self.matches(state="suggested")
        self.assertEqual(found.payout_ids, first | second)
        found.filtered(lambda match: match.payout_ids == second).with_user(
            self.accountant
        ).action_match()
        self.assertEqual((first.bank_state, second.bank_state), ("in_transit", "deposited"))
        # The rival is gone.
        self.assertFalse(self.matches(state="suggested"))
        self.assertEqual(self.transit(), "100.00")

    def test_a_difference_is_never_posted_by_itself(self):
        payout = self.payout("100.00", reference="PO-123456")
        line = self.bank_line("98.50", text="PO-123456")
        self.match_all()
        self.assertEqual((payout.bank_state, self.transit()), ("in_transit", "100.00"))
        match = self.suggestion()
        self.assertEqual(match.difference, -1.5)
        with self.assertRaises(UserError):
            match.action_match()
        match.difference_account_id = self.gateway.fee_account_id
        match.action_match()
        self.assertEqual((payout.bank_state, self.transit()), ("deposited", "0.00"))
        self.assertEqual(self.balance(Role.FEE), "1.50")
        self.assertEqual(match.decided_by_id, self.accountant)
        self.assert_balanced(line)

    def test_what_a_person_refused_is_not_suggested_again(self):
        self.payout("100.00", reference="PO-123456")
        self.bank_line("98.50", text="PO-123456")
        self.match_all()
        self.suggestion().action_refuse()
        self.match_all()
        self.assertFalse(self.matches(state="suggested"))

    def test_a_person_matches_what_nobody_suggested(self):
        payout, line = self.payout("100.00"), self.bank_line("70.00", text="rest")
        match = (
            self.env["retail.bank.match"]
            .with_user(self.accountant)
            .create(
                {
                    "statement_line_id": line.id,
                    "payout_ids": [(6, 0, payout.ids)],
                    "difference_account_id": self.gateway.fee_account_id.id,
                }
            )
        )
        self.match_all()
        self.assertEqual(match.difference, -30)
        match.action_match()
        self.assertEqual(payout.bank_state, "deposited")

    def test_a_suggestion_that_no_longer_holds_goes(self):
        self.payout("100.00")
        self.payout("100.00")
        line = self.bank_line("100.00")
        self.match_all()
        self.assertEqual(len(self.matches(state="suggested")), 2)
        line.amount = 55
        self.match_all()
        self.assertFalse(self.matches())

    # Undoing

    def test_undo_opens_both_sides_and_stays_undone(self):
        payout = self.payout("100.00")
        line = self.bank_line("100.00")
        self.match_all()
        match = self.matches().with_user(self.accountant)
        match.action_undo()
        self.assertFalse(line.is_reconciled)
        self.assertEqual((payout.bank_state, self.transit()), ("in_transit", "100.00"))
        self.match_all()
        self.assertEqual((payout.bank_state, match.state), ("in_transit", "refused"))
        self.assert_balanced(line)

    def test_undone_by_odoos_own_button(self):
        payout = self.payout("100.00")
        line = self.bank_line("100.00")
        self.match_all()
        line.action_undo_reconciliation()
        self.assertEqual((payout.bank_state, self.matches().state), ("in_transit", "refused"))

    def test_a_deleted_deposit_is_in_transit_again(self):
        payout = self.payout("100.00")
        line = self.bank_line("100.00")
        self.match_all()
        line.unlink()
        self.assertEqual((payout.bank_state, self.transit()), ("in_transit", "100.00"))
        self.assertFalse(self.matches())

    def test_a_refused_pair_can_still_be_matched_by_a_person(self):
        payout = self.payout("100.00")
        self.bank_line("100.00")
        self.match_all()
        match = self.matches().with_user(self.accountant)
        match.action_undo()
        match.action_match()
        self.assertEqual((payout.bank_state, self.transit()), ("deposited", "0.00"))

    # Trouble

    def test_what_cannot_be_booked_is_shown_with_the_amount_at_risk(self):
        set_rate(self.env, self.company, "USD", 1.10, "2026-01-01")
        payout = self.payout("110.00", currency="USD", rate="0.92")
        self.bank_line("100.00", foreign_currency_id=payout.currency_id.id, amount_currency=110)
        account = self.gateway.exchange_loss_account_id
        self.gateway.exchange_loss_account_id = False
        self.match_all()
        match = self.suggestion()
        self.assertIn("exchange accounts", match.problem)
        self.assertEqual(
            (self.problems(), payout.bank_state), (["deposit_not_booked"], "in_transit")
        )
        self.gateway.exchange_loss_account_id = account
        match.action_match()
        self.assertEqual((self.problems(), payout.bank_state), ([], "deposited"))
        self.assertEqual(self.balance(Role.EXCHANGE_LOSS), "1.20")

    def test_overdue_is_shown_and_solves_itself(self):
        payout = self.payout("100.00", arrives=date(2026, 4, 1))
        self.match_all()
        self.assertEqual((payout.bank_state, self.problems()), ("overdue", ["payout_overdue"]))
        exception = self.env["retail.exception"].search([("code", "=", "payout_overdue")])
        self.assertEqual((exception.amount_at_risk, exception.error_class), (100.0, "finance"))
        payout.reference = "PO-123456"
        self.bank_line("100.00", text="PO-123456", day=date(2026, 5, 3))
        self.match_all()
        self.assertEqual((payout.bank_state, self.problems()), ("deposited", []))

    # Who and where

    def test_only_an_accountant_decides(self):
        self.payout("100.00", reference="PO-123456")
        self.bank_line("98.50", text="PO-123456")
        self.match_all()
        for role in ("operator", "administrator", "auditor"):
            match = self.matches().with_user(create_user(self.env, role, company=self.company))
            for action in ("action_match", "action_refuse", "action_undo"):
                with self.subTest(role=role, action=action), self.assertRaises(AccessError):
                    getattr(match, action)()

    def test_people_write_only_what_is_theirs(self):
        self.payout("100.00", reference="PO-123456")
        self.bank_line("98.50", text="PO-123456")
        self.match_all()
        match = self.suggestion()
        for name, value in (("state", "matched"), ("difference", 0), ("how", "amount")):
            with self.subTest(name=name), self.assertRaises(AccessError):
                match.write({name: value})

    def test_the_journal_of_the_gateway_alone(self):
        other = self.env["account.journal"].create(
            {"name": "Other", "code": "ROTH", "type": "bank", "company_id": self.company.id}
        )
        self.gateway.bank_journal_id = other
        payout = self.payout("100.00")
        self.bank_line("100.00")
        self.match_all()
        self.assertEqual(payout.bank_state, "in_transit")
        self.bank_line("100.00", journal=other)
        self.match_all()
        self.assertEqual(payout.bank_state, "deposited")

    def test_two_gateways_keep_their_own_transit_accounts(self):
        second = make_gateway(self.backend, "second")
        one, two = (
            self.payout("100.00", reference="PO-111111"),
            self.payout("100.00", gateway=second, reference="PO-222222"),
        )
        self.bank_line("100.00", text="PO-222222")
        self.match_all()
        self.assertEqual((one.bank_state, two.bank_state), ("in_transit", "deposited"))
        self.assertEqual(self.transit(), "100.00")
        self.assertEqual(self.balance(Role.TRANSIT, gateway=second), "0.00")

    def test_nothing_is_done_when_nothing_changed(self):
        self.payout("100.00", reference="PO-123456")
        self.bank_line("98.50", text="PO-123456")
        self.match_all()
        self.env.flush_all()
        matcher = self.env["retail.bank.matcher"]
        self.assertFalse(matcher._more_waits(self.env.cr, self.company.id))
        self.bank_line("5.00")
        self.env.flush_all()
        self.assertTrue(matcher._more_waits(self.env.cr, self.company.id))
