from decimal import Decimal
from threading import Barrier, Thread

from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_refund_exporter import RefundOutboxCase

TRIES = 5


@tagged("post_install", "-at_install")
class TestRefundConcurrency(RefundOutboxCase):
    """Two partial refunds at once never come to more than was taken."""

    def ask(self, cr, amount):
        """Ask for a refund on a cursor; the caller commits."""
        env = api.Environment(cr, SUPERUSER_ID, {})
        payment = env["retail.payment"].browse(self.payment_id)
        return env["retail.refund"]._request(payment, Decimal(amount), "Damaged")

    def test_the_second_of_two_that_do_not_see_each_other_is_run_again_and_refused(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            # Both look at the payment before either has asked for anything.
            second.execute("SELECT 1 FROM retail_payment")
            self.ask(first, "60.00")
            first.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self.ask(second, "60.00")
            second.rollback()
            with self.assertRaises(UserError):
                self.ask(second, "60.00")
        self.assertEqual(self.reserved(), 60)

    def test_parallel_requests_never_come_to_more_than_was_taken(self):
        results, start = [], Barrier(6)

        def run():
            start.wait()
            results.append(self.try_to_ask("30.00"))

        threads = [Thread(target=run) for _number in range(6)]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(sorted(results), [False, False, False, True, True, True])
        self.assertEqual(self.reserved(), 90)

    def try_to_ask(self, amount):
        """Ask as the server does it: what meets another transaction is run again."""
        for _time in range(TRIES * 6):
            try:
                # Leaving it commits, unless it was left by an exception.
                with self.registry.cursor() as cr:
                    self.ask(cr, amount)
            except SerializationFailure:
                continue
            except UserError:
                return False
            return True
        raise AssertionError("it met others again and again")

    def test_of_two_who_approve_at_once_one_does(self):
        with self.committed() as env:
            payment = env["retail.payment"].browse(self.payment_id)
            refund_id = env["retail.refund"]._request(payment, Decimal("40.00"), "Damaged").id
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT 1 FROM retail_refund")
            self.approve(first, refund_id)
            first.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self.approve(second, refund_id)
            second.rollback()
            with self.assertRaises(UserError):
                self.approve(second, refund_id)
        self.assertEqual(self.command_states(), ["pending"])

    def approve(self, cr, refund_id):
        """Approve as somebody else than who asked."""
        admin = 2
        env = api.Environment(cr, admin, {}, su=True)
        env["retail.refund"].browse(refund_id).action_approve()

    def test_two_who_credit_one_order_meet(self):
        with self.committed() as env:
            sale = env["sale.order"].create({"partner_id": env.user.partner_id.id})
            order_id = (
                env["retail.order.binding"]
                .create(
                    {
                        "backend_id": self.backend_id,
                        "external_id": "O1",
                        "odoo_id": sale.id,
                        "currency_id": sale.currency_id.id,
                    }
                )
                .id
            )
            self.addCleanup(self.remove_order, order_id, sale.id)
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT 1 FROM retail_order_binding")
            self.meet(first, order_id)
            first.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self.meet(second, order_id)
            second.rollback()

    def meet(self, cr, order_id):
        """Credit something of an order, as far as others are concerned."""
        env = api.Environment(cr, SUPERUSER_ID, {})
        order = env["retail.order.binding"].browse(order_id)
        env["retail.credit.note"]._meet_others(order)

    def remove_order(self, order_id, sale_id):
        """Take the order away again."""
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM retail_order_binding WHERE id = %s", [order_id])
            cr.execute("DELETE FROM sale_order WHERE id = %s", [sale_id])

    def test_the_database_itself_refuses_more_than_was_taken(self):
        with self.registry.cursor() as cr:
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                cr.execute(
                    "UPDATE retail_payment SET refund_reserved = amount + 0.01 WHERE id = %s",
                    [self.payment_id],
                )
            cr.rollback()
