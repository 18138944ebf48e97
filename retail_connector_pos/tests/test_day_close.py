from datetime import timedelta
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged

from .closings import closing, counted, movement
from .day_case import TODAY, DayCase
from .tickets import SOLD_AT, card, cash, line, ticket


@tagged("post_install", "-at_install")
class TestDayClose(DayCase):
    """A day that ties is posted at its date, drawer and deposit included."""

    def balances(self, session):
        """Return by account type the balance of all entries of a session."""
        found = {}
        for item in session._get_related_account_moves().line_ids:
            kind = item.account_id.account_type
            found[kind] = round(found.get(kind, 0) + item.balance, 2)
        return found

    def test_everything_bears_the_business_date(self):
        sold = self.sold(ticket(tenders=[card("5"), cash("6.90")]))
        day = self.close(counted(closing(*sold), cash="6.90"))
        session = day.session_ids
        moves = session._get_related_account_moves()
        self.assertEqual(set(moves.mapped("date")), {TODAY})
        self.assertEqual(session.bank_payment_ids.date, TODAY)
        self.assertEqual((session.state, session.rescue), ("closed", False))
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        self.assertEqual(day.posting_date, TODAY)

    def test_entries_name_register_and_day(self):
        sold = self.sold(ticket(tenders=[card("5"), cash("6.90")]))
        report = closing(*sold, cash_movements=(movement("bank_drop", -5, reason="Bag 7"),))
        session = self.close(report).session_ids
        where = f"S1:R1 {TODAY}"
        self.assertIn(where, session.move_id.ref)
        self.assertIn(where, session.bank_payment_ids.memo)
        drop = session.statement_line_ids.filtered(lambda each: each.amount == -5)
        self.assertIn(where, drop.payment_ref)
        self.assertIn("Bag 7", drop.payment_ref)

    def test_the_drawer_holds_float_takings_and_movements(self):
        sold = self.sold(ticket())
        report = closing(
            *sold, opening_float=Decimal(200), closing_float=Decimal("151.90"),
            cash_movements=(movement("paid_in", 20), movement("paid_out", -30),
                            movement("bank_drop", -50)),
        )  # fmt: skip
        session = self.close(report).session_ids
        self.assertEqual(session.cash_register_balance_start, 200)
        self.assertEqual(session.cash_register_balance_end_real, 151.9)
        self.assertEqual(sorted(session.statement_line_ids.mapped("amount")), [-50, -30, 11.9, 20])

    def test_what_is_taken_out_at_closing_is_a_deposit(self):
        sold = self.sold(ticket())
        report = closing(*sold, opening_float=Decimal(200), closing_float=Decimal(200))
        session = self.close(report).session_ids
        self.assertEqual(sorted(session.statement_line_ids.mapped("amount")), [-11.9, 11.9])
        self.assertEqual(session.cash_register_balance_end_real, 200)

    def test_the_next_day_opens_with_what_was_left(self):
        first = self.sold(ticket(sequence=1))
        self.close(closing(*first, opening_float=Decimal(50)))
        second = self.sold(ticket(sequence=2, sold_at=SOLD_AT + timedelta(days=1)))
        session = self.close(closing(*second)).session_ids
        self.assertEqual(session.cash_register_balance_start, 61.9)
        self.assertEqual(session.cash_register_balance_end_real, 73.8)

    def test_a_session_beside_an_older_one_keeps_its_movements(self):
        """Odoo replaces what was counted of sessions that are marked as rescue."""
        older = self.sold(ticket(sequence=1))
        newer = self.sold(ticket(sequence=2, sold_at=SOLD_AT + timedelta(days=1)))
        self.assertTrue(self.ticket(newer[0]).odoo_id.session_id.rescue)
        report = closing(
            *newer, opening_float=Decimal(100), cash_movements=(movement("bank_drop", -50),)
        )
        session = self.close(report).session_ids
        self.assertEqual(session.cash_register_balance_end_real, 61.9)
        self.assertEqual(sorted(session.statement_line_ids.mapped("amount")), [-50, 11.9])
        self.assertEqual(self.close(closing(*older)).state, "closed")

    def test_a_day_without_sales_is_closed_without_a_session(self):
        day = self.close(closing())
        self.assertFalse(day.session_ids)

    def test_a_day_without_sales_whose_drawer_was_emptied(self):
        day = self.close(closing(cash_movements=(movement("bank_drop", -40),)))
        session = day.session_ids
        self.assertEqual((session.state, session.statement_line_ids.amount), ("closed", -40))
        self.assertEqual(session.statement_line_ids.date, TODAY)
        self.assertFalse(session.move_id)

    def test_a_locked_period_posts_on_the_first_open_day(self):
        sold = self.sold(ticket(tenders=[card("5"), cash("6.90")]))
        self.company.fiscalyear_lock_date = TODAY + timedelta(days=2)
        day = self.close(closing(*sold))
        moves = day.session_ids._get_related_account_moves()
        self.assertEqual(set(moves.mapped("date")), {TODAY + timedelta(days=3)})
        self.assertTrue(day.is_elsewhere)
        self.assertEqual(day.business_date, TODAY)

    def test_a_session_lasts_from_the_first_ticket_to_the_report(self):
        sold = self.sold(*self.tickets(2))
        report = closing(*sold)
        session = self.close(report).session_ids
        self.assertEqual(session.start_at, sold[0].sold_at.replace(tzinfo=None))
        self.assertEqual(session.stop_at, report.closed_at.replace(tzinfo=None))

    def test_a_day_that_went_past_midnight(self):
        sold = self.sold(
            ticket(sequence=1, minutes=60 * 13),
            ticket(sequence=2, minutes=60 * 16, business_date=TODAY),
        )
        day = self.close(closing(*sold))
        self.assertEqual(len(day.ticket_ids), 2)
        self.assertEqual(day.session_ids.move_id.date, TODAY)

    def test_a_register_without_drawer_takes_cards(self):
        config = self.register2.odoo_id
        config.payment_method_ids -= self.cash_method(self.register2)
        sold = self.sold(ticket(register="R2", tenders=[card("11.90")]))
        day = self.close(closing(*sold, register="R2"))
        self.assertEqual(day.session_ids.bank_payment_ids.amount, 11.9)

    def test_a_day_of_returns_pays_out(self):
        self.backend.allows_unreferenced_returns = True
        sold = self.sold(
            ticket(line(quantity=2), sequence=1),
            ticket(line("B", quantity=-1), sequence=2, tenders=[card("-11.90")]),
        )
        session = self.close(closing(*sold)).session_ids
        self.assertEqual(session.bank_payment_ids.payment_type, "outbound")

    def test_a_missing_loss_account_is_told_and_mended(self):
        journal = self.cash_method(self.register).journal_id
        loss = journal.loss_account_id
        journal.loss_account_id = False
        self.config.write({"set_maximum_difference": True, "amount_authorized_diff": 1})
        sold = self.sold(ticket())
        day = self.reported(counted(closing(*sold), cash="11.40"))
        with self.assertRaisesRegex(UserError, "Loss Account"), self.env.cr.savepoint():
            day._close_now()
        closer = self.env["retail.pos.closer"]
        closer._step_failed(day, UserError("Define a Loss Account"))
        self.assertEqual((day.state, day.attempts), ("reported", 1))
        self.assertEqual(self.problems(), ["pos_day_not_closed"])
        journal.loss_account_id = loss or self.company.default_cash_difference_expense_account_id
        day._review()
        day._close_now()
        self.assertEqual((day.state, day.problem), ("closed", False))
        self.assertEqual(self.problems(), [])

    def test_a_day_that_changed_meanwhile_is_not_posted(self):
        sold = self.sold(*self.tickets(2))
        day = self.reported(closing(*sold))
        self.assertEqual(day.state, "closing")
        self.ticket(sold[0]).voided = True
        day._close_now()
        self.assertNotIn(day.state, ("closing", "closed"))
        self.assertEqual(day.session_ids.state, "opened")

    def test_the_audit_tells_of_it(self):
        sold = self.sold(ticket())
        day = self.close(closing(*sold))
        entry = self.env["retail.audit"].search([("action", "=", "pos_day.closed")], limit=1)
        self.assertEqual((entry.res_id, entry.user_id), (day.id, self.backend.user_id))

    def test_a_corrected_report_after_posting_changes_nothing(self):
        sold = self.sold(ticket())
        report = closing(*sold)
        day = self.close(report)
        later = report.model_copy(
            update={"total": Decimal(20), "updated_at": report.updated_at + timedelta(hours=1)}
        )
        self.drain(later)
        self.assertEqual((day.state, day.report_id.amount_total), ("closed", 11.9))
        self.assertEqual(day.report_id.correction["total"], "20")
        self.assertEqual(self.problems(), ["pos_day_corrected"])

    def test_the_same_report_again_after_posting_is_no_correction(self):
        sold = self.sold(ticket())
        report = closing(*sold)
        self.close(report)
        self.drain(report)
        again = report.model_copy(update={"external_id": "another"})
        self.drain(again)
        self.assertEqual(self.problems(), [])


