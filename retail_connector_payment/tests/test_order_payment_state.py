from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import (
    PaymentKind,
    PaymentState,
    TransactionState,
)
from odoo.addons.retail_connector_base.decisions.hold import HoldReason

from ..decisions.order_payment import (
    Figures,
    Standing,
    Transaction,
    counted_state,
    figures_of,
    standing,
    tenders,
)
from .common import PaymentCase

AUTHORIZATION, CAPTURE, SALE, REFUND, VOID = (
    PaymentKind.AUTHORIZATION,
    PaymentKind.CAPTURE,
    PaymentKind.SALE,
    PaymentKind.REFUND,
    PaymentKind.VOID,
)
SUCCESS, FAILURE = TransactionState.SUCCESS, TransactionState.FAILURE
SHOP, GATEWAY = 1, 2


def one(name, kind, amount="100", state=SUCCESS, parent=None, reporter=SHOP, **values):
    """Return a transaction; ``links`` are a set of names."""
    links = frozenset(values.pop("links", ()))
    return Transaction(reporter, name, kind, state, Decimal(amount), parent, links, **values)


def state_of(*transactions, total="100"):
    """Return how far an order of these transactions is paid."""
    return standing(figures_of(transactions), Decimal(total))


AMOUNTS = st.integers(1, 200).map(Decimal)
TRANSACTIONS = st.lists(
    st.builds(
        one,
        st.sampled_from("abcd"),
        st.sampled_from(list(PaymentKind)),
        AMOUNTS.map(str),
        st.sampled_from(list(TransactionState)),
        st.sampled_from([None, "a", "b"]),
        st.sampled_from([SHOP, GATEWAY]),
        links=st.sets(st.sampled_from("xyz"), max_size=1),
    ),
    max_size=6,
)


