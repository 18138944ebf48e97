from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical.pos_ticket import TenderState

from .closings import closing, counted
from .day_case import DayCase
from .tickets import card, changed, ticket


@tagged("post_install", "-at_install")
class TestDaySign(DayCase):
    """What differs is signed by an accountant, with a reason, and not by whoever caused it."""

    def setUp(self):
        super().setUp()
        self.accountant = self.person("accountant")

    def different(self, report):
        day = self.reported(report)
        day.reported_at = fields.Datetime.now() - timedelta(minutes=6)
        day._review()
        self.assertEqual(day.state, "different")
        return day

    def wizard(self, day, user=None):
        """Open the wizard as a person does."""
        action = day.with_user(user or self.accountant).action_sign()
        return (
            self.env["retail.pos.sign"]
            .with_user(user or self.accountant)
            .with_context(**action["context"])
            .create({"reason": "Counted twice"})
        )

    def sign(self, day, user=None):
        self.wizard(day, user).action_sign()
        day._review()
        self.assertEqual(day.state, "closing")
        day._close_now()
        self.assertEqual(day.state, "closed")

    def test_a_signed_shortage_is_posted_as_a_loss(self):
        sold = self.sold(ticket())
        day = self.different(counted(closing(*sold), cash="10.90"))
        wizard = self.wizard(day)
        self.assertIn("1.00", wizard.consequences)
        self.sign(day)
        session = day.session_ids
        loss = self.cash_method(self.register).journal_id.loss_account_id
        items = session._get_related_account_moves().line_ids
        self.assertEqual(items.filtered(lambda each: each.account_id == loss).balance, 1)
        self.assertEqual(session.cash_register_balance_end_real, 10.9)
        self.assertEqual((day.signed_by_id, day.sign_reason), (self.accountant, "Counted twice"))
        entry = self.env["retail.audit"].search([("action", "=", "pos_day.signed")], limit=1)
        self.assertEqual((entry.user_id, entry.detail["reason"]),
                         (self.accountant, "Counted twice"))  # fmt: skip

    def test_a_card_total_that_was_counted_otherwise_goes_to_its_journals_account(self):
        loss = self.company.default_cash_difference_expense_account_id
        self.card.journal_id.loss_account_id = loss
        sold = self.sold(ticket(tenders=[card("11.90")]))
        day = self.different(counted(closing(*sold), card="11.40"))
        self.sign(day)
        items = day.session_ids._get_related_account_moves().line_ids
        self.assertEqual(items.filtered(lambda each: each.account_id == loss).balance, 0.5)
        self.assertEqual(day.session_ids.bank_payment_ids.amount, 11.4)

    def test_missing_tickets_are_signed_off_without_posting(self):
        sold = self.tickets(3)
        self.sold(*sold[:2])
        day = self.different(closing(*sold))
        self.sign(day)
        items = day.session_ids._get_related_account_moves().line_ids
        income = items.filtered(lambda each: each.account_id.account_type == "income")
        self.assertEqual(round(sum(income.mapped("balance")), 2), -23.8)
        self.assertEqual(self.problems(), [])
        late = self.sold(sold[2])[0]
        self.assertNotEqual(self.ticket(late).posted_day_id, day)
        self.assertFalse(day.still_missing)

    def test_a_day_that_was_never_reported_can_be_signed(self):
        self.sold(ticket())
        self.env["retail.pos.day"]._show_unreported()
        day = self.day()
        self.exception("pos_day_unreported").with_user(self.accountant).action_fix()
        self.sign(day)
        self.assertEqual(self.problems(), [])
        self.assertEqual(day.session_ids.cash_register_balance_end_real, 11.9)

    def test_an_operator_does_not_sign(self):
        sold = self.sold(ticket())
        day = self.different(counted(closing(*sold), cash="10.90"))
        for role in ("operator", "administrator", "auditor"):
            with self.assertRaises(AccessError):
                day.with_user(self.person(role)).action_sign()

    def test_who_sold_at_the_register_does_not_sign(self):
        sold = self.sold(ticket())
        day = self.different(counted(closing(*sold), cash="10.90"))
        self.order(sold[0]).user_id = self.accountant
        self.assertFalse(day.with_user(self.accountant).may_sign)
        with self.assertRaisesRegex(AccessError, "somebody else"):
            day.with_user(self.accountant).action_sign()

    def test_a_reason_is_needed(self):
        sold = self.sold(ticket())
        day = self.different(counted(closing(*sold), cash="10.90"))
        wizard = self.wizard(day)
        wizard.reason = "  "
        with self.assertRaisesRegex(UserError, "why"):
            wizard.action_sign()

    def test_what_changed_since_it_was_seen_is_not_signed(self):
        sold = self.sold(ticket())
        report = counted(closing(*sold), cash="10.90")
        day = self.different(report)
        wizard = self.wizard(day)
        self.drain(changed(counted(report, cash="9.90")))
        with self.assertRaisesRegex(UserError, "changed meanwhile"):
            wizard.action_sign()

    def test_a_signature_does_not_cover_another_difference(self):
        sold = self.sold(ticket())
        report = counted(closing(*sold), cash="10.90")
        day = self.different(report)
        self.wizard(day).action_sign()
        self.drain(changed(counted(report, cash="9.90")))
        day._review()
        self.assertEqual(day.state, "different")

    def test_a_closed_day_is_not_signed(self):
        sold = self.sold(ticket())
        day = self.close(closing(*sold))
        with self.assertRaisesRegex(UserError, "closed already"):
            day.with_user(self.accountant).action_sign()

    def test_nobody_of_another_company_sees_it(self):
        self.sold(ticket())
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.person("accountant", company_id=other.id, company_ids=[(6, 0, other.ids)])
        with self.assertRaises(AccessError):
            self.day().with_user(stranger).action_sign()

    def test_people_do_not_write_days(self):
        self.sold(ticket())
        for role in ("operator", "accountant", "administrator"):
            with self.assertRaises(AccessError):
                self.day().with_user(self.person(role)).write({"state": "closed"})


