from odoo.tests import tagged

from .common import PaymentCase, make_backend, make_gateway
from .stripe_common import STAMP, charge, dispute, intent, payout, read, refund, transaction
from .test_stripe_payout import fetched

PLAIN = {"fee": 0, "fee_details": []}


@tagged("post_install", "-at_install")
class TestStripeBooks(PaymentCase):
    """What Stripe tells becomes entries that its payouts settle."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backend = make_backend(cls.env, cls.company, provider="stripe")
        cls.gateway = make_gateway(cls.backend, "stripe")

    def settled(self, shown, *rows):
        """Return a payout of some movements, after it was imported and its lane was run."""
        made = fetched(shown, *rows)
        self.drain(made)
        self.post()
        found = self.env["retail.payout"]._by_external_id(self.backend, [made.external_id])
        return found[made.external_id]

    def open_amounts(self):
        """Return what the clearing account holds open, by what Stripe says it is of."""
        left = self.entries(state="posted")
        return {(one.category, one.external_id): one.amount for one in left}

    def test_a_charge_a_refund_that_fails_and_a_dispute_won_in_part(self):
        taken = transaction(
            id="txn_4", amount=-4_990, fee=2_000, net=-6_990, source=dispute(),
            reporting_category="dispute", fee_details=[],
        )  # fmt: skip
        back = transaction(
            id="txn_5", amount=2_000, fee=-2_000, net=4_000, source=dispute(),
            reporting_category="dispute_reversal", fee_details=[],
        )  # fmt: skip
        won = dispute(status="won", balance_transactions=[taken, back])
        told = [
            read("charge.succeeded", charge()),
            read("refund.created", refund()),
            read("refund.updated", refund(status="failed"), created=STAMP + 5),
            read("charge.dispute.created", dispute()),
            read("charge.dispute.closed", won, created=STAMP + 9),
        ]
        # In any order.
        self.drain(*told[::-1])
        self.post()
        given = {"amount": -1_000, "net": -1_000, "source": refund(), **PLAIN}
        came_back = {"amount": 1_000, "net": 1_000, "source": refund(), **PLAIN}
        found = self.settled(
            payout(amount=1_825),
            transaction(),
            transaction(id="txn_2", reporting_category="refund", **given),
            transaction(id="txn_3", reporting_category="refund_failure", **came_back),
            taken,
            back,
        )
        self.assertEqual((found.state, found.problem), ("settled", False))
        self.assertEqual(self.open_amounts(), {})

    def test_a_part_that_was_not_captured_is_settled_with_its_charge(self):
        card = {"type": "card", "card": {"capture_before": STAMP + 604_800}}
        held = charge(captured=False, amount_captured=0, payment_method_details=card)
        movement = {"id": "txn_2", "reporting_category": "partial_capture_reversal"}
        rest = refund(amount=1_990, balance_transaction=movement)
        self.drain(
            read("payment_intent.amount_capturable_updated", intent()),
            read("charge.succeeded", held),
            read("charge.captured", charge(amount_captured=3_000), created=STAMP + 5),
            read("refund.created", rest, created=STAMP + 5),
        )
        self.post()
        self.assertEqual(self.open_amounts(), {("charge", "ch_1"): 30.0})
        given = {"amount": -1_990, "net": -1_990, "source": rest, **PLAIN}
        found = self.settled(
            payout(amount=2_825),
            transaction(),
            transaction(id="txn_2", reporting_category="partial_capture_reversal", **given),
        )
        self.assertEqual((found.state, found.problem), ("settled", False))
        self.assertEqual(self.open_amounts(), {})

    def test_an_unknown_word_parks_its_payout(self):
        self.drain(read("charge.succeeded", charge()))
        self.post()
        row = transaction(id="txn_2", amount=-500, net=-500, reporting_category="new", **PLAIN)
        found = self.settled(payout(amount=4_315), transaction(), row)
        self.assertEqual(found.state, "parked")
        self.assertIn("new", found.problem)
        self.assertEqual(self.open_amounts(), {("charge", "ch_1"): 49.9})

    def test_test_mode_moves_no_money(self):
        self.drain(read("charge.succeeded", charge(livemode=False)))
        self.post()
        self.assertEqual(self.open_amounts(), {})
