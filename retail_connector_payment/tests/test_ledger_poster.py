from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.retail_connector_base.tests.access import create_user

from ..decisions.ledger import Role
from .common import PaymentCase, book_here, make_gateway, set_rate

POSTER = "odoo.addons.retail_connector_payment.models.retail_ledger_poster"


class PosterCase(PaymentCase):
    """Entries that are to be posted."""

    def exception(self, code, state="open"):
        """Return the exceptions of a code."""
        return self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("code", "=", code), ("state", "=", state)]
        )

    def broken_order(self):
        """Return an order whose customer's account is archived, so that it alone fails."""
        binding = self.order()
        account = self.env["account.account"].create(
            {"name": "Old Debtors", "code": "129999", "account_type": "asset_receivable"}
        )
        binding.odoo_id.partner_invoice_id.property_account_receivable_id = account
        account.active = False
        return binding, account

    def lines(self, entry):
        """Return (account, amount, currency) of the entry's lines, the clearing one first."""
        return [
            (line.account_id, line.amount_currency, line.currency_id.name)
            for line in (entry.clearing_line_id, entry.contra_line_id)
        ]

    def receivable(self, binding):
        return binding.odoo_id.partner_invoice_id.property_account_receivable_id

    def account(self, role, gateway=None):
        return (gateway or self.gateway)._role_account(role)


@tagged("post_install", "-at_install")
class TestPosting(PosterCase):
    def test_a_charge_is_owed_by_the_gateway_instead_of_the_customer(self):
        binding = self.order()
        entry = self.note(100, order=binding)
        self.post()
        self.assertEqual(entry.state, "posted")
        self.assertEqual(entry.move_id.state, "posted")
        self.assertEqual(
            self.lines(entry),
            [
                (self.account(Role.CLEARING), 100, "EUR"),
                (self.receivable(binding), -100, "EUR"),
            ],
        )
        self.assertEqual(entry.contra_line_id.partner_id, binding.odoo_id.partner_invoice_id)
        self.assertEqual(entry.move_id.journal_id, self.gateway.journal_id)
        self.assertEqual(entry.move_id.retail_ledger_entry_id, entry)
        self.assertEqual(entry.booked_order_id, binding)

    def test_a_refund_goes_the_other_way(self):
        binding = self.order()
        entry = self.note(-30, "refund", order=binding)
        self.post()
        self.assertEqual([amount for _account, amount, _name in self.lines(entry)], [-30, 30])

    def test_a_dispute_stands_on_its_own_account_without_waiting_for_an_order(self):
        self.gateway.match_patience = 3600
        entry = self.note(-30, "dispute")
        self.post()
        self.assertEqual(entry.contra_line_id.account_id, self.account(Role.DISPUTE))

    def test_many_are_posted_in_one_chunk_each_with_its_own_lines(self):
        entries = self.env["retail.ledger.entry"]
        for number in range(1, 31):
            entries |= self.note(number, order=self.order(number))
        self.assertEqual(self.post(), 1)
        for entry in entries:
            self.assertEqual(entry.clearing_line_id.balance, entry.amount)
            self.assertEqual(entry.contra_line_id.balance, -entry.amount)
            self.assertEqual(entry.contra_line_id.move_id, entry.move_id)
        self.assertEqual(self.balance(), "465.00")

    def test_lines_are_told_apart_on_one_account(self):
        self.gateway.unmatched_account_id = self.gateway.clearing_account_id
        entry = self.note(10)
        self.post()
        self.assertEqual([amount for _account, amount, _name in self.lines(entry)], [10, -10])

    def test_what_is_posted_is_not_posted_again(self):
        entry = self.note(100, order=self.order())
        self.post()
        move = entry.move_id
        self.assertEqual(self.post(), 0)
        self.note(100, external_id=entry.external_id)
        self.post()
        self.assertEqual(entry.move_id, move)
        self.assertEqual(self.balance(), "100.00")

    def test_what_is_posted_is_not_edited_afterwards(self):
        entry = self.note(100, order=self.order())
        self.post()
        with self.assertRaises(UserError):
            entry.move_id.button_draft()

    def test_the_day_is_the_companys(self):
        self.company.partner_id.tz = "Europe/Berlin"
        entry = self.note(10, order=self.order(), occurred_at="2026-05-04 22:30:00")
        self.post()
        self.assertEqual(entry.move_id.date, date(2026, 5, 5))

    def test_the_clearing_account_holds_what_is_not_settled(self):
        self.note(100, order=self.order())
        self.note(-25, "refund", order=self.order())
        self.note(-10, "dispute")
        self.post()
        self.assertEqual(self.balance(), "65.00")
        open_ones = self.entries(state="posted")
        self.assertEqual(sum(open_ones.mapped("amount")), 65)


