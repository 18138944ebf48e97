import os
import signal
import time
from contextlib import suppress
from threading import Thread
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, sql_db
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.retail_connector_base.models.retail_reservation import LOCK_SPACE
from odoo.addons.retail_connector_base.tests.common import CommittedCase

from ..models import retail_pos_stock
from . import estate
from .stock_goods import sell

# What a store leaves behind, such that nothing points to what is gone.
LEFT = """
    DELETE FROM retail_pos_stock_request WHERE company_id = %(company)s;
    DELETE FROM retail_pos_ticket WHERE company_id = %(company)s;
    DELETE FROM pos_payment WHERE company_id = %(company)s;
    DELETE FROM pos_order WHERE company_id = %(company)s;
    DELETE FROM stock_move_line WHERE company_id = %(company)s;
    DELETE FROM stock_move WHERE company_id = %(company)s;
    DELETE FROM stock_picking WHERE company_id = %(company)s;
    DELETE FROM stock_quant WHERE product_id = %(product)s;
    UPDATE pos_session SET state = 'closed', retail_day_id = NULL
     WHERE config_id IN (SELECT id FROM pos_config WHERE company_id = %(company)s);
    DELETE FROM retail_pos_day WHERE company_id = %(company)s;
    DELETE FROM retail_pos_register WHERE company_id = %(company)s;
    DELETE FROM retail_pos_store WHERE company_id = %(company)s;
"""


@tagged("post_install", "-at_install")
class TestStockRace(CommittedCase):
    """The warehouse's lane with real cursors and processes: goods move once."""

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            company = estate.make_company(env)
            self.company_id = company.id
            env = env(context={"allowed_company_ids": company.ids})
            backend = estate.make_backend(env, company.with_env(env))
            self.estate_id = backend.id
            card = estate.make_method(env, company, "bank", "Card")
            warehouse = estate.make_warehouse(env, company)
            self.warehouse_id, self.place_id = warehouse.id, warehouse.lot_stock_id.id
            store = estate.make_store(backend, "S1", warehouse)
            config = estate.make_config(env, company, warehouse, card)
            self.register_id = estate.make_register(store, "R1", config).id
            self.product_id = estate.make_product(env, company, "A", 100, warehouse.lot_stock_id).id

    def _clean_up(self):
        with self.registry.cursor() as cr:
            cr.execute(LEFT, {"company": self.company_id, "product": self.product_id})
            cr.execute("DELETE FROM retail_exception WHERE backend_id = %s", [self.estate_id])
            cr.execute("DELETE FROM retail_audit WHERE backend_id = %s", [self.estate_id])
            cr.execute("DELETE FROM retail_backend WHERE id = %s", [self.estate_id])
        return super()._clean_up()

    def _sell(self, count=1, quantity=1):
        with self.committed() as env:
            env = env(context={"allowed_company_ids": [self.company_id]})
            register = env["retail.pos.register"].browse(self.register_id)
            product = env["product.product"].browse(self.product_id)
            for _time in range(count):
                sell(register, (product, quantity))

    def _lane(self):
        with self.committed() as env:
            self._work(env)

    def _work(self, env):
        env["retail.reservation"]._job_reserve(self.warehouse_id)

    def _states(self):
        with self.committed() as env:
            tickets = env["retail.pos.ticket"].search([("company_id", "=", self.company_id)])
            return set(tickets.mapped("stock_state"))

    def _on_hand(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT sum(quantity), sum(reserved_quantity) FROM stock_quant "
                "WHERE product_id = %s AND location_id = %s",
                [self.product_id, self.place_id],
            )
            return tuple(float(value) for value in cr.fetchone())

    def _pickings(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT state, count(*) FROM stock_picking WHERE company_id = %s GROUP BY 1",
                [self.company_id],
            )
            return dict(cr.fetchall())

    def _jobs(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM queue_job WHERE identity_key = %s",
                [f"retail.reservation:{self.warehouse_id}"],
            )
            return cr.fetchone()[0]

    def test_the_lane_is_woken_after_the_commit(self):
        self._sell()
        self.assertEqual(self._jobs(), 1)
        self._sell()
        self.assertEqual(self._jobs(), 1)

    def test_what_was_lost_is_woken_by_the_sweeper(self):
        self._sell()
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM queue_job WHERE identity_key LIKE 'retail.reservation:%%'")
        with self.committed() as env:
            env["retail.reservation"]._sweep()
        self.assertEqual(self._jobs(), 1)

    def test_the_job_moves_and_forgets(self):
        self._sell(3)
        self._lane()
        self.assertEqual((self._on_hand(), self._states()), ((97, 0), {"done"}))
        self.assertEqual(self._pickings(), {"done": 1})

    @mute_logger("odoo.sql_db")
    def test_two_lanes_of_one_warehouse_move_once(self):
        self._sell(12)

        def job():
            for _time in range(20):
                with suppress(RetryableJobError):
                    return self._lane()
                time.sleep(0.05)

        with patch.object(retail_pos_stock, "CHUNK_ORDERS", 2):
            threads = [Thread(target=job) for _time in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self._lane()
        self.assertEqual((self._on_hand(), self._states()), ((88, 0), {"done"}))
        self.assertEqual(self._pickings(), {"done": 6})

    def test_a_busy_lane_is_not_entered(self):
        self._sell()
        with self.registry.cursor() as cr:
            cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, self.warehouse_id])
            with self.assertRaises(RetryableJobError):
                self._lane()
        self.assertEqual(self._on_hand(), (100, 0))

    def test_who_holds_the_lane_knows_whether_more_waits(self):
        with self.committed() as env:
            self.assertFalse(env["retail.reservation"]._more_waits(env.cr, self.warehouse_id))
        self._sell()
        with self.committed() as env:
            self.assertTrue(env["retail.reservation"]._more_waits(env.cr, self.warehouse_id))

    def test_a_lane_killed_between_picking_and_commit_moves_nothing_twice(self):
        self._sell(4)
        pid = self._in_process(self._die_before_commit)
        _pid, status = os.waitpid(pid, 0)
        self.assertEqual(os.WTERMSIG(status), signal.SIGKILL)
        self.assertEqual((self._on_hand(), self._pickings()), ((100, 0), {}))
        self.assertEqual(self._states(), {"waiting"})
        self._wait_for_the_lane()
        self.assertEqual((self._on_hand(), self._states()), ((96, 0), {"done"}))
        self.assertEqual(self._pickings(), {"done": 1})

    def _die_before_commit(self, env):
        """Move the goods, as is seen before the end, and be killed."""

        def die(_point):
            env.cr.execute("SELECT 1")
            os.kill(os.getpid(), signal.SIGKILL)

        retail_pos_stock.reach = die
        self._work(env)

    def _in_process(self, work):
        """Run work(env) in a forked process; return its pid."""
        pid = os.fork()
        if pid:
            return pid
        try:
            # Connections must not be shared with the parent.
            sql_db._Pool = None
            self.registry._db = sql_db.db_connect(self.registry.db_name)
            with self.registry.cursor() as cr:
                work(api.Environment(cr, SUPERUSER_ID, {}))
        finally:
            os._exit(1)

    def _wait_for_the_lane(self):
        for _time in range(100):
            with suppress(RetryableJobError):
                return self._lane()
            time.sleep(0.1)
        raise AssertionError("the lane stays busy")
