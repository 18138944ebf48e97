from contextlib import suppress
from threading import Thread
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.retail_connector_base.tests.common import CommittedCase

from ..models import retail_pos_closer
from . import estate
from .closings import closing
from .common import run_import
from .tickets import line, ticket

CLOSER = "odoo.addons.retail_connector_pos.models.retail_pos_closer"
LEFT = """
    DELETE FROM retail_pos_stock_request WHERE company_id = %(company)s;
    UPDATE retail_pos_day SET report_id = NULL WHERE company_id = %(company)s;
    DELETE FROM retail_pos_report WHERE company_id = %(company)s;
    DELETE FROM retail_pos_ticket WHERE company_id = %(company)s;
    UPDATE pos_session SET state = 'closed', retail_day_id = NULL
     WHERE config_id IN (SELECT id FROM pos_config WHERE company_id = %(company)s);
    DELETE FROM retail_pos_day WHERE company_id = %(company)s;
    DELETE FROM retail_pos_register WHERE company_id = %(company)s;
    DELETE FROM retail_pos_store WHERE company_id = %(company)s;
    DELETE FROM retail_mapping WHERE company_id = %(company)s;
    DELETE FROM retail_product_binding WHERE company_id = %(company)s;
    DELETE FROM retail_exception WHERE company_id = %(company)s;
    DELETE FROM retail_audit WHERE company_id = %(company)s;
"""


class Died(BaseException):
    """The process is gone: nothing catches it."""