@tagged("post_install", "-at_install")
class TestPostingCurrencies(PosterCase):
    def test_the_rate_is_that_of_the_day(self):
        set_rate(self.env, self.company, "USD", 2.0, "2026-01-01")
        set_rate(self.env, self.company, "USD", 4.0, "2026-05-05")
        before = self.note(100, currency="USD", occurred_at="2026-05-04 10:00:00")
        after = self.note(100, currency="USD", occurred_at="2026-05-06 10:00:00")
        self.post()
        self.assertEqual(before.clearing_line_id.balance, 50)
        self.assertEqual(after.clearing_line_id.balance, 25)
        self.assertEqual(after.clearing_line_id.amount_currency, 100)
        self.assertEqual(self.balance(currency="USD"), "200.00")

    def test_currencies_without_and_with_three_decimal_places(self):
        set_rate(self.env, self.company, "JPY", 160.0)
        set_rate(self.env, self.company, "BHD", 0.4)
        yen = self.note(1001, currency="JPY")
        dinar = self.note("1.005", currency="BHD")
        self.post()
        self.assertEqual(yen.clearing_line_id.amount_currency, 1001)
        self.assertEqual(dinar.clearing_line_id.amount_currency, 1.005)
        self.assertFalse(yen.move_id.line_ids.filtered(lambda line: line.currency_id.name != "JPY"))

    def test_without_any_rate_nothing_is_guessed(self):
        entry = self.note(100, currency="CHF")
        self.post()
        self.assertEqual(entry.state, "to_post")
        self.assertIn("CHF", self.exception("gateway_not_ready").cause)
        set_rate(self.env, self.company, "CHF", 0.9)
        entry.action_post_now()
        self.post()
        self.assertEqual(entry.state, "posted")
        self.assertFalse(self.exception("gateway_not_ready"))


