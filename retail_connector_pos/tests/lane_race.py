"""Two lanes that import tickets at the same moment, with real cursors."""

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import SUPERUSER_ID, api
from odoo.tools import mute_logger

from odoo.addons.retail_connector_base.tests.common import CommittedCase

from . import estate
from .card_case import make_gift_cards
from .common import run_import
from .tickets import ticket

# What a store leaves behind, such that nothing points to what is gone.
LEFT = """
    DELETE FROM retail_pos_card_change WHERE company_id = %(company)s;
    DELETE FROM loyalty_history WHERE card_id IN (
        SELECT id FROM loyalty_card WHERE company_id = %(company)s);
    DELETE FROM retail_pos_stock_request WHERE company_id = %(company)s;
    DELETE FROM retail_pos_ticket WHERE company_id = %(company)s;
    DELETE FROM pos_payment WHERE company_id = %(company)s;
    UPDATE pos_order_line SET refunded_orderline_id = NULL, coupon_id = NULL
     WHERE company_id = %(company)s;
    UPDATE loyalty_card SET source_pos_order_id = NULL WHERE company_id = %(company)s;
    DELETE FROM pos_order WHERE company_id = %(company)s;
    DELETE FROM loyalty_card WHERE company_id = %(company)s;
    UPDATE loyalty_program SET active = false WHERE company_id = %(company)s;
    UPDATE pos_session SET state = 'closed', retail_day_id = NULL
     WHERE config_id IN (SELECT id FROM pos_config WHERE company_id = %(company)s);
    DELETE FROM retail_pos_day WHERE company_id = %(company)s;
    DELETE FROM retail_pos_register WHERE company_id = %(company)s;
    DELETE FROM retail_pos_store WHERE company_id = %(company)s;
    DELETE FROM retail_mapping WHERE company_id = %(company)s;
"""
TRIES = 10


class LaneRaceCase(CommittedCase):
    """A committed store with two registers, goods that are not counted, and gift cards."""

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            company = estate.make_company(env)
            self.company_id = company.id
            env = env(context={"allowed_company_ids": company.ids})
            company = company.with_env(env)
            self.estate_id = estate.make_backend(env, company).id
            backend = env["retail.backend"].browse(self.estate_id)
            card = estate.make_method(env, company, "bank", "Card")
            warehouse = estate.make_warehouse(env, company)
            store = estate.make_store(backend, "S1", warehouse)
            for name in ("R1", "R2"):
                config = estate.make_config(env, company, warehouse, card)
                estate.make_register(store, name, config)
            drawer = config.payment_method_ids.filtered("is_cash_count")
            estate.map_tender(backend, "cash", drawer)
            estate.make_product(env, company, "A", is_storable=False)
            estate.make_tax(env, company, 19)
            make_gift_cards(env, company)
            # Days and sessions are there: what meets is what is tested.
            run_import(backend, ticket(register="R1"))
            run_import(backend, ticket(register="R2"))

    def _clean_up(self):
        with self.registry.cursor() as cr:
            cr.execute(LEFT, {"company": self.company_id})
            for table in ("exception", "audit", "backend"):
                column = "id" if table == "backend" else "backend_id"
                cr.execute(f"DELETE FROM retail_{table} WHERE {column} = %s", [self.estate_id])
        return super()._clean_up()

    def environment(self, cr):
        """Return the environment of a lane on a cursor."""
        return api.Environment(cr, SUPERUSER_ID, {"allowed_company_ids": [self.company_id]})

    def take(self, cr, *messages):
        """Import messages on a cursor, and flush; return (results, failures)."""
        env = self.environment(cr)
        answer = run_import(env["retail.backend"].browse(self.estate_id), *messages)
        env.flush_all()
        return answer

    def take_committed(self, *messages):
        """Import messages in a transaction of its own that is run again when it met another."""
        for _time in range(TRIES):
            try:
                with mute_logger("odoo.sql_db"), self.registry.cursor() as cr:
                    return self.take(cr, *messages)
            except (SerializationFailure, UniqueViolation):
                continue
        raise AssertionError("it met others again and again")

    def meet(self, first, second):
        """Import two tickets in transactions that do not see each other; the second is run again.

        Return (results, failures) of the second.
        """
        with self.registry.cursor() as one, self.registry.cursor() as two:
            two.execute("SELECT 1 FROM retail_backend")  # its snapshot is older
            self.take(one, first)
            one.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self.take(two, second)
            two.rollback()
        return self.take_committed(second)