@tagged("post_install", "-at_install")
class TestDayOffline(DayCase):
    """Cards that were taken offline, and clocks."""

    def offline(self):
        return ticket(tenders=[card("11.90", state=TenderState.PENDING)], offline=True)

    def outcome(self, message, state):
        tenders = tuple(each.model_copy(update={"state": state}) for each in message.tenders)
        return changed(message, tenders=tenders)

    def test_a_declined_card_is_money_at_risk(self):
        sold = self.sold(self.offline())[0]
        self.drain(self.outcome(sold, TenderState.DECLINED))
        found = self.exception("offline_card_declined")
        self.assertEqual((found.amount_at_risk, found.res_id), (11.9, self.ticket(sold).id))
        self.assertEqual(found.error_class, "finance")

    def test_a_card_that_was_declined_after_the_day_was_posted(self):
        sold = self.sold(self.offline())[0]
        day = self.close(closing(sold))
        self.drain(self.outcome(sold, TenderState.DECLINED))
        self.assertEqual(self.problems(), ["offline_card_declined"])
        self.assertEqual(day.session_ids.bank_payment_ids.amount, 11.9)

    def test_a_card_that_was_accepted_after_all(self):
        sold = self.sold(self.offline())[0]
        self.drain(self.outcome(sold, TenderState.DECLINED))
        again = self.outcome(sold, TenderState.ACCEPTED)
        self.env["retail.pos.offline"]._settled(self.ticket(again))
        self.assertEqual(self.exception("offline_card_declined").state, "resolved")

    def clock(self, **ago):
        """Tell how a ticket's time and the moment of its receipt compare."""
        skew = timedelta(**ago) or None
        self.env["retail.pos.offline"]._note_clock(self.register, skew)

    def test_a_wrong_clock_is_shown_once(self):
        self.clock(minutes=30)
        self.clock(minutes=31)
        found = self.exception("register_clock")
        self.assertEqual((found.occurrence_count, self.register.clock_skew), (1, 30))
        self.clock()
        self.assertEqual((found.state, self.register.clock_skew), ("resolved", 0))
