from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical.pos_ticket import TenderState

from ..models import retail_pos_day_unreported
from .closings import closing, counted
from .day_case import TODAY, DayCase
from .tickets import SOLD_AT, card, cash, changed, line, ticket


@tagged("post_install", "-at_install")
class TestDayReport(DayCase):
    """Reports come once, twice, too early, and corrected."""

    def test_a_report_waits_for_a_register_that_nobody_knows(self):
        problem = self.problem_of(closing(register="R9"))
        self.assertEqual(problem.code, "unknown_register")
        found = self.env["retail.pos.register"].search([("external_id", "=", "S1:R9")])
        self.assertTrue(found)

    def test_a_report_is_kept_once(self):
        sold = self.sold(*self.tickets(2))
        report = closing(*sold)
        self.drain(report)
        self.drain(report)
        self.assertEqual(len(self.day().report_ids), 1)
        self.assertEqual(self.day().report_id.ticket_count, 2)

    def test_the_newest_report_counts_in_whatever_order_they_come(self):
        sold = self.sold(*self.tickets(2))
        old, new = closing(sold[0]), closing(*sold)
        new = changed(new, 30)
        self.drain(new)
        self.drain(old)
        self.assertEqual(self.day().report_id.external_id, new.external_id)
        self.assertEqual(len(self.day().report_ids), 2)

    def test_a_corrected_report_of_one_id_replaces_the_first(self):
        sold = self.sold(*self.tickets(2))
        report = closing(*sold)
        wrong = report.model_copy(update={"total": Decimal(1)})
        day = self.reported(wrong)
        self.assertEqual(day.state, "different")
        day = self.reported(changed(report))
        self.assertEqual((day.state, len(day.report_ids)), ("closing", 1))
        self.assertEqual(self.exception("pos_day_differs").state, "resolved")

    def test_a_report_may_be_faster_than_its_tickets(self):
        sold = self.tickets(3)
        day = self.reported(closing(*sold))
        self.assertEqual(day.state, "reported")
        self.assertFalse(self.problems())
        self.sold(*sold)
        day._review()
        self.assertEqual(day.state, "closing")

    def test_what_does_not_come_is_shown_in_the_end(self):
        sold = self.tickets(3)
        self.sold(*sold[:2])
        day = self.reported(closing(*sold))
        day.reported_at = fields.Datetime.now() - timedelta(minutes=6)
        day._review()
        self.assertEqual(day.state, "different")
        self.assertEqual(self.problems(), ["pos_day_differs"])

    def test_a_day_without_report_is_shown_after_some_days(self):
        self.sold(ticket())
        self.env["retail.pos.day"]._show_unreported()
        self.env["retail.pos.day"]._show_unreported()
        found = self.exception("pos_day_unreported")
        self.assertEqual((found.occurrence_count, found.res_id), (1, self.day().id))

    def test_of_many_days_without_report_each_sweep_shows_some_more(self):
        self.sold(*(ticket(minutes=24 * 60 * number) for number in range(3)))
        with patch.object(retail_pos_day_unreported, "AT_ONCE", 2):
            for shown in (2, 3, 3):
                self.env["retail.pos.day"]._show_unreported()
                found = self.exception("pos_day_unreported")
                self.assertEqual(len(found), shown)
        self.assertEqual(set(found.mapped("occurrence_count")), {1})

    def test_a_day_of_another_estate_with_the_same_words_is_shown_too(self):
        self.sold(ticket())
        day = self.day()
        other = self.backend.copy({"name": "Another Estate", "state": "running"})
        shown = self.env["retail.exception"]._report(other, day._unreported())
        self.assertTrue(shown)
        self.env["retail.pos.day"]._show_unreported()
        self.assertEqual(self.exception("pos_day_unreported").res_id, day.id)

    def test_an_estate_may_have_no_reports(self):
        self.sold(ticket())
        self.backend.pos_report_days = 0
        self.env["retail.pos.day"]._show_unreported()
        self.assertFalse(self.problems())

    def test_a_report_from_before_a_restart_of_numbers_ties(self):
        sold = [ticket(sequence=number, minutes=minute)
                for minute, number in enumerate((98, 99, 1, 2))]  # fmt: skip
        self.sold(*sold)
        self.assertEqual(self.reported(closing(*sold)).state, "closing")