@tagged("post_install", "-at_install")
class TestPostingTrouble(PosterCase):
    @mute_logger(POSTER)
    def test_what_fails_alone_stops_nothing_else(self):
        broken, _account = self.broken_order()
        entries = [self.note(number + 1, order=self.order()) for number in range(5)]
        bad = self.note(40, order=broken)
        entries += [self.note(number + 1, order=self.order()) for number in range(5)]
        self.post()
        self.assertEqual({entry.state for entry in entries}, {"posted"})
        self.assertEqual(bad.state, "to_post")
        self.assertFalse(bad.move_id)
        self.assertEqual(bad.attempts, 1)
        self.assertGreater(bad.next_attempt_at, bad.create_date)
        self.assertEqual(self.balance(), "30.00")

    @mute_logger(POSTER)
    def test_failures_of_one_cause_are_one_exception_with_their_sum_at_risk(self):
        broken, _account = self.broken_order()
        self.note(40, order=broken)
        self.note(-15, "refund", order=broken)
        self.post()
        exception = self.exception("posting_failed")
        self.assertEqual(len(exception), 1)
        self.assertEqual(exception.amount_at_risk, 55)
        self.assertEqual(exception.error_class, "finance")

    @mute_logger(POSTER)
    def test_it_is_posted_and_solved_once_the_cause_is_gone(self):
        broken, account = self.broken_order()
        bad = self.note(40, order=broken)
        self.post()
        account.active = True
        self.exception("posting_failed").action_retry()
        self.assertEqual(len(self.exception("posting_failed")), 1, "it waits for the lane")
        self.post()
        self.assertEqual(bad.state, "posted")
        self.assertFalse(bad.error)
        self.assertEqual(len(self.exception("posting_failed", "resolved")), 1)

    @mute_logger(POSTER)
    def test_it_is_not_tried_before_its_time(self):
        broken, account = self.broken_order()
        bad = self.note(40, order=broken)
        self.post()
        account.active = True
        self.assertEqual(self.post(), 0)
        self.assertEqual(bad.state, "to_post")

    def test_a_missing_account_opens_the_gateway(self):
        self.gateway.clearing_account_id = False
        entry = self.note(100, order=self.order())
        self.post()
        exception = self.exception("gateway_not_ready")
        self.assertEqual(exception.amount_at_risk, 100)
        action = exception.action_fix()
        self.assertEqual(action["res_model"], "retail.gateway")
        self.assertEqual(action["res_id"], self.gateway.id)
        self.assertEqual(entry.state, "to_post")

    def test_what_a_missing_account_does_not_concern_is_posted(self):
        self.gateway.dispute_account_id = False
        charge = self.note(100, order=self.order())
        dispute = self.note(-100, "dispute")
        self.post()
        self.assertEqual((charge.state, dispute.state), ("posted", "to_post"))

    def test_with_the_account_it_goes_on_by_itself(self):
        account = self.gateway.clearing_account_id
        self.gateway.clearing_account_id = False
        entry = self.note(100, order=self.order())
        self.post()
        self.gateway.clearing_account_id = account
        self.post()
        self.assertEqual(entry.state, "posted")
        self.assertFalse(self.exception("gateway_not_ready"))

    def test_an_archived_journal_is_named(self):
        self.gateway.journal_id.active = False
        self.note(100, order=self.order())
        self.post()
        self.assertIn("journal", self.exception("gateway_not_ready").cause)

    def test_only_an_operator_lets_it_be_tried_again(self):
        entry = self.note(100)
        auditor = create_user(self.env, "auditor", company=self.company)
        with self.assertRaises(AccessError):
            entry.with_user(auditor).action_post_now()
        operator = create_user(self.env, "operator", company=self.company)
        entry.next_attempt_at = "2099-01-01 00:00:00"
        entry.with_user(operator).action_post_now()
        self.assertFalse(entry.next_attempt_at)


@tagged("post_install", "-at_install")
class TestPostingUnset(PosterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = make_gateway(cls.backend, "paylater", booked=False)

    def test_nothing_is_posted_before_somebody_says_how(self):
        entry = self.note(70, gateway=self.other)
        self.post(self.other)
        self.assertEqual(entry.state, "to_post")
        exception = self.exception("gateway_unset")
        self.assertEqual(exception.amount_at_risk, 70)
        self.assertEqual(exception.res_id, self.other.id)

    def test_the_amount_at_risk_grows_with_what_waits(self):
        self.note(70, gateway=self.other)
        self.note(-20, "refund", gateway=self.other)
        self.assertEqual(self.exception("gateway_unset").amount_at_risk, 70)
        self.env["retail.ledger"]._sweep()
        self.assertEqual(self.exception("gateway_unset").amount_at_risk, 90)
        self.assertEqual(self.exception("gateway_unset").occurrence_count, 1)

    def test_it_is_solved_and_posted_once_it_is_set_up(self):
        entry = self.note(70, gateway=self.other)
        book_here(self.other)
        self.assertFalse(self.exception("gateway_unset"))
        self.post(self.other)
        self.assertEqual(entry.state, "posted")

    def test_what_another_gateway_books_is_not_noted(self):
        self.other.sudo().write({"booking": "elsewhere", "booked_by_id": self.gateway.id})
        self.assertFalse(self.note(70, gateway=self.other))
        self.assertFalse(self.entries(gateway_id=self.other.id))