@tagged("post_install", "-at_install")
class TestStanding(BaseCase):
    """How far an order is paid, by its transactions."""

    def test_an_order_without_payments_is_not_paid(self):
        self.assertIs(state_of(), Standing.NONE)

    def test_authorised_then_captured_then_refunded(self):
        history = [one("1", AUTHORIZATION)]
        self.assertIs(state_of(*history), Standing.AUTHORIZED)
        history.append(one("2", CAPTURE, parent="1"))
        self.assertIs(state_of(*history), Standing.PAID)
        history.append(one("3", REFUND, "40", parent="2"))
        self.assertIs(state_of(*history), Standing.PARTIALLY_REFUNDED)
        history.append(one("4", REFUND, "60", parent="2"))
        self.assertIs(state_of(*history), Standing.REFUNDED)

    def test_a_refund_that_failed_gave_nothing_back(self):
        self.assertIs(state_of(one("1", SALE), one("2", REFUND, state=FAILURE)), Standing.PAID)

    def test_a_part_is_partially_paid(self):
        self.assertIs(state_of(one("1", SALE, "60")), Standing.PARTIALLY_PAID)

    def test_several_tenders_add_up(self):
        self.assertIs(state_of(one("1", SALE, "20"), one("2", SALE, "80")), Standing.PAID)

    def test_a_gift_card_and_an_authorised_rest_are_authorised(self):
        self.assertIs(
            state_of(one("1", SALE, "20"), one("2", AUTHORIZATION, "80")), Standing.AUTHORIZED
        )

    def test_an_order_captured_in_part_stays_authorised(self):
        found = state_of(one("1", AUTHORIZATION), one("2", CAPTURE, "40", parent="1"))
        self.assertIs(found, Standing.AUTHORIZED)

    def test_a_void_ends_an_authorisation_whatever_amount_it_names(self):
        found = state_of(one("1", AUTHORIZATION), one("2", VOID, "1", parent="1"))
        self.assertIs(found, Standing.VOIDED)

    def test_a_void_does_not_end_another_authorisation(self):
        found = state_of(
            one("1", AUTHORIZATION), one("2", VOID, parent="1"), one("3", AUTHORIZATION)
        )
        self.assertIs(found, Standing.AUTHORIZED)

    def test_what_lapsed_is_expired_unless_it_was_captured(self):
        lapsed = one("1", AUTHORIZATION, expired=True)
        self.assertIs(state_of(lapsed), Standing.EXPIRED)
        self.assertIs(state_of(lapsed, one("2", CAPTURE, parent="1")), Standing.PAID)

    def test_failed_attempts_count_only_alone(self):
        failed = one("1", SALE, state=FAILURE)
        self.assertIs(state_of(failed), Standing.FAILED)
        self.assertIs(state_of(failed, one("2", SALE)), Standing.PAID)
        pending = one("3", SALE, state=TransactionState.PENDING)
        self.assertIs(state_of(failed, pending), Standing.PENDING)

    def test_what_failed_after_it_had_worked_is_another_thing_than_what_never_worked(self):
        bounced = one("1", SALE, state=FAILURE, had_succeeded=True)
        self.assertIs(state_of(bounced), Standing.REVERSED)
        self.assertIs(state_of(bounced, one("2", SALE)), Standing.PAID)

    def test_cash_change_is_not_kept(self):
        change = one("2", PaymentKind.CHANGE, "20")
        self.assertIs(state_of(one("1", SALE, "120"), change, total="100"), Standing.PAID)
        self.assertIs(state_of(one("1", SALE, "100"), change), Standing.PARTIALLY_PAID)

    # Two reporters of one tender

    def test_a_shop_and_its_gateway_tell_of_the_same_money(self):
        shop = [
            one("1", AUTHORIZATION, "60", links={"pi"}),
            one("2", CAPTURE, "60", parent="1", links={"ch"}),
        ]
        gateway = one("ch", SALE, "60", reporter=GATEWAY, links={"ch", "pi"})
        figures = figures_of([*shop, gateway])
        self.assertEqual((figures.captured, figures.open_amount), (60, 0))

    def test_two_gateways_of_one_order_add_up(self):
        self.assertIs(
            state_of(one("1", SALE, "50", reporter=SHOP), one("2", SALE, "50", reporter=GATEWAY)),
            Standing.PAID,
        )

    def test_who_saw_more_of_a_tender_counts(self):
        shop = one("1", AUTHORIZATION, links={"pi"})
        captured = one("ch", CAPTURE, reporter=GATEWAY, links={"pi"})
        self.assertIs(state_of(shop, captured), Standing.PAID)
        voided = [
            one("pi", AUTHORIZATION, reporter=GATEWAY, links={"pi"}),
            one("v", VOID, parent="pi", reporter=GATEWAY, links={"pi"}),
        ]
        self.assertIs(state_of(shop, *voided), Standing.VOIDED)

    @given(TRANSACTIONS.flatmap(lambda all_: st.tuples(st.just(all_), st.permutations(all_))))
    def test_the_order_of_transactions_does_not_matter(self, lists):
        self.assertEqual(figures_of(lists[0]), figures_of(lists[1]))

    @given(TRANSACTIONS)
    def test_every_transaction_is_of_one_tender(self, transactions):
        groups = tenders(transactions)
        self.assertCountEqual([t for group in groups for t in group], transactions)
        names = [set().union(*(t.all_links for t in group)) for group in groups]
        self.assertEqual(sum(map(len, names)), len(set().union(*names)))

    @given(TRANSACTIONS, AMOUNTS)
    def test_an_order_is_paid_only_with_money_that_came(self, transactions, total):
        figures = figures_of(transactions)
        came = sum(t.amount for t in transactions if t.succeeded and t.kind in (CAPTURE, SALE))
        self.assertLessEqual(figures.captured, came)
        self.assertGreaterEqual(figures.open_amount, 0)
        if standing(figures, total) is Standing.PAID:
            self.assertGreaterEqual(came, total)

    # The channel's word

    def test_whoever_tells_more_is_believed(self):
        pending, authorized = PaymentState.PENDING, PaymentState.AUTHORIZED
        self.assertIs(counted_state(pending, Standing.PAID), PaymentState.PAID)
        self.assertIs(counted_state(PaymentState.PAID, Standing.PARTIALLY_PAID), PaymentState.PAID)
        self.assertIs(counted_state(authorized, Standing.VOIDED), PaymentState.VOIDED)
        self.assertIs(counted_state(authorized, Standing.REVERSED), pending)
        self.assertIs(counted_state(PaymentState.PAID, Standing.REVERSED), PaymentState.PAID)
        self.assertIs(counted_state(PaymentState.VOIDED, Standing.NONE), PaymentState.VOIDED)
        self.assertIs(counted_state(None, Standing.NONE), pending)

    def test_a_failed_attempt_does_not_unsay_that_another_worked(self):
        authorized = PaymentState.AUTHORIZED
        self.assertIs(counted_state(authorized, Standing.FAILED), authorized)

    def test_who_sees_a_part_does_not_contradict_who_sees_the_whole(self):
        partial, authorized = PaymentState.PARTIALLY_PAID, PaymentState.AUTHORIZED
        self.assertIs(counted_state(authorized, Standing.PARTIALLY_PAID), authorized)
        self.assertIs(counted_state(partial, Standing.AUTHORIZED), authorized)

    @given(st.sampled_from(list(PaymentState)), st.sampled_from(list(Standing)))
    def test_the_counted_state_is_one_of_the_two_words(self, word, facts):
        self.assertIn(counted_state(word, facts), (word, facts.payment_state))

    @given(st.builds(Figures, AMOUNTS, AMOUNTS, AMOUNTS))
    def test_every_standing_has_a_word(self, figures):
        self.assertIsInstance(standing(figures, Decimal(100)).payment_state, PaymentState)


