import os
import shutil
import sqlite3
import tempfile
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.retail_connector_base.providers import TransientError
from odoo.addons.retail_connector_base.tests.common import CommittedCase

from ..decisions.legacy_layout import text_of
from ..providers.legacy_files import poll
from ..providers.legacy_sql import connection
from .legacy_kit import csv_text, file_layout, table_layout


class DeadWorkerError(Exception):
    """Stands for a worker that is gone."""


class PollCase(CommittedCase):
    """A backend that reads a folder of the test, with real cursors."""

    def setUp(self):
        # No sample vendor here: the backend is one of ours.
        super(CommittedCase, self).setUp()
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        patcher = patch.dict(os.environ, {"RETAIL_CONNECTOR_FOLDERS": str(self.root)})
        patcher.start()
        self.addCleanup(patcher.stop)
        with self.committed() as env:
            backend = env["retail.backend"].create(
                {"name": "Old tills", "provider": self.provider, "state": "running",
                 "lane_count": 1}
            )  # fmt: skip
            for row in backend.setting_ids:
                row.value = self.settings().get(row.name, row.value)
            flow = backend.flow_ids.filtered(lambda flow: flow.kind == "pos_ticket")
            self.backend_id, self.flow_id = backend.id, flow.id
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            for table in ("retail_inbox_message", "retail_pos_register", "retail_pos_store"):
                cr.execute(f"DELETE FROM {table} WHERE backend_id = %s", [self.backend_id])
        return super()._clean_up()

    def poll(self):
        with self.committed() as env:
            env["retail.poll"]._job_poll(self.flow_id)

    def flow(self, *names):
        with self.committed() as env:
            flow = env["retail.flow"].browse(self.flow_id)
            return [flow[name] for name in names]

    def drain(self):
        with self.committed() as env:
            env["retail.inbox.drain"]._job_drain(self.backend_id, 0)

    def entities(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT entity_key FROM retail_inbox_message WHERE backend_id = %s ORDER BY id",
                [self.backend_id],
            )
            return [row[0] for row in cr.fetchall()]


@tagged("post_install", "-at_install")
class TestLegacyFilePoll(PollCase):
    """From dropped files to the inbox, through workers that die."""

    provider = "file_drop"

    def settings(self):
        return {"folder_url": f"file://{self.root}", "ticket_layout": text_of(file_layout())}

    def drop(self, name, *tickets):
        (self.root / name).write_text(csv_text(*tickets))

    def below(self, folder):
        base = self.root / folder
        return [path for path in base.rglob("*") if path.is_file()]

    def test_files_become_messages_and_are_archived(self):
        self.drop("sales_1.csv", (1, "10"), (2, "10"))
        self.drop("sales_2.csv", (3, "10"))
        self.poll()
        self.assertEqual(self.entities(), [f"pos_ticket:{n}" for n in (1, 2, 3)])
        self.assertEqual((len(self.below("archive")), self.below("claimed")), (2, []))
        self.assertEqual(self.flow("last_error", "cursor"), [False, False])

    def die_at(self, place, name):
        """Poll, until the worker dies when it comes to a method."""
        with (
            patch.object(place, name, side_effect=DeadWorkerError),
            self.assertRaises(DeadWorkerError),
        ):
            self.poll()

    def test_a_worker_that_dies_before_the_commit_loses_nothing(self):
        self.drop("sales_1.csv", (1, "10"))
        self.die_at(self.registry["retail.poll"], "_keep_page")
        self.assertEqual((self.entities(), len(self.below("claimed"))), ([], 1))
        self.poll()
        self.assertEqual((self.entities(), len(self.below("archive"))), (["pos_ticket:1"], 1))

    def test_a_worker_that_dies_between_commit_and_archive_doubles_nothing(self):
        self.drop("sales_1.csv", *((n, "10") for n in range(1, 6)))
        with patch.object(poll, "PAGE", 2):
            self.die_at(poll.Claims, "archive")
            self.assertEqual((len(self.entities()), len(self.below("claimed"))), (5, 1))
            self.poll()
        self.assertEqual(len(self.entities()), 5)
        self.assertEqual((len(self.below("archive")), self.below("claimed")), (1, []))

    def test_a_worker_that_dies_between_two_pages_goes_on_there(self):
        self.drop("sales_1.csv", *((n, "10") for n in range(1, 6)))
        with patch.object(poll, "PAGE", 2):
            self.die_at(self.registry["retail.poll"], "_check_room")
            self.assertEqual(len(self.entities()), 2)
            self.assertTrue(self.flow("cursor")[0].endswith(":2"))
            self.poll()
        self.assertEqual(len(self.entities()), 5)

    def test_a_bad_record_is_quarantined_and_shown_and_the_rest_goes_on(self):
        self.drop("sales_1.csv", (1, "canary"), (2, "10"))
        self.poll()
        self.drain()
        states = self.states()
        self.assertEqual(states[0], "quarantined")
        self.assertNotEqual(states[1], "quarantined")
        with self.committed() as env:
            found = env["retail.exception"].search([("backend_id", "=", self.backend_id)])
            malformed = found.filtered(lambda exception: exception.code == "malformed")
            self.assertIn("total", malformed.cause)
            self.assertNotIn("canary", malformed.cause)

    def test_a_replay_reads_by_the_layout_that_was_mended(self):
        self.drop("sales_1.csv", (1, '"10,00"'))
        self.poll()
        self.drain()
        self.assertEqual(self.states(), ["quarantined"])
        with self.committed() as env:
            layout = file_layout()
            layout = type(layout)("pos_ticket", layout.parts, files=layout.files, decimal_sign=",")
            setting = env["retail.setting"].search(
                [("backend_id", "=", self.backend_id), ("name", "=", "ticket_layout")]
            )
            setting.value = text_of(layout)
        with self.committed() as env:
            env["retail.inbox.message"].search([("backend_id", "=", self.backend_id)])._replay()
        self.drain()
        self.assertNotEqual(self.states(), ["quarantined"])

    def test_what_was_dropped_twice_is_stored_once(self):
        self.drop("sales_1.csv", (1, "10"))
        self.poll()
        self.drop("sales_1.csv", (1, "10"))
        self.poll()
        self.assertEqual(self.entities(), ["pos_ticket:1"])
        self.assertEqual(len(self.below("archive")), 2)

    def test_a_folder_that_is_gone_is_shown_to_a_person(self):
        shutil.rmtree(self.root)
        self.poll()
        self.assertIn("not there", self.flow("last_error")[0])
        self.root.mkdir()


