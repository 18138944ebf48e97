from itertools import permutations
from uuid import uuid4

from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import Money, PaymentKind, TransactionState
from odoo.addons.retail_connector_base.decisions.outcome import Outcome
from odoo.addons.retail_connector_base.providers import ReceivedMessage

from .common import START, PaymentCase, importer_of, item, make_gateway, run_lane

REFUND = PaymentKind.REFUND
SUCCESS, FAILURE, PENDING = (
    TransactionState.SUCCESS,
    TransactionState.FAILURE,
    TransactionState.PENDING,
)


@tagged("post_install", "-at_install")
class TestPaymentImport(PaymentCase):
    """What is kept and noted of what gateways tell."""

    def amounts(self, message):
        """Return the signed amounts of a payment's entries by category."""
        entries = self.payment(message).ledger_entry_ids
        return {entry.category: entry.amount for entry in entries}

    def later(self, message, minutes=1, **values):
        """Return a later state of a payment."""
        at = START.replace(minute=START.minute + minutes)
        return message.model_copy(update={"updated_at": at, **values})

    # From the inbox to the ledger

    def test_a_message_of_the_api_becomes_a_payment_and_an_entry(self):
        order = self.order()
        message = self.payment_message(
            "12.50", order=order, gateway="Cards", authorization="auth-1", reference="#1"
        )
        received = ReceivedMessage(
            event_id=str(uuid4()),
            topic="api/payments",
            kind="payment",
            body=message.model_dump_json().encode(),
            entity_key=message.entity_key,
        )
        self.env["retail.inbox.receiver"]._store_page(self.backend.id, 1, [received], "api")
        stored = self.env["retail.inbox.message"].search([("backend_id", "=", self.backend.id)])
        self.env["retail.inbox.processor"]._process(stored)
        self.assertEqual((stored.state, stored.error), ("done", False))
        payment = self.payment(message)
        self.assertEqual(payment.gateway_id.code, "cards")
        self.assertEqual(
            (payment.kind, payment.state, payment.amount, payment.order_binding_id),
            ("sale", "success", 12.5, order),
        )
        entry = payment.ledger_entry_ids
        self.assertEqual(
            (entry.category, entry.amount, entry.order_binding_id, entry.gateway_id),
            ("charge", 12.5, order, payment.gateway_id),
        )
        self.assertEqual(entry.occurred_at, START.replace(tzinfo=None))

    def test_a_batch_of_new_payments_asks_the_database_as_often_as_one(self):
        def queries(count):
            messages = [self.payment_message(reference=f"R{uuid4()}") for _ in range(count)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            importer_of(self.backend, "payment")._import_batch(
                self.backend.with_user(self.backend.user_id).sudo(), [item(m) for m in messages]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(1)
        few, many = queries(2), queries(20)
        self.assertEqual(few, many)

    # States in any order

    def test_every_order_of_deliveries_ends_in_the_same_payment_and_entries(self):
        for states in permutations([(0, PENDING), (1, SUCCESS), (2, FAILURE)]):
            first = self.payment_message("30.00", payment_kind=REFUND)
            self.drain(*(self.later(first, minutes, state=state) for minutes, state in states))
            self.drain(self.later(first, 1, state=SUCCESS))
            self.assertEqual(self.payment(first).state, "failure", states)
            self.assertEqual(self.amounts(first), {"refund": -30.0, "refund_failure": 30.0}, states)

    def test_equal_versions_ask_nobody_again(self):
        pending = self.payment_message(state=PENDING)
        done = pending.model_copy(update={"state": SUCCESS})
        results = self.drain(pending, done, pending)
        self.assertIs(results[pending.external_id].outcome, Outcome.DONE)
        self.assertEqual(self.payment(pending).state, "success")

    def test_what_a_state_does_not_name_is_kept(self):
        message = self.payment_message(reference="S-1", state=PENDING)
        self.drain(message, self.later(message, state=SUCCESS, reference=None))
        self.assertEqual(self.payment(message).reference, "S-1")

    def test_what_is_deleted_stays_dead(self):
        message = self.payment_message()
        self.env["retail.tombstone"]._bury(self.backend, "payment", {message.external_id: 1})
        result = self.drain(message)[message.external_id]
        self.assertIs(result.outcome, Outcome.SUPERSEDED)

    # What makes entries

    def test_what_is_not_through_makes_no_entry(self):
        for state in (PENDING, FAILURE, TransactionState.UNKNOWN):
            message = self.payment_message(state=state)
            self.drain(message)
            self.assertEqual(self.amounts(message), {})

    def test_an_authorisation_makes_none_and_its_capture_makes_one(self):
        authorised = self.payment_message(payment_kind=PaymentKind.AUTHORIZATION)
        captured = self.payment_message(
            "60.00", payment_kind=PaymentKind.CAPTURE, parent_external_id=authorised.external_id
        )
        self.drain(authorised, captured)
        self.assertEqual(self.amounts(authorised), {})
        self.assertEqual(self.amounts(captured), {"charge": 60.0})
        self.assertEqual(self.payment(authorised).rest_amount, 40)

    def test_an_authorisation_that_becomes_a_capture_under_its_own_id_makes_one(self):
        message = self.payment_message(payment_kind=PaymentKind.AUTHORIZATION)
        captured = self.later(
            message,
            payment_kind=PaymentKind.CAPTURE,
            amount=Money(amount="70", currency="EUR"),
        )
        self.drain(message, captured, message)
        self.assertEqual(self.amounts(message), {"charge": 70.0})

    def test_test_payments_are_kept_and_make_none(self):
        message = self.payment_message(test=True)
        self.drain(message)
        self.assertTrue(self.payment(message).test)
        self.assertEqual(self.amounts(message), {})

    def test_what_another_gateway_books_makes_none_and_is_noted_when_that_changes(self):
        other = make_gateway(self.backend, "other", booked=False)
        other.sudo().write({"booking": "elsewhere", "booked_by_id": self.gateway.id})
        message = self.payment_message(gateway="other")
        self.drain(message)
        self.assertEqual(self.amounts(message), {})
        other.sudo().write({"booking": "here", "booked_by_id": False})
        other._note_missed()
        self.assertEqual(self.amounts(message), {"charge": 100.0})

    def test_the_gateway_of_a_noted_payment_does_not_change(self):
        message = self.payment_message(gateway="cards")
        self.drain(message, self.later(message, gateway="wallet"))
        self.assertEqual(self.payment(message).gateway_id.code, "cards")
        self.assertEqual(len(self.payment(message).ledger_entry_ids), 1)

    # What a person is told

    def test_an_unknown_kind_that_claims_money_is_told(self):
        message = self.payment_message(payment_kind=PaymentKind.UNKNOWN)
        self.drain(message)
        self.assertEqual(self.amounts(message), {})
        self.assertEqual(self.problems(), ["unknown_payment_kind"])
        self.drain(self.later(message, payment_kind=PaymentKind.SALE))
        self.assertEqual(self.problems(), [])
        self.assertEqual(self.amounts(message), {"charge": 100.0})

    def test_an_amount_that_changes_before_it_is_posted_is_followed(self):
        message = self.payment_message()
        self.drain(message, self.later(message, amount=Money(amount="90", currency="EUR")))
        self.assertEqual(self.amounts(message), {"charge": 90.0})
        self.assertEqual(self.problems(), [])

    def test_an_amount_that_changes_after_it_was_posted_is_told_and_nothing_is_edited(self):
        message = self.payment_message()
        self.drain(message)
        run_lane(self.gateway)
        entry = self.payment(message).ledger_entry_ids
        self.assertEqual(entry.state, "posted")
        self.drain(self.later(message, amount=Money(amount="90", currency="EUR")))
        self.assertEqual((entry.amount, entry.move_id.state), (100, "posted"))
        self.assertEqual(self.problems(), ["payment_amount_changed"])
        exception = self.env["retail.exception"].search([("backend_id", "=", self.backend.id)])
        self.assertEqual((exception.amount_at_risk, exception.error_class), (10, "finance"))

    def test_a_charge_that_fails_after_it_came_is_told_and_stays_booked(self):
        message = self.payment_message()
        self.drain(message, self.later(message, state=FAILURE, failure="bounced"))
        self.assertEqual(self.problems(), ["payment_failed_after_success"])
        self.assertEqual(self.amounts(message), {"charge": 100.0})

    def test_refunds_above_the_capture_are_told_together_and_booked_all_the_same(self):
        sale = self.payment_message()
        refund = {"payment_kind": REFUND, "parent_external_id": sale.external_id}
        first, second = (self.payment_message("60.00", **refund) for _ in range(2))
        self.drain(sale, first)
        self.assertEqual(self.problems(), [])
        self.drain(second)
        self.assertEqual(self.problems(), ["refund_above_capture"])
        exception = self.env["retail.exception"].search([("backend_id", "=", self.backend.id)])
        self.assertEqual(exception.amount_at_risk, 20)
        self.assertEqual(self.amounts(first) | self.amounts(second), {"refund": -60.0})
        self.drain(self.later(second, state=FAILURE))
        self.assertEqual(self.problems(), [])

    def test_refunds_that_come_before_their_charge_are_counted_as_well(self):
        sale = self.payment_message("50.00")
        refund = self.payment_message(
            "60.00", payment_kind=REFUND, parent_external_id=sale.external_id
        )
        self.drain(refund, sale)
        self.assertEqual(self.problems(), ["refund_above_capture"])

    def test_a_refund_that_names_no_payment_is_compared_with_its_order(self):
        order = self.order()
        self.drain(
            self.payment_message(order=order),
            self.payment_message("130.00", order=order, payment_kind=REFUND),
        )
        self.assertEqual(self.problems(), ["refund_above_capture"])

    def test_what_is_no_amount_is_refused(self):
        for amount in ("-1.00", "1.001"):
            _results, failures = self.run_import(self.payment_message(amount))
            (failure,) = failures.values()
            self.assertEqual(failure.problem.code, "payment_amount")
        _results, failures = self.run_import(self.payment_message(currency="QQQ"))
        (failure,) = failures.values()
        self.assertEqual(failure.problem.code, "currency")