@tagged("post_install", "-at_install")
class TestOrderPaymentState(PaymentCase):
    """What payments do to orders."""

    def held_order(self, **values):
        """Return an unpaid order that is held for its payment, not confirmed yet."""
        order = self.order(state="received", payment_state="pending", **values)
        order.odoo_id.action_unlock()
        order.odoo_id._action_cancel()
        order.odoo_id.action_draft()
        self.env["retail.order.hold"]._hold(order, HoldReason.PAYMENT)
        return order

    def pay(self, order, kind=SALE, state=SUCCESS, **values):
        """Let the shop report a payment of an order; return its message."""
        message = self.payment_message(order=order, payment_kind=kind, state=state, **values)
        self.drain(message)
        return message

    def test_a_payment_lets_a_held_order_go_on(self):
        order = self.held_order()
        self.pay(order)
        self.assertEqual((order.payment_state, order.money_state), ("paid", "paid"))
        self.assertFalse(order.is_held)
        self.assertEqual((order.odoo_id.state, order.state), ("sale", "confirmed"))
        self.assertIn("paid", [entry["step"] for entry in order.process_log])
        self.assertEqual(order.captured_amount, 100)

    def test_an_authorisation_is_enough_and_its_void_holds_again(self):
        order = self.held_order()
        authorised = self.pay(order, AUTHORIZATION)
        self.assertEqual((order.payment_state, order.is_held), ("authorized", False))
        self.pay(order, VOID, parent_external_id=authorised.external_id)
        self.assertEqual((order.payment_state, order.hold_reasons), ("voided", "Payment"))
        paid = [e["state"] for e in order.process_log if e["step"] == "paid"]
        self.assertEqual(paid, ["done", "compensated"])

    def test_an_order_that_has_left_is_not_held_again(self):
        order = self.order(state="shipped", payment_state="authorized")
        self.pay(order, SALE, FAILURE)
        self.assertFalse(order.is_held)

    def test_a_payment_that_fails_after_it_worked_holds_an_order_that_has_not_left(self):
        order = self.order(snapshot={"payment_state": "authorized"}, payment_state="authorized")
        message = self.pay(order, AUTHORIZATION)
        later = message.updated_at + timedelta(minutes=1)
        self.drain(message.model_copy(update={"state": FAILURE, "updated_at": later}))
        self.assertEqual((order.money_state, order.payment_state), ("reversed", "pending"))
        self.assertTrue(order.is_held)

    def test_a_failed_attempt_holds_nothing_that_the_shop_calls_authorised(self):
        order = self.order(snapshot={"payment_state": "authorized"}, payment_state="authorized")
        self.pay(order, SALE, FAILURE)
        self.assertEqual((order.money_state, order.payment_state), ("failed", "authorized"))
        self.assertFalse(order.is_held)

    def test_a_part_does_not_lift_the_hold(self):
        order = self.held_order()
        self.pay(order, amount="60.00")
        self.assertEqual((order.money_state, order.is_held), ("partially_paid", True))
        self.pay(order, amount="40.00")
        self.assertEqual((order.money_state, order.is_held), ("paid", False))

    def test_other_holds_stay(self):
        order = self.held_order()
        self.env["retail.order.hold"]._hold(order, HoldReason.FRAUD)
        self.pay(order)
        self.assertEqual((order.hold_reasons, order.odoo_id.state), ("Fraud", "draft"))

    def test_a_test_payment_pays_nothing(self):
        order = self.held_order()
        self.pay(order, test=True)
        self.assertEqual((order.money_state, order.is_held), ("none", True))

    def test_the_shops_word_counts_where_it_tells_more(self):
        order = self.order(snapshot={"payment_state": "paid"}, payment_state="paid")
        self.pay(order, amount="20.00")
        self.assertEqual((order.money_state, order.payment_state), ("partially_paid", "paid"))

    def test_a_word_of_the_shop_that_knows_less_changes_nothing(self):
        order = self.order(snapshot={"payment_state": "pending"}, payment_state="pending")
        self.pay(order)
        self.assertIs(order._counted_payment_state(PaymentState.PENDING), PaymentState.PAID)
        refunded = PaymentState.REFUNDED
        self.assertIs(order._counted_payment_state(refunded), refunded)

    def test_a_payment_in_the_customers_currency_is_counted_at_the_channels_own_rate(self):
        order = self.order(other_currency="USD", other_amount_total=110)
        self.pay(order, amount="110.00", currency="USD")
        self.assertEqual((order.money_state, order.captured_amount), ("paid", 100))

    def test_an_order_that_costs_less_by_now_is_paid(self):
        order = self.order()
        self.pay(order, amount="60.00")
        order.write({"amount_total": 60, "payment_state": "pending"})
        self.assertEqual((order.money_state, order.payment_state), ("paid", "paid"))

    def test_a_refund_after_shipment_is_shown_and_holds_nothing(self):
        order = self.order(state="shipped")
        sale = self.pay(order)
        self.pay(order, REFUND, amount="100.00", parent_external_id=sale.external_id)
        self.assertEqual((order.money_state, order.refunded_amount), ("refunded", 100))
        self.assertFalse(order.is_held)
