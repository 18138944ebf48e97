from threading import Barrier, Thread

from odoo.tests import tagged
from odoo.tools import mute_logger

from .card_case import by_gift, gift
from .lane_race import LaneRaceCase
from .tickets import cash, line, ticket

CODE = "GC-RACE"


@tagged("post_install", "-at_install")
class TestCardRace(LaneRaceCase):
    """Two registers that use one gift card at the same moment."""

    def _charge(self, amount=30, **values):
        return ticket(gift(amount, CODE), tenders=[cash(amount)], **values)

    def _use(self, amount=20, **values):
        return ticket(line("A", 1, price=amount), tenders=[by_gift(amount, CODE)], **values)

    def _balance(self):
        with self.registry.cursor() as cr:
            cr.execute("SELECT points, retail_overdrawn FROM loyalty_card WHERE code = %s", [CODE])
            return cr.fetchall()

    def _history(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT sum(issued) - sum(used) FROM loyalty_history history "
                "JOIN loyalty_card card ON card.id = history.card_id WHERE card.code = %s",
                [CODE],
            )
            return cr.fetchone()[0]

    def test_the_second_use_sees_what_the_first_took(self):
        self.take_committed(self._charge())
        results, _failures = self.meet(self._use(minutes=5), self._use(register="R2", minutes=5))
        self.assertTrue(results)
        self.assertEqual((self._balance(), self._history()), ([(0, 10)], -10))

    def test_a_charge_and_a_use_that_meet_lose_nothing(self):
        self.take_committed(self._charge())
        self.meet(self._charge(5, minutes=5), self._use(register="R2", minutes=5))
        self.assertEqual((self._balance(), self._history()), ([(15, 0)], 15))

    @mute_logger("odoo.sql_db")
    def test_any_order_of_many_ends_the_same(self):
        self.take_committed(self._charge(50))
        messages = [
            self._use(15, register=register, minutes=minute)
            for minute, register in enumerate(("R1", "R2", "R1", "R2"), 5)
        ] + [self._charge(5, register="R2", minutes=9)]
        start = Barrier(len(messages))

        def lane(message):
            start.wait()
            self.take_committed(message)

        threads = [Thread(target=lane, args=[message]) for message in messages]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((self._balance(), self._history()), ([(0, 5)], -5))