@tagged("post_install", "-at_install")
class TestLegacyTablePoll(PollCase):
    """From a foreign database to the inbox: the position is the database's own."""

    provider = "legacy_sql"

    def settings(self):
        self.db = sqlite3.connect(self.root / "tills.db")
        self.addCleanup(self.db.close)
        self.db.executescript(
            "CREATE TABLE IF NOT EXISTS sales (id, store, till, at, total, changed);"
            "CREATE TABLE IF NOT EXISTS sale_lines (sale, pos, sku, qty, price);"
            "CREATE TABLE IF NOT EXISTS payments (sale, how, amt);"
        )
        return {
            "database_url": f"sqlite:///{self.root}/tills.db",
            "ticket_layout": text_of(table_layout()),
        }

    def sell(self, number, minutes):
        changed = (fields.Datetime.now() - timedelta(minutes=minutes)).isoformat(sep=" ")
        values = [number, "S1", "R1", changed, 10, changed]
        self.db.execute("INSERT INTO sales VALUES (?, ?, ?, ?, ?, ?)", values)
        self.db.execute("INSERT INTO sale_lines VALUES (?, 1, 'A', 1, 10)", [number])
        self.db.execute("INSERT INTO payments VALUES (?, 'cash', 10)", [number])
        self.db.commit()

    def test_the_next_poll_starts_behind_the_last_one(self):
        self.sell(1, 300)
        self.sell(2, 5)
        self.poll()
        self.assertEqual(self.entities(), ["pos_ticket:1", "pos_ticket:2"])
        cursor, position = self.flow("cursor", "position")
        self.assertFalse(cursor)
        self.assertIn('"r"', position)
        # Our own clock would have begun at the last run, ten minutes back.
        self.sell(3, 40)
        self.sell(4, 290)
        self.poll()
        self.assertEqual(self.entities()[2:], ["pos_ticket:3"])

    def test_a_backfill_begins_at_its_moment_and_the_position_stays_ahead(self):
        self.sell(1, 5)
        self.poll()
        self.sell(2, 3000)
        with self.committed() as env:
            flow = env["retail.flow"].browse(self.flow_id)
            flow._backfill(fields.Datetime.now() - timedelta(days=10))
        self.poll()
        self.assertEqual(self.entities(), ["pos_ticket:1", "pos_ticket:2"])
        before = self.flow("position")
        self.sell(3, 4000)
        self.poll()
        self.assertEqual((len(self.entities()), self.flow("position")), (2, before))

    def test_a_database_that_does_not_answer_is_tried_again(self):
        self.sell(1, 5)
        with patch.object(connection.sa, "create_engine", side_effect=TransientError("down")):
            self.poll()
        self.assertEqual(self.flow("last_error"), ["down"])
        self.poll()
        self.assertEqual(self.entities(), ["pos_ticket:1"])