@tagged("post_install", "-at_install")
class TestDayTie(DayCase):
    """What differs is named, with what to do; what ties goes on by itself."""

    def different(self, report):
        """Import a report that does not tie, long enough ago; return its day."""
        day = self.reported(report)
        day.reported_at = fields.Datetime.now() - timedelta(minutes=6)
        day._review()
        self.assertEqual(day.state, "different")
        return day

    def test_a_mixed_day_ties(self):
        sold = self.sold(
            ticket(sequence=1),
            ticket(line("B", price="10.70", rates=("0.07",)), sequence=2, tenders=[card("10.70")]),
            ticket(line("A", 2), line("C", 1), sequence=3, tenders=[cash("20"), card("15.70")]),
            ticket(line(), sequence=4, tenders=[cash("20"), cash("-8.10")]),
            ticket(sequence=5, voided=True),
        )
        day = self.reported(closing(*sold))
        self.assertEqual(day.state, "closing", self.words(day))
        self.assertEqual((day.difference, day.missing_count), (0, 0))

    def test_a_missing_ticket_is_named(self):
        sold = self.tickets(3)
        self.sold(sold[0], sold[2])
        day = self.different(closing(*sold))
        self.assertEqual((day.missing_count, day.still_missing), (1, "2"))
        self.assertIn("sequence", self.kinds(day))
        found = self.exception("pos_day_differs")
        self.assertIn("2", found.cause)
        self.assertEqual((found.amount_at_risk, found.fix), (11.9, "sign_day"))

    def test_a_ticket_that_comes_after_all_makes_the_day_tie(self):
        sold = self.tickets(3)
        self.sold(sold[0], sold[2])
        day = self.different(closing(*sold))
        self.sold(sold[1])
        day._review()
        self.assertEqual(day.state, "closing")
        self.assertEqual(self.problems(), [])

    def test_a_difference_is_shown_once_for_each_way_it_differs_in(self):
        sold = self.tickets(3)
        self.sold(sold[0])
        day = self.different(closing(*sold))
        day._review()
        day._review()
        found = self.exception("pos_day_differs")
        self.assertEqual(found.occurrence_count, 1)
        self.sold(sold[1])
        day._review()
        self.assertEqual(found.occurrence_count, 2)

    def test_goods_that_wait_hold_the_day_back(self):
        sold = self.tickets(1)
        self.drain(*sold)
        day = self.reported(closing(*sold))
        self.assertEqual(day.state, "reported")
        self.move_goods()
        day._review()
        self.assertEqual(day.state, "closing")

    def test_words_of_one_payment_method_are_one(self):
        sold = self.sold(ticket(sequence=1, tenders=[cash("11.90")]))
        report = closing(*sold)
        tenders = (report.tenders[0].model_copy(update={"method": "Bar"}),)
        day = self.reported(report.model_copy(update={"tenders": tenders}))
        self.assertEqual(day.state, "closing", self.words(day))

    def test_a_tender_that_nobody_mapped_is_named_by_its_word(self):
        sold = self.sold(ticket())
        report = closing(*sold)
        tenders = (report.tenders[0].model_copy(update={"method": "Luncheon", "kind": "other"}),)
        day = self.different(report.model_copy(update={"tenders": tenders}))
        self.assertIn("Luncheon", self.exception("pos_day_differs").cause)
        self.assertEqual(self.kinds(day), ["tender", "tender"])

    def test_cash_that_was_counted_otherwise_needs_a_signature(self):
        sold = self.sold(ticket())
        day = self.different(counted(closing(*sold), cash="11.40"))
        self.assertEqual((self.kinds(day), day.over_short), (["counted"], -0.5))

    def test_a_cashier_may_close_with_what_odoo_allows_him(self):
        self.config.write({"set_maximum_difference": True, "amount_authorized_diff": 0.5})
        sold = self.sold(ticket())
        day = self.reported(counted(closing(*sold), cash="11.40"))
        self.assertEqual((day.state, day.over_short), ("closing", -0.5))

    def test_a_pending_card_is_told_apart(self):
        sold = self.sold(ticket(tenders=[card("11.90", state=TenderState.PENDING)], offline=True))
        day = self.reported(closing(*sold))
        self.assertEqual(day.state, "closing", self.words(day))
        self.assertEqual(Decimal(day.tie["tenders"][0]["pending"]), Decimal("11.90"))

    def test_a_blocked_ticket_is_counted_and_named(self):
        sold = self.tickets(2)
        self.sold(sold[0])
        key = ("S1", "R1", TODAY)
        waiting = self._waiting_ticket(sold[1])
        self.drain(closing(*sold))
        day = self.day()
        day._review({key: [waiting]})
        self.assertEqual((day.waiting_count, day.missing_count), (1, 0))
        self.assertIn("unknown product", day.tie["waiting"][0])

    def _waiting_ticket(self, message):
        from ..models.retail_pos_day_waiting import WaitingTicket

        return WaitingTicket(
            message.number, message.sequence, message.total, False, "unknown product"
        )

    def test_tables_escape_what_registers_say(self):
        sold = self.sold(ticket())
        report = closing(*sold)
        tenders = (report.tenders[0].model_copy(
            update={"method": "<script>x</script>", "kind": "other"}),)  # fmt: skip
        day = self.different(report.model_copy(update={"tenders": tenders}))
        self.assertNotIn("<script>", day.tenders_html)
        self.assertIn("&lt;script&gt;", day.differences_html)
        self.assertTrue(day.taxes_html and day.drawer_html)

    def test_a_number_between_two_days_is_named(self):
        first = self.sold(ticket(sequence=1))
        self.close(closing(*first))
        later = SOLD_AT + timedelta(days=1)
        second = self.sold(ticket(sequence=3, sold_at=later))
        day = self.reported(closing(*second))
        self.assertEqual(day.lost_numbers, "2")
        self.assertEqual(day.state, "closing")
        self.assertIn("2", self.exception("pos_numbers_between_days").title)

    def test_a_number_between_two_days_is_solved_when_it_comes(self):
        first = self.sold(ticket(sequence=1))
        self.close(closing(*first))
        later = SOLD_AT + timedelta(days=1)
        second = self.sold(ticket(sequence=3, sold_at=later))
        day = self.reported(closing(*second))
        self.sold(ticket(sequence=2, minutes=5))
        day._review()
        self.assertFalse(day.lost_numbers)
        self.assertEqual(self.exception("pos_numbers_between_days").state, "resolved")
