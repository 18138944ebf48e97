from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.retail_connector_base.canonical import PaymentKind
from odoo.addons.retail_connector_base.tests.common import CommittedCase

from .common import importer_of, item, payment_message


@tagged("post_install", "-at_install")
class TestPaymentRace(CommittedCase):
    """Payments that are imported at the same moment, really committed."""

    def _clean_up(self):
        with self.registry.cursor() as cr:
            for table in ("ledger_entry", "payment", "gateway"):
                cr.execute(f"DELETE FROM retail_{table} WHERE backend_id = %s", [self.backend_id])
        return super()._clean_up()

    def bring(self, env, *messages):
        """Import messages in an environment."""
        backend = env["retail.backend"].browse(self.backend_id)
        importer = importer_of(backend, "payment")
        importer._import_batch(backend.with_env(importer.env), [item(m) for m in messages])
        env.flush_all()

    def problems(self):
        """Return the codes of the open exceptions about refunds."""
        with self.committed() as env:
            found = env["retail.exception"].search(
                [("backend_id", "=", self.backend_id), ("code", "=", "refund_above_capture")]
            )
            return found.mapped("state")

    def refund(self, sale):
        return payment_message(
            "60.00", payment_kind=PaymentKind.REFUND, parent_external_id=sale.external_id
        )

    @mute_logger("odoo.sql_db")
    def test_two_refunds_at_one_moment_see_each_other_in_the_end(self):
        sale = payment_message("100.00")
        first, second = self.refund(sale), self.refund(sale)
        with self.committed() as env:
            self.bring(env, sale)
        with self.assertRaises(SerializationFailure), self.committed() as late:
            late.cr.execute("SELECT count(*) FROM retail_payment")
            with self.committed() as env:
                self.bring(env, first)
            self.bring(late, second)
        self.assertEqual(self.problems(), [])
        with self.committed() as env:
            self.bring(env, second)
        self.assertEqual(self.problems(), ["open"])

    def test_a_charge_and_its_refund_at_one_moment_are_counted_by_the_sweeper(self):
        sale = payment_message("50.00")
        with self.committed() as env:
            self.bring(env, payment_message())  # so that their gateway is known
        with self.committed() as late:
            late.cr.execute("SELECT count(*) FROM retail_payment")
            with self.committed() as env:
                self.bring(env, sale)
            self.bring(late, self.refund(sale))
        self.assertEqual(self.problems(), [])
        with self.committed() as env:
            waiting = env["retail.payment"].search([("look_again_at", "!=", False)])
            waiting.look_again_at = fields.Datetime.now()
        with self.committed() as env:
            env["retail.payment"]._sweep()
        self.assertEqual(self.problems(), ["open"])
