from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import PaymentKind, TransactionState

from .common import PaymentCase, make_backend, make_order, payment_message, run_import

# What happens to one order: the shop tells of an authorisation and its capture, the gateway of the
# same money, of a refund that comes back, and of one that stays.
EVENTS = (
    "order",
    "shop_authorization",
    "shop_capture",
    "authorization",
    "capture",
    "refund",
    "bounced",
    "bounce",
)
numbers = count(1)


@tagged("post_install", "-at_install")
class TestPaymentHistory(PaymentCase):
    """One order and its payments, heard of in any order and more than once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = make_backend(cls.env, cls.company)

    def messages(self, number):
        """Return what the shop and the gateway tell, by event."""

        def told(name, kind, amount="100.00", **values):
            return payment_message(
                amount, external_id=f"{name}_{number}", payment_kind=kind, **values
            )

        of_order = {"order_external_id": f"order-{number}"}
        refund = {"payment_kind": PaymentKind.REFUND, "parent_external_id": f"ch_{number}"}
        bounced = payment_message("30.00", external_id=f"re2_{number}", **refund)
        later = bounced.updated_at + timedelta(minutes=5)
        return {
            "shop_authorization": told(
                "t1", PaymentKind.AUTHORIZATION, authorization=f"pi_{number}", **of_order
            ),
            "shop_capture": told(
                "t2",
                PaymentKind.CAPTURE,
                authorization=f"ch_{number}",
                parent_external_id=f"t1_{number}",
                **of_order,
            ),
            "authorization": told("pi", PaymentKind.AUTHORIZATION, authorization=f"pi_{number}"),
            "capture": told(
                "ch",
                PaymentKind.CAPTURE,
                authorization=f"pi_{number}",
                parent_external_id=f"pi_{number}",
            ),
            "refund": payment_message("20.00", external_id=f"re1_{number}", **refund),
            "bounced": bounced,
            "bounce": bounced.model_copy(
                update={"state": TransactionState.FAILURE, "updated_at": later}
            ),
        }

    def happen(self, event, number, messages):
        """Let one thing be heard of; an order is made once only."""
        if event != "order":
            backend = self.shop if event.startswith("shop") else self.backend
            _results, failures = run_import(backend, messages[event])
            self.assertFalse(failures)
        elif not self.order_of(number):
            make_order(self.shop, self.product, external_id=f"order-{number}")

    def order_of(self, number):
        """Return the order of a history, if it was heard of."""
        name = f"order-{number}"
        return self.env["retail.order.binding"]._by_external_id(self.shop, [name]).get(name)

    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=True,
    )
    @given(st.permutations(EVENTS), st.lists(st.sampled_from(EVENTS), max_size=3))
    def test_every_history_ends_alike(self, events, again):
        number = next(numbers)
        messages = self.messages(number)
        for event in [*events, *again]:
            self.happen(event, number, messages)
        order = self.order_of(number)
        payments = self.env["retail.payment"].search(
            [("company_id", "=", self.company.id), ("external_id", "=like", f"%\\_{number}")]
        )
        self.assertEqual(len(payments), 6)
        self.assertEqual(payments.order_binding_id, order)
        self.assertEqual(
            (order.captured_amount, order.refunded_amount, order.authorized_amount), (100, 20, 0)
        )
        self.assertEqual((order.money_state, order.is_held), ("partially_refunded", False))
        entries = payments.ledger_entry_ids.filtered(lambda e: e.backend_id == self.backend)
        self.assertEqual(
            sorted((entry.category, entry.amount) for entry in entries),
            [("charge", 100), ("refund", -30), ("refund", -20), ("refund_failure", 30)],
        )
        self.assertEqual(entries.order_binding_id, order)
        self.assertEqual(self.problems(), [])
