from base64 import b64encode
from threading import Barrier, Thread

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.retail_connector_base.tests.common import CommittedCase

from . import estate
from .tickets import line, ticket

LANE = "odoo.addons.retail_connector_base.models.retail_lane_mixin"
# What a committed estate leaves behind, in an order in which it can go.
TABLES = (
    "retail_pos_stock_request", "retail_pos_ticket", "pos_payment", "pos_order_line", "pos_order",
    "pos_session", "retail_pos_day", "retail_pos_register", "retail_pos_store",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestTicketRace(CommittedCase):
    """Tickets in two lanes at once, really committed."""

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            company = estate.make_company(env, "Race")
            env = env(context={"allowed_company_ids": company.ids})
            company = company.with_env(env)
            backend = estate.make_backend(env, company, lane_count=2)
            warehouse = estate.make_warehouse(env, company)
            card = estate.make_method(env, company, "bank", "Card")
            config = estate.make_config(env, company, warehouse, card)
            store = estate.make_store(backend, "S1", warehouse)
            estate.make_register(store, "R1", config)
            estate.make_product(env, company, "A", 100, warehouse.lot_stock_id)
            self.other_id, self.company_id, self.config_id = backend.id, company.id, config.id

    def _clean_up(self):
        with self.registry.cursor() as cr:
            own = "backend_id IN (%s)"
            conditions = {
                "pos_payment": "session_id IN (SELECT id FROM pos_session WHERE config_id = %s)",
                "pos_order_line": "order_id IN (SELECT id FROM pos_order WHERE config_id = %s)",
                "pos_order": "config_id = %s",
                "pos_session": "config_id = %s",
            }
            for table in TABLES:
                mine = self.config_id if table in conditions else self.other_id
                cr.execute(f"DELETE FROM {table} WHERE {conditions.get(table, own)}", [mine])
            for table in ("inbox_message", "inbox_lane", "exception", "audit", "flow", "setting",
                          "credential", "mapping"):  # fmt: skip
                cr.execute(f"DELETE FROM retail_{table} WHERE {own}", [self.other_id])
            cr.execute("DELETE FROM retail_backend WHERE id = %s", [self.other_id])
        return super()._clean_up()

    def receive(self, *messages, lane=0):
        """Put messages into the inbox of a lane as our own API would; committed."""
        with self.committed() as env:
            for message in messages:
                env["retail.inbox.message"].create(
                    {
                        "backend_id": self.other_id,
                        "company_id": self.company_id,
                        "source": "api",
                        "topic": "api/pos-tickets",
                        "kind": message.kind,
                        "event_id": f"{message.external_id}-{lane}",
                        "entity_key": f"{message.entity_key}-{lane}",
                        "lane": lane,
                        "state": "received",
                        "crashes": 0,
                        "attempts": 0,
                        "body": b64encode(message.model_dump_json().encode()),
                        "body_hash": message.content_hash(),
                        "observed_at": str(message.version),
                        "received_at": fields.Datetime.now(),
                        "correlation_id": message.external_id,
                    }
                )

    def drain(self, lane, barrier=None):
        """Do what the job of a lane does."""
        if barrier:
            barrier.wait()
        with self.committed() as env:
            user = env["retail.backend"].browse(self.other_id).user_id
            drain = env["retail.inbox.drain"].with_user(user).sudo()
            while drain._run_chunk(self.other_id, lane):
                pass

    def at_once(self, lanes):
        """Drain several lanes at the same moment."""
        barrier = Barrier(len(lanes))
        threads = [Thread(target=self.drain, args=(lane, barrier)) for lane in lanes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def found(self, query):
        with self.registry.cursor() as cr:
            cr.execute(query, [self.config_id])
            return cr.fetchone()[0]

    @mute_logger("odoo.sql_db", LANE)
    def test_the_same_ticket_in_two_lanes_is_one_order(self):
        messages = [ticket(line("A", rates=())) for _ in range(5)]
        for lane in (0, 1):
            self.receive(*messages, lane=lane)
        self.at_once((0, 1))
        self.assertEqual(self.states(), {"done": 10})
        self.assertEqual(self.found("SELECT count(*) FROM pos_order WHERE config_id = %s"), 5)
        self.assertEqual(self.found("SELECT count(*) FROM pos_session WHERE config_id = %s"), 1)

    @mute_logger("odoo.sql_db", LANE)
    def test_two_lanes_of_one_register_share_its_session(self):
        for lane in (0, 1):
            self.receive(*(ticket(line("A", rates=())) for _ in range(10)), lane=lane)
        self.at_once((0, 1))
        self.assertEqual(self.states(), {"done": 20})
        self.assertEqual(self.found("SELECT count(*) FROM pos_order WHERE config_id = %s"), 20)
        self.assertEqual(self.found("SELECT count(*) FROM pos_session WHERE config_id = %s"), 1)

    def states(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT state, count(*) FROM retail_inbox_message WHERE backend_id = %s GROUP BY 1",
                [self.other_id],
            )
            return dict(cr.fetchall())
