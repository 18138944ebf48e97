import time
from contextlib import suppress
from threading import Barrier, Thread

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.retail_connector_base.tests.common import CommittedCase

from ..models.retail_ledger import LOCK_SPACE
from .common import (
    START,
    activate,
    make_backend,
    make_company,
    make_gateway,
    make_order,
    make_product,
)

LANE = "odoo.addons.retail_connector_base.models.retail_lane_mixin"
ENTRIES = 30


@tagged("post_install", "-at_install")
class TestLedgerRace(CommittedCase):
    """Two workers post what happened at one gateway, really committed."""

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            company = make_company(env, "Race")
            own = env(context={"allowed_company_ids": company.ids})
            backend = make_backend(own, company.with_env(own))
            self.gateway_id = make_gateway(backend).id
            self.company_id, self.other_id = company.id, backend.id

    def _clean_up(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE retail_ledger_entry SET move_id = NULL, clearing_line_id = NULL, "
                "contra_line_id = NULL WHERE gateway_id = %s",
                [self.gateway_id],
            )
            for table in ("account_partial_reconcile", "account_move"):
                cr.execute(f"DELETE FROM {table} WHERE company_id = %s", [self.company_id])
            cr.execute("DELETE FROM retail_ledger_entry WHERE gateway_id = %s", [self.gateway_id])
            cr.execute("DELETE FROM retail_order_binding WHERE backend_id = %s", [self.other_id])
            cr.execute("DELETE FROM sale_order WHERE company_id = %s", [self.company_id])
            cr.execute("DELETE FROM retail_gateway WHERE id = %s", [self.gateway_id])
            for table in ("exception", "audit", "flow", "setting", "credential"):
                cr.execute(f"DELETE FROM retail_{table} WHERE backend_id = %s", [self.other_id])
            cr.execute("DELETE FROM queue_job WHERE model_name LIKE 'retail.%%'")
            cr.execute("DELETE FROM retail_backend WHERE id = %s", [self.other_id])
        return super()._clean_up()

    def note(self, count=ENTRIES, amount=None, order_id=None):
        """Write down payments, of 1 and more unless told otherwise; committed."""
        with self.committed() as env:
            gateway = env["retail.gateway"].browse(self.gateway_id)
            euro = activate(env, "EUR")
            env["retail.ledger.entry"]._note(
                [
                    {
                        "gateway_id": gateway.id,
                        "backend_id": gateway.backend_id.id,
                        "company_id": gateway.company_id.id,
                        "category": "charge",
                        "external_id": f"R{number}",
                        "currency_id": euro.id,
                        "amount": amount or number + 1,
                        "order_binding_id": order_id,
                        "occurred_at": START.replace(tzinfo=None),
                    }
                    for number in range(count)
                ]
            )

    def work(self, barrier=None):
        """Run the lane's job as a worker does; one that finds it taken comes back later."""
        if barrier:
            barrier.wait()
        with suppress(RetryableJobError), self.committed() as env:
            env["retail.ledger"]._job_post(self.gateway_id)

    def moves_per_entry(self):
        """Return the number of journal entries of each entry that has any."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(move.id) FROM retail_ledger_entry entry "
                "LEFT JOIN account_move move ON move.retail_ledger_entry_id = entry.id "
                "WHERE entry.gateway_id = %s GROUP BY entry.id",
                [self.gateway_id],
            )
            return [row[0] for row in cr.fetchall()]

    @mute_logger("odoo.sql_db", LANE)
    def test_two_workers_post_each_entry_once(self):
        self.note()
        barrier = Barrier(2)
        threads = [Thread(target=self.work, args=(barrier,)) for _time in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.work()
        self.assertEqual(self.moves_per_entry(), [1] * ENTRIES)

    @mute_logger("odoo.sql_db", LANE)
    def test_chunks_that_meet_without_the_lanes_lock_post_each_entry_once_too(self):
        self.note()
        barrier = Barrier(2)
        threads = [Thread(target=self._chunk, args=(barrier,)) for _time in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.work()
        self.assertEqual(self.moves_per_entry(), [1] * ENTRIES)

    def _chunk(self, barrier):
        barrier.wait()
        with suppress(RetryableJobError), self.committed() as env:
            env["retail.ledger"]._run_chunk(self.gateway_id)

    def test_a_worker_that_finds_the_lane_taken_comes_back(self):
        self.note(1)
        with self.registry.cursor() as cr:
            cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, self.gateway_id])
            with self.assertRaises(RetryableJobError), self.committed() as env:
                env["retail.ledger"]._job_post(self.gateway_id)
        self.assertEqual(self.moves_per_entry(), [0])

    def test_what_is_noted_wakes_the_lane(self):
        self.note(1)
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM queue_job WHERE identity_key = %s",
                [f"retail.ledger:{self.gateway_id}"],
            )
            self.assertEqual(cr.fetchone()[0], 1)

    # An invoice and its payment at the same moment

    @mute_logger("odoo.sql_db", LANE)
    def test_an_invoice_and_its_payment_at_one_moment_are_tied(self):
        order_id, invoice_id = self._invoiced()
        self.note(1, 100, order_id)
        worker = Thread(target=self.work)
        with self.committed() as env:
            env["account.move"].browse(invoice_id).action_post()
            worker.start()
            self._wait_for_lock(worker)
        worker.join()
        self.work()
        with self.committed() as env:
            invoice = env["account.move"].browse(invoice_id)
            self.assertIn(invoice.payment_state, ("paid", "in_payment"))

    def _invoiced(self):
        """Return the ids of an order of 100 and of its draft invoice."""
        with self.committed() as env:
            company = env["res.company"].browse(self.company_id)
            own = env(context={"allowed_company_ids": company.ids})
            backend = own["retail.backend"].browse(self.other_id)
            product = make_product(own, company.with_env(own))
            binding = make_order(backend, product)
            return binding.id, binding.odoo_id._create_invoices().id

    def _wait_for_lock(self, worker):
        """Wait until the worker waits for a lock, or has ended."""
        deadline = time.monotonic() + 20
        while worker.is_alive() and time.monotonic() < deadline:
            with self.registry.cursor() as cr:
                cr.execute(
                    "SELECT FROM pg_stat_activity WHERE datname = current_database() "
                    "AND wait_event_type = 'Lock'"
                )
                if cr.rowcount:
                    return
            time.sleep(0.05)