@tagged("post_install", "-at_install")
class TestDayLate(DayCase):
    """Tickets that come after their day was posted, and bursts after days offline."""

    def setUp(self):
        super().setUp()
        first = self.sold(ticket(sequence=1))
        self.closed = self.close(closing(*first, opening_float=Decimal(100)))

    def test_a_late_ticket_is_posted_on_an_open_day_and_linked(self):
        late = self.sold(ticket(sequence=2, offline=True))[0]
        found = self.ticket(late)
        self.assertEqual(found.day_id, self.closed)
        self.assertGreater(found.posted_day_id.business_date, TODAY)
        self.assertTrue(found.is_late)
        self.assertEqual((self.closed.late_count, found.posted_day_id.foreign_count), (1, 1))
        self.assertEqual(self.closed.state, "closed")

    def test_late_tickets_are_not_part_of_the_days_report_they_are_posted_on(self):
        tomorrow = SOLD_AT + timedelta(days=1)
        today = self.sold(ticket(sequence=3, sold_at=tomorrow))
        self.sold(ticket(sequence=2, offline=True))
        day = self.reported(closing(*today, opening_float=Decimal("123.80")))
        self.assertEqual(day.foreign_count, 1)
        self.assertEqual(day.state, "closing", self.words(day))
        day._close_now()
        session = day.session_ids
        # The drawer held the late cash since the evening before.
        self.assertEqual(session.cash_register_balance_start, 111.9)
        self.assertEqual(session.cash_register_balance_end_real, 135.7)
        self.assertEqual(sum(session.statement_line_ids.mapped("amount")), 23.8)

    def test_a_burst_after_days_goes_to_the_days_that_are_open(self):
        burst = [
            ticket(sequence=number, sold_at=SOLD_AT + timedelta(days=day), offline=True)
            for number, day in ((2, 0), (3, 1), (4, 2))
        ]
        self.sold(*burst)
        found = [self.ticket(each) for each in burst]
        days = [(each.posted_day_id or each.day_id).business_date - TODAY for each in found]
        self.assertEqual([each.days for each in days], [1, 1, 2])

    def test_what_was_missing_is_there_in_the_end(self):
        self.assertFalse(self.closed.still_missing)
        self.sold(ticket(sequence=5))
        self.closed.invalidate_recordset()
        self.assertEqual(self.closed.still_missing, "2–4")
