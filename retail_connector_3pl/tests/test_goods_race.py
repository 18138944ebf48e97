import time
from contextlib import suppress
from threading import Event, Thread
from unittest.mock import patch

from psycopg2 import OperationalError

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.retail_connector_base.models.retail_reservation import LOCK_SPACE
from odoo.addons.retail_connector_base.tests.common import CommittedCase

from ..models import retail_goods_task


@tagged("post_install", "-at_install")
class TestGoodsRace(CommittedCase):
    """The lane with real cursors: a document's goods move once, and never with old news alone.

    What a document moves is a note here; shipments are tested for themselves.
    """

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            self.warehouse_id = env["stock.warehouse"].search([], limit=1).id
        self.moved, self.behave = [], self.note
        # Once for all threads: patches that overlap would leave one another behind.
        self.startPatcher(
            patch.object(
                self.registry["retail.warehouse.shipment"],
                "_move_goods",
                lambda document: self.behave(document),
            )
        )

    def note(self, document):
        self.moved.append((document.external_id, document.name))

    def _clean_up(self):
        with self.registry.cursor() as cr:
            for table in ("retail_goods_task", "retail_warehouse_shipment"):
                cr.execute(f"DELETE FROM {table} WHERE backend_id = %s", [self.backend_id])
        return super()._clean_up()

    def tell(self, name, news="first"):
        """Record a document, or news of it, as an importer does."""
        with self.committed() as env:
            documents = env["retail.warehouse.shipment"]
            document = documents.search(
                [("backend_id", "=", self.backend_id), ("external_id", "=", name)]
            ) or documents.create({"backend_id": self.backend_id, "external_id": name})
            document.name = news
            warehouse = env["stock.warehouse"].browse(self.warehouse_id)
            env["retail.goods.task"]._put(warehouse, document)

    def lane(self):
        """Let the lane work until it is its turn and nothing is left."""
        for _time in range(100):
            with suppress(RetryableJobError), self.committed() as env:
                env["retail.reservation"]._job_reserve(self.warehouse_id)
                return
            time.sleep(0.05)

    def states(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT state, count(*) FROM retail_goods_task WHERE backend_id = %s GROUP BY 1",
                [self.backend_id],
            )
            return dict(cr.fetchall())

    def test_the_lane_is_woken_once_the_document_is_there(self):
        self.tell("S1")
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM queue_job WHERE identity_key = %s",
                [f"retail.reservation:{self.warehouse_id}"],
            )
            self.assertEqual(cr.fetchone()[0], 1)

    def test_what_was_lost_is_woken_by_the_sweeper(self):
        self.tell("S1")
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM queue_job WHERE identity_key LIKE 'retail.reservation:%%'")
        with self.committed() as env:
            self.assertTrue(env["retail.reservation"]._more_waits(env.cr, self.warehouse_id))
            env["retail.reservation"]._sweep()
        self.test_the_lane_is_woken_once_the_document_is_there()

    @mute_logger("odoo.sql_db")
    def test_two_jobs_move_each_document_once(self):
        for number in range(6):
            self.tell(f"S{number}")
        with patch.object(retail_goods_task, "CHUNK_TASKS", 2):
            threads = [Thread(target=self.lane) for _time in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.lane()
        self.assertEqual(sorted(self.moved), [(f"S{number}", "first") for number in range(6)])
        self.assertEqual(self.states(), {"done": 6})

    def test_a_busy_lane_is_not_entered(self):
        self.tell("S1")
        with self.registry.cursor() as cr:
            cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, self.warehouse_id])
            with self.assertRaises(RetryableJobError), self.committed() as env:
                env["retail.reservation"]._job_reserve(self.warehouse_id)
        self.assertEqual(self.states(), {"waiting": 1})

    @mute_logger("odoo.sql_db")
    def test_news_that_come_while_the_goods_move_are_not_lost(self):
        self.tell("S1")
        moving, go_on = Event(), Event()

        def slowly(document):
            self.note(document)
            moving.set()
            go_on.wait(10)

        self.behave = slowly
        lane = Thread(target=self.lane)
        lane.start()
        self.assertTrue(moving.wait(10))
        teller = Thread(target=self._tell_until_it_works, args=("S1", "second"))
        teller.start()
        time.sleep(0.2)
        go_on.set()
        lane.join()
        teller.join()
        self.lane()
        self.assertEqual(self.moved[-1], ("S1", "second"))
        self.assertEqual(set(self.states()), {"done"})

    def _tell_until_it_works(self, *news):
        """Tell as an importer's lane does: what meets a concurrent change is run again."""
        for _time in range(20):
            with suppress(OperationalError):
                return self.tell(*news)
            time.sleep(0.05)