@tagged("post_install", "-at_install")
class TestDayRace(CommittedCase):
    """The lane that closes days, with real cursors: crashes, rollbacks, and two at once."""

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            company = estate.make_company(env)
            self.company_id = company.id
            env = env(context={"allowed_company_ids": company.ids})
            company = company.with_env(env)
            backend = estate.make_backend(env, company, lane_count=1)
            self.estate_id = backend.id
            self.tax_id = estate.make_tax(env, company, 19, included=False).id
            card = estate.make_method(env, company, "bank", "Card")
            warehouse = estate.make_warehouse(env, company)
            store = estate.make_store(backend, "S1", warehouse)
            config = estate.make_config(env, company, warehouse, card)
            estate.make_register(store, "R1", config)
            drawer = config.payment_method_ids.filtered("is_cash_count")
            estate.map_tender(backend, "cash", drawer)
            estate.map_tender(backend, "card", card)
            estate.make_product(env, company, "A", type="service", is_storable=False)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            cr.execute(LEFT, {"company": self.company_id})
            cr.execute("DELETE FROM retail_backend WHERE id = %s", [self.estate_id])
        return super()._clean_up()

    def env_of(self, env):
        return env(context={"allowed_company_ids": [self.company_id]})

    def bring(self, *messages):
        """Import messages of one kind, committed."""
        with self.committed() as env:
            backend = self.env_of(env)["retail.backend"].browse(self.estate_id)
            _results, failures = run_import(backend, *messages)
            self.assertFalse(failures, [getattr(f, "problem", f) for f in failures.values()])

    def ticket(self, **values):
        return ticket(line(price="10", included=False), included=False, **values)

    def run_lane(self):
        with self.committed() as env:
            env["retail.pos.closer"]._job_close(self.estate_id)

    def day(self):
        """Return (state of the day, states of its sessions, number of posted closing entries)."""
        with self.committed() as env:
            days = env["retail.pos.day"].search([("company_id", "=", self.company_id)])
            day = days.sorted("business_date")[:1]
            sessions = day.session_ids
            posted = sessions.move_id.filtered(lambda move: move.state == "posted")
            return day.state, sessions.mapped("state"), len(posted)

    def problems(self):
        with self.committed() as env:
            found = env["retail.exception"].search(
                [("backend_id", "=", self.estate_id), ("state", "=", "open")]
            )
            return sorted(found.mapped("code"))

    def test_a_reported_day_is_posted_by_its_lane(self):
        sold = self.ticket()
        self.bring(sold)
        self.bring(closing(sold))
        self.run_lane()
        self.assertEqual(self.day(), ("closed", ["closed"], 1))
        self.run_lane()
        self.assertEqual(self.day(), ("closed", ["closed"], 1))

    def test_a_day_is_looked_at_again_when_something_of_it_is_new(self):
        sold, other = self.ticket(), self.ticket()
        self.bring(sold)
        self.bring(closing(sold, other))
        self.run_lane()
        self.assertEqual(self._work(), [])
        self.bring(other)
        self.assertEqual(len(self._work()), 1)
        self.run_lane()
        self.assertEqual(self.day(), ("closed", ["closed"], 1))
        self.assertEqual(self._work(), [])

    def _work(self):
        with self.committed() as env:
            return env["retail.pos.closer"]._work(self.estate_id)[0]

    def test_a_report_wakes_the_lane_after_its_commit(self):
        sold = self.ticket()
        self.bring(sold)
        self.bring(closing(sold))
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM queue_job WHERE identity_key = %s",
                [f"retail.pos.closer:{self.estate_id}"],
            )
            self.assertEqual(cr.fetchone()[0], 1)

    @mute_logger(CLOSER)
    def test_an_entry_that_does_not_balance_is_rolled_back_and_shown(self):
        sold = self.ticket()
        self.bring(sold)
        self.bring(closing(sold))
        with self._other_tax():
            self.run_lane()
            self.assertEqual(self.day(), ("reported", ["opened"], 0))
            self.assertEqual(self.problems(), ["pos_day_not_closed"])
        self._try_again()
        self.run_lane()
        self.assertEqual((self.day(), self.problems()), (("closed", ["closed"], 1), []))

    def _other_tax(self):
        """Let Odoo find that the entry does not balance."""
        cls = self.registry["account.move"]
        original = cls._get_unbalanced_moves

        def unbalanced(moves, container):
            found = original(moves, container)
            sessions = moves.env["pos.session"].search_count([("move_id", "in", moves.ids)])
            return found or ([(moves[:1].id, 1.0, 0.0)] if sessions else found)

        return patch.object(cls, "_get_unbalanced_moves", unbalanced)

    def _try_again(self):
        with self.committed() as env:
            days = env["retail.pos.day"].search([("company_id", "=", self.company_id)])
            days.action_close_again()

    def test_a_process_that_dies_before_posting_loses_nothing(self):
        sold = self.ticket()
        self.bring(sold)
        self.bring(closing(sold))
        with (
            patch.object(retail_pos_closer, "reach", side_effect=Died),
            suppress(Died),
        ):
            self.run_lane()
        self.assertEqual(self.day(), ("closing", ["opened"], 0))
        self.run_lane()
        self.assertEqual(self.day(), ("closed", ["closed"], 1))

    @mute_logger(CLOSER)
    def test_a_process_that_dies_between_odoos_rollback_and_our_commit(self):
        sold = self.ticket()
        self.bring(sold)
        self.bring(closing(sold))

        def die(point, subjects=()):
            if point.endswith("refused"):
                raise Died

        with self._other_tax():
            with patch.object(retail_pos_closer, "reach", die), suppress(Died):
                self.run_lane()
            self.assertEqual(self.day(), ("closing", ["opened"], 0))
            self.run_lane()
        self.assertEqual(self.day(), ("reported", ["opened"], 0))
        self.assertEqual(self.problems(), ["pos_day_not_closed"])

    def test_two_closers_at_once_post_once(self):
        sold = self.ticket()
        self.bring(sold)
        self.bring(closing(sold))
        busy = []

        def close():
            try:
                self.run_lane()
            except RetryableJobError as error:
                busy.append(error)

        threads = [Thread(target=close) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.run_lane()
        self.assertEqual(self.day(), ("closed", ["closed"], 1))

    def test_a_ticket_that_is_being_imported_while_its_day_is_shut(self):
        sold, other = self.ticket(), self.ticket()
        self.bring(sold)
        self.bring(closing(sold))
        with self.registry.cursor() as cr:
            env = self.env_of(api.Environment(cr, SUPERUSER_ID, {}))
            backend = env["retail.backend"].browse(self.estate_id)
            _results, failures = run_import(backend, other)
            self.assertFalse(failures)
            env.flush_all()
            closer = Thread(target=self.run_lane)
            closer.start()
            closer.join(1)
            self.assertTrue(closer.is_alive(), "it waits for the import")
        closer.join(30)
        self.assertFalse(closer.is_alive())
        state, sessions, posted = self.day()
        self.assertEqual((sessions, posted), (["opened"], 0))
        self.assertIn(state, ("different", "reported"))

    def test_two_lanes_that_open_one_session_make_one(self):
        messages = [self.ticket(), self.ticket()]
        threads = [Thread(target=self._bring_again, args=(each,)) for each in messages]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with self.committed() as env:
            days = env["retail.pos.day"].search([("company_id", "=", self.company_id)])
            self.assertEqual(len(days.session_ids), 1)
            self.assertEqual(len(days.ticket_ids), 2)

    @mute_logger("odoo.sql_db")
    def _bring_again(self, message):
        """Import as a lane does: what another one made is met in a second run."""
        for _try in range(5):
            try:
                self.bring(message)
            except Exception:  # noqa: BLE001, S112 whatever a lane runs again
                continue
            return
