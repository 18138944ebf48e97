from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import PayoutState
from odoo.addons.retail_connector_base.decisions.outcome import Outcome

from ..decisions.ledger import Role
from .common import book_here, make_gateway
from .payouts import Category, PayoutCase, payout_message, transaction


@tagged("post_install", "-at_install")
class TestPayoutImport(PayoutCase):
    def told(self, message, **values):
        return message.model_copy(update=values)

    def test_what_the_gateway_told_is_kept_exactly(self):
        line = transaction(
            Category.FEE,
            "-1.25",
            fee="0.10",
            fee_tax=Decimal("0.02"),
            vendor_type="stripe_fee",
            order_external_id="o1",
            description="Radar",
        )
        message = payout_message(line, state=PayoutState.PENDING, reference="STRIPE X", minutes=3)
        self.drain(message)
        payout = self.payout(message)
        stored = payout.line_ids
        self.assertEqual((payout.reference, payout.amount), ("STRIPE X", -1.35))
        self.assertEqual((stored.gross, stored.fee, stored.fee_tax, stored.net),
                         (-1.25, 0.1, 0.02, -1.35))  # fmt: skip
        self.assertEqual((stored.vendor_type, stored.description), ("stripe_fee", "Radar"))
        self.assertEqual(str(stored.occurred_at), "2026-05-04 09:30:00")
        self.assertEqual(payout.line_count, 1)

    def test_a_thousand_lines_take_as_many_statements_as_ten(self):
        counts = []
        for size in (10, 10, 1000):
            lines = [transaction(Category.FEE, f"-{number}") for number in range(1, size + 1)]
            message = payout_message(*lines, state=PayoutState.PENDING)
            before = self.env.cr.sql_log_count
            self.drain(message)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(self.payout(message).line_count, size)
        self.assertLessEqual(counts[2], counts[1] + 2)

    def test_the_same_again_changes_nothing(self):
        charge = self.charge()
        message = payout_message(self.line_of(charge))
        self.settle(message)
        payout = self.settle(message)
        self.assertEqual(len(payout.move_ids), 1)
        self.assertEqual(self.problems(), [])

    def test_a_test_payout_moves_nothing(self):
        message = payout_message(amount="10.00", test=True)
        result = self.drain(message)[message.external_id]
        self.assertIs(result.outcome, Outcome.IGNORED)
        self.assertFalse(self.env["retail.payout"].search([("backend_id", "=", self.backend.id)]))

    def test_states_only_move_on(self):
        charge = self.charge()
        paid = payout_message(self.line_of(charge), minutes=5)
        self.settle(paid)
        late = self.told(
            paid, state=PayoutState.PENDING, updated_at=paid.updated_at - timedelta(minutes=5)
        )
        payout = self.settle(late)
        self.assertEqual((payout.gateway_state, payout.state), ("paid", "settled"))

    def test_an_older_event_may_bring_the_list(self):
        charge = self.charge()
        whole = payout_message(self.line_of(charge), state=PayoutState.IN_TRANSIT)
        event = self.told(
            whole,
            state=PayoutState.PAID,
            transactions=(),
            transactions_complete=False,
            updated_at=whole.updated_at + timedelta(hours=1),
        )
        payout = self.settle(event)
        self.assertEqual(payout.state, "announced")
        self.settle(whole)
        self.assertEqual((payout.gateway_state, payout.state), ("paid", "settled"))

    def test_an_event_without_the_list_takes_nothing_away(self):
        charge = self.charge()
        whole = payout_message(self.line_of(charge), state=PayoutState.PENDING)
        self.drain(whole)
        event = self.told(
            whole,
            state=PayoutState.PAID,
            transactions=(),
            transactions_complete=False,
            updated_at=whole.updated_at + timedelta(hours=1),
        )
        self.assertEqual(self.settle(event).state, "settled")

    def test_parts_of_a_list_add_up(self):
        charges = [self.charge("10.00"), self.charge("20.00")]
        lines = [self.line_of(one) for one in charges]
        whole = payout_message(*lines)
        self.settle(self.told(whole, transactions=tuple(lines[:1]), transactions_complete=False))
        self.settle(self.told(whole, transactions=tuple(lines[1:]), transactions_complete=False))
        payout = self.payout(whole)
        self.assertEqual((payout.state, payout.line_count), ("announced", 2))

    def test_an_incomplete_list_is_asked_for_once_an_hour(self):
        message = payout_message(amount="10.00", transactions_complete=False)
        with patch.object(type(self.env["retail.poll"]), "_refetch_after_commit") as ask:
            self.drain(message)
            self.drain(self.told(message, updated_at=message.updated_at + timedelta(minutes=1)))
            self.assertEqual(ask.call_count, 1)
            self.assertEqual(ask.call_args.args[1:], ("payout", message.external_id))

    def test_a_list_that_stays_away_is_shown_after_a_day(self):
        message = payout_message(amount="10.00", transactions_complete=False)
        self.drain(message)
        payout = self.payout(message)
        long_ago = fields.Datetime.now() - timedelta(hours=25)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE retail_payout SET create_date = %s, asked_at = %s WHERE id = %s",
            [long_ago, long_ago, payout.id],
        )
        payout.invalidate_recordset()
        self.env["retail.payout"]._sweep()
        self.assertEqual(payout.state, "parked")
        self.assertEqual(self.problems(), ["payout_parked"])

    def test_and_settles_when_it_comes_then(self):
        charge = self.charge("10.00")
        whole = payout_message(self.line_of(charge))
        self.drain(self.told(whole, transactions=(), transactions_complete=False))
        payout = self.payout(whole)
        payout._park_for("No list.")
        self.settle(self.told(whole, updated_at=whole.updated_at + timedelta(minutes=1)))
        self.assertEqual(payout.state, "settled")
        self.assertEqual(self.problems(), [])

    def test_another_list_after_it_was_posted_is_shown_and_changes_nothing(self):
        charge = self.charge("10.00")
        message = payout_message(self.line_of(charge))
        self.settle(message)
        other = transaction(Category.FEE, "-1.00")
        changed = self.told(
            message,
            transactions=(*message.transactions, other),
            updated_at=message.updated_at + timedelta(minutes=1),
        )
        payout = self.settle(changed)
        self.assertEqual((payout.line_count, payout.state), (1, "settled"))
        self.assertEqual(self.problems(), ["payout_changed"])
        self.assertEqual(self.balance(Role.TRANSIT), "10.00")

    def test_before_it_is_posted_a_newer_list_replaces_the_older_one(self):
        first, second = self.charge("10.00"), self.charge("20.00")
        message = payout_message(self.line_of(first), state=PayoutState.PENDING)
        self.drain(message)
        newer = payout_message(
            self.line_of(second),
            external_id=message.external_id,
            updated_at=message.updated_at + timedelta(minutes=1),
        )
        payout = self.settle(newer)
        self.assertEqual(payout.state, "settled")
        self.assertEqual(self.balance(Role.CLEARING), "10.00")

    def test_a_currency_that_nobody_knows_keeps_the_message(self):
        message = payout_message(amount="10.00", currency="XXQ")
        _results, failures = self.run_import(message)
        self.assertEqual(failures[message.external_id].problem.code, "payout_refused")

    def test_an_amount_that_cannot_be_paid_keeps_the_message(self):
        message = payout_message(amount="10.005")
        _results, failures = self.run_import(message)
        self.assertEqual(failures[message.external_id].problem.code, "payout_refused")

    def test_a_gateway_that_is_not_set_up_keeps_the_facts(self):
        gateway = make_gateway(self.backend, "other", booked=False)
        message = payout_message(amount="-5.00", automatic=False, gateway="other")
        self.drain(message)
        payout = self.payout(message)
        self.assertEqual(payout.gateway_id, gateway)
        self.assertEqual(payout.entry_ids.state, "to_post")
        self.post(gateway)
        self.assertFalse(payout.move_ids | payout.entry_ids.move_id)

    def test_what_another_gateway_books_makes_no_entry(self):
        gateway = make_gateway(self.backend, "other", booked=False)
        gateway.sudo().booking = "none"
        manual = payout_message(amount="5.00", automatic=False, gateway="other")
        listed = payout_message(transaction(Category.FEE, "-5.00"), gateway="other")
        self.drain(manual, listed)
        self.assertFalse(self.payout(manual).entry_ids)
        self.assertEqual(self.payout(listed).state, "announced")

    def test_once_the_gateway_is_booked_what_was_told_before_is_settled(self):
        gateway = make_gateway(self.backend, "other", booked=False)
        gateway.sudo().booking = "none"
        manual = payout_message(amount="5.00", automatic=False, gateway="other")
        listed = payout_message(transaction(Category.FEE, "-5.00"), gateway="other")
        self.drain(manual, listed)
        book_here(gateway)
        gateway.sudo()._note_missed()
        self.post(gateway)
        states = {self.payout(one).state for one in (manual, listed)}
        self.assertEqual(states, {"settled"})
        self.assert_tied(gateway)
