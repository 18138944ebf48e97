from threading import Barrier, Thread

from odoo.tests import tagged
from odoo.tools import mute_logger

from .lane_race import LaneRaceCase
from .test_return_ticket import back
from .tickets import line, ticket


@tagged("post_install", "-at_install")
class TestReturnRace(LaneRaceCase):
    """Two lanes that give back the same goods."""

    def setUp(self):
        super().setUp()
        self.original = ticket(line("A", 2))
        self.take_committed(self.original)

    def _returned(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT -sum(qty) FROM pos_order_line WHERE refunded_orderline_id IN (SELECT "
                "line.id FROM pos_order_line line JOIN retail_pos_ticket ticket "
                "ON ticket.odoo_id = line.order_id WHERE ticket.external_id = %s)",
                [self.original.external_id],
            )
            return cr.fetchone()[0]

    def test_the_second_of_two_that_do_not_see_each_other_is_run_again_and_refused(self):
        first = ticket(back(self.original, quantity=-2), minutes=5)
        second = ticket(back(self.original), register="R2", minutes=5)
        _results, failures = self.meet(first, second)
        self.assertEqual(failures[second.external_id].problem.code, "return_exceeds_sale")
        self.assertEqual(self._returned(), 2)

    def test_two_that_fit_both_come_through(self):
        first = ticket(back(self.original), minutes=5)
        second = ticket(back(self.original), register="R2", minutes=5)
        results, _failures = self.meet(first, second)
        self.assertIn(second.external_id, results)
        self.assertEqual(self._returned(), 2)

    @mute_logger("odoo.sql_db")
    def test_many_at_once_never_give_back_more_than_was_sold(self):
        messages = [
            ticket(back(self.original), register=register, minutes=minute)
            for minute, register in enumerate(("R1", "R2", "R1", "R2"), 5)
        ]
        failed, start = [], Barrier(len(messages))

        def lane(message):
            start.wait()
            failed.append(bool(self.take_committed(message)[1]))

        threads = [Thread(target=lane, args=[message]) for message in messages]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(failed), [False, False, True, True])
        self.assertEqual(self._returned(), 2)
