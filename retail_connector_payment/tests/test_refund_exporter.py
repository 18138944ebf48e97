from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.retail_connector_base.tests.common import offer_sample_provider
from odoo.addons.retail_connector_base.tests.outbox import OutboxCase

from .refund_provider import RefundingProvider, take


class RefundOutboxCase(OutboxCase):
    """A payment, and requests to give it back, really committed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry, RefundingProvider))

    def setUp(self):
        super().setUp()
        RefundingProvider.ledger = self.ledger
        RefundingProvider.manners, RefundingProvider.replies = [], []
        RefundingProvider.calls = []
        with self.committed() as env:
            self.payment_id = take(env["retail.backend"].browse(self.backend_id)).id

    def _clean_up(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM retail_refund WHERE backend_id = %s", [self.backend_id])
            for table in ("ledger_entry", "payment", "gateway"):
                cr.execute(f"DELETE FROM retail_{table} WHERE backend_id = %s", [self.backend_id])
            cr.execute("DELETE FROM mail_message WHERE model = 'retail.refund'")
            cr.execute("DELETE FROM mail_activity WHERE res_model = 'retail.refund'")
        return super()._clean_up()

    def approved(self, amount="40.00"):
        """Request and approve a refund; committed. Return its id."""
        with self.committed() as env:
            payment = env["retail.payment"].browse(self.payment_id)
            refund = env["retail.refund"]._request(payment, Decimal(amount), "Damaged")
            if refund.state == "requested":
                refund._approve(env.user)
            return refund.id

    def refund(self, refund_id, *names):
        """Return fields of a refund as others see them."""
        with self.committed() as env:
            refund = env["retail.refund"].browse(refund_id)
            return tuple(refund[name] for name in names)

    def reserved(self):
        """Return what is kept of the payment."""
        with self.committed() as env:
            return env["retail.payment"].browse(self.payment_id).refund_reserved


@tagged("post_install", "-at_install")
class TestRefundExporter(RefundOutboxCase):
    def test_a_refund_is_sent_and_waits_for_its_report(self):
        refund_id = self.approved()
        self.send()
        self.assertEqual(self.refund(refund_id, "state", "external_id"), ("sent", "F1"))
        self.assertEqual(self.ledger.effects(), [(f"refund:{refund_id}", "F1")])

    def test_an_answer_that_was_lost_is_asked_for_before_anything_is_sent_again(self):
        RefundingProvider.manners = ["lose"]
        refund_id = self.approved()
        self.send()
        self.assertEqual(self.refund(refund_id, "state"), ("approved",))
        self.assertEqual(self.reserved(), 40)
        self.send()
        self.assertEqual(self.refund(refund_id, "state", "external_id"), ("sent", "F1"))
        self.assertEqual(len(self.ledger.effects()), 1)

    def test_a_report_of_what_was_lost_does_not_hide_it_from_asking(self):
        RefundingProvider.manners = ["lose"]
        refund_id = self.approved()
        self.send()
        with self.committed() as env:
            backend = env["retail.backend"].browse(self.backend_id)
            parent = env["retail.payment"].browse(self.payment_id).external_id
            take(backend, "40.00", kind="refund", external_id="F1", parent_external_id=parent)
        self.send()
        self.assertEqual(self.refund(refund_id, "state", "external_id"), ("confirmed", "F1"))
        self.assertEqual(len(self.ledger.effects()), 1)

    def test_a_refund_that_never_arrived_is_sent_again(self):
        RefundingProvider.manners = ["drop"]
        refund_id = self.approved()
        self.send()
        self.send()
        self.send()
        self.assertEqual(self.refund(refund_id, "state"), ("sent",))
        self.assertEqual(len(self.ledger.effects()), 1)

    def test_a_refusal_is_shown_with_its_amount_and_keeps_the_money(self):
        RefundingProvider.manners = ["reject"]
        refund_id = self.approved()
        self.send()
        self.assertEqual(self.refund(refund_id, "state"), ("failed",))
        self.assertEqual(self.reserved(), 40)
        self.assertEqual(self.exceptions()[0][:2], ("refund_payment_refused", "open"))
        with self.committed() as env:
            exception = env["retail.exception"].search([("backend_id", "=", self.backend_id)])
            self.assertEqual(exception.error_class, "finance")
            self.assertGreater(exception.amount_at_risk, 0)
            env["retail.exception"]._sweep()
            self.assertGreater(exception.amount_at_risk, 0)

    def test_a_refusal_that_is_mended_and_retried_goes_through(self):
        RefundingProvider.manners = ["reject"]
        refund_id = self.approved()
        self.send()
        with self.committed() as env:
            env["retail.exception"].search([("backend_id", "=", self.backend_id)]).action_retry()
        self.send()
        self.assertEqual(self.refund(refund_id, "state", "failure"), ("sent", False))
        self.assertEqual(self.exceptions()[0][1], "resolved")

    def test_a_refusal_that_is_given_up_frees_the_money(self):
        RefundingProvider.manners = ["reject"]
        refund_id = self.approved()
        self.send()
        with self.committed() as env:
            env["retail.refund"].browse(refund_id).action_cancel()
        self.assertEqual(self.refund(refund_id, "state"), ("cancelled",))
        self.assertEqual(self.reserved(), 0)
        self.send()
        self.assertEqual(self.ledger.effects(), [])

    def test_money_that_went_although_it_was_given_up_is_kept_again(self):
        RefundingProvider.manners = ["lose"]
        RefundingProvider.replies = ["unable"]
        refund_id = self.approved()
        self.send()
        self.send()
        self.assertEqual(self.command_states(), ["blocked"])
        self.assertEqual(self.exceptions()[0][0], "payment_outcome_unknown")
        with self.committed() as env:
            env["retail.refund"].browse(refund_id).action_cancel()
        self.assertEqual(self.reserved(), 0)
        with self.committed() as env:
            backend = env["retail.backend"].browse(self.backend_id)
            parent = env["retail.payment"].browse(self.payment_id).external_id
            take(
                backend, "40.00", kind="refund", external_id="F1", parent_external_id=parent,
                reference=f"refund:{refund_id}",
            )  # fmt: skip
        self.assertEqual(self.refund(refund_id, "state"), ("confirmed",))
        self.assertEqual(self.reserved(), 40)

    def test_two_parts_of_one_payment_are_two_effects(self):
        first, second = self.approved("40.00"), self.approved("60.00")
        self.send()
        self.send()
        self.assertEqual(
            [key for key, _id in self.ledger.effects()], [f"refund:{first}", f"refund:{second}"]
        )
