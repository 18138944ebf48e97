from contextlib import suppress
from threading import Thread
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.exception import RetryableJobError

from ..models.retail_reservation import LOCK_SPACE
from .common import CommittedCase
from .stock import demand, make_product

REFUSED = "No."
LANE = "odoo.addons.retail_connector_base.models.retail_reservation"


@tagged("post_install", "-at_install")
class TestReservation(CommittedCase):
    """The warehouse's lane with real cursors: one writer, in order of arrival."""

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            warehouse = env["stock.warehouse"].search([], limit=1)
            self.warehouse_id = warehouse.id
            self.product_id = make_product(env, warehouse, 5).id
        self.moves = []

    def _clean_up(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM retail_reservation_request")
            for table in ("stock_move_line", "stock_move", "stock_quant"):
                cr.execute(f"DELETE FROM {table} WHERE product_id = %s", [self.product_id])
        return super()._clean_up()

    def _demand(self, quantity):
        with self.committed() as env:
            warehouse = env["stock.warehouse"].browse(self.warehouse_id)
            product = env["product.product"].browse(self.product_id)
            context = {"retail_defer_reservation": True, "retail_backend_id": self.backend_id}
            self.moves += demand(env, warehouse, product, quantity, **context).ids

    def _reserve(self):
        with self.committed() as env:
            env["retail.reservation"]._job_reserve(self.warehouse_id)

    def _reserved(self):
        with self.committed() as env:
            return env["stock.move"].browse(self.moves).mapped("quantity")

    def _requests(self):
        with self.committed() as env:
            return env["retail.reservation.request"].search([]).mapped("attempts")

    def _reserve_jobs(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM queue_job WHERE identity_key LIKE 'retail.reservation:%%'"
            )
            return cr.fetchone()[0]

    def test_the_first_come_is_served_first(self):
        for quantity in (3, 3, 1):
            self._demand(quantity)
        self._reserve()
        self.assertEqual(self._reserved(), [3, 2, 0])
        self.assertFalse(self._requests())

    def test_the_lane_is_woken_after_the_commit(self):
        self._demand(1)
        self.assertEqual(self._reserve_jobs(), 1)
        self._demand(1)
        self.assertEqual(self._reserve_jobs(), 1)

    def test_what_was_lost_is_woken_by_the_sweeper(self):
        self._demand(1)
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM queue_job WHERE identity_key LIKE 'retail.reservation:%%'")
        with self.committed() as env:
            env["retail.reservation"]._sweep()
        self.assertEqual(self._reserve_jobs(), 1)

    def test_a_busy_lane_is_not_entered_and_comes_back(self):
        self._demand(1)
        with self.registry.cursor() as cr:
            cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, self.warehouse_id])
            with self.assertRaises(RetryableJobError):
                self._reserve()
        self.assertEqual(self._reserved(), [0])
        self._reserve()
        self.assertEqual(self._reserved(), [1])

    def test_who_leaves_the_lane_calls_the_job_that_found_it_busy(self):
        self._demand(1)
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE queue_job SET eta = now() AT TIME ZONE 'UTC' + interval '9 s' "
                "WHERE identity_key LIKE 'retail.reservation:%%'"
            )
        self._reserve()
        with self.registry.cursor() as cr:
            cr.execute("SELECT eta FROM queue_job WHERE identity_key LIKE 'retail.reservation:%%'")
            self.assertEqual(cr.fetchall(), [(None,)])

    def test_two_jobs_at_once_reserve_once(self):
        for _time in range(8):
            self._demand(1)

        def job():
            with suppress(RetryableJobError):
                self._reserve()

        with patch(f"{LANE}.CHUNK_MOVES", 2):
            threads = [Thread(target=job) for _time in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self._reserve()
        self.assertEqual(self._reserved(), [1, 1, 1, 1, 1, 0, 0, 0])

    @mute_logger("odoo.sql_db", LANE)
    def test_a_quant_that_somebody_else_writes_is_tried_again(self):
        self._demand(1)
        lane = self.registry["retail.reservation"]
        assign = lane._assign
        interfered = []

        def interfere(model, moves):
            if not interfered:
                interfered.append(True)
                with self.registry.cursor() as cr:
                    cr.execute(
                        "UPDATE stock_quant SET reserved_quantity = 0, write_date = now() "
                        "WHERE product_id = %s",
                        [self.product_id],
                    )
            return assign(model, moves)

        with patch.object(lane, "_assign", interfere):
            self._reserve()
        self.assertEqual(self._reserved(), [1])

    @mute_logger(LANE)
    def test_one_bad_move_does_not_stop_the_others_and_is_shown(self):
        for _time in range(3):
            self._demand(1)
        bad, assign = self.moves[1], self.registry["stock.move"]._action_assign

        def refuse(moves, *args, **kwargs):
            if bad in moves.ids:
                raise ValidationError(REFUSED)
            return assign(moves, *args, **kwargs)

        with patch.object(self.registry["stock.move"], "_action_assign", refuse):
            for _attempt in range(5):
                self._reserve()
                self._make_due()
        self.assertEqual(self._reserved(), [1, 0, 1])
        self.assertEqual(self._requests(), [5])
        with self.committed() as env:
            domain = [("backend_id", "=", self.backend_id), ("code", "=", "reservation_failed")]
            self.assertEqual(env["retail.exception"].search(domain).cause, "No.")

    def _make_due(self):
        with self.committed() as env:
            env["retail.reservation.request"].search([]).next_attempt_at = fields.Datetime.now()
