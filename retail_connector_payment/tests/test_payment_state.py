from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import (
    BalanceCategory,
    PaymentKind,
    TransactionState,
)

from ..decisions.payment_entries import wanted_entries
from ..decisions.payment_state import FAILED, Core, Told, join, merge

PENDING, SUCCESS, FAILURE = (
    TransactionState.PENDING,
    TransactionState.SUCCESS,
    TransactionState.FAILURE,
)


def told(state=SUCCESS, kind=PaymentKind.SALE, version=1, seen=0, amount="10.00", **clues):
    """Return one message of a payment."""
    core = Core(kind, state, Decimal(amount), "EUR")
    digest = f"{kind.value}{state.value}{amount}{sorted(clues.items())}"
    return Told(core, version, seen, digest, clues)


def known(*messages):
    """Return what is known after some messages."""
    fact = None
    for message in messages:
        fact = merge(fact, message)
    return fact


CLUES = st.dictionaries(st.sampled_from(["reference", "gateway"]), st.sampled_from("AB"))
MESSAGES = st.builds(
    lambda state, kind, version, seen, amount, clues: told(
        state, kind, version, seen, amount, **clues
    ),
    st.sampled_from(list(TransactionState)),
    st.sampled_from(list(PaymentKind)),
    st.integers(0, 3),
    st.integers(0, 2),
    st.sampled_from(["10.00", "7.50"]),
    CLUES,
)
HISTORIES = st.lists(MESSAGES, min_size=1, max_size=6)


@tagged("post_install", "-at_install")
class TestPaymentState(BaseCase):
    """What is known of a payment, in whatever order its states are told."""

    @given(HISTORIES.flatmap(lambda history: st.tuples(st.just(history), st.permutations(history))))
    def test_any_order_of_deliveries_ends_in_the_same_fact(self, histories):
        history, other = histories
        self.assertEqual(known(*history), known(*other))

    @given(HISTORIES, st.data())
    def test_deliveries_that_come_again_change_nothing(self, history, data):
        again = data.draw(st.lists(st.sampled_from(history), max_size=4))
        self.assertEqual(known(*history), known(*history, *again))

    @given(HISTORIES, HISTORIES)
    def test_parts_of_a_history_join_to_the_whole(self, first, second):
        self.assertEqual(join(known(*first), known(*second)), known(*first, *second))

    @given(HISTORIES)
    def test_a_final_state_never_becomes_pending_again(self, history):
        final = {*FAILED, SUCCESS}
        if any(message.core.state in final for message in history):
            self.assertIn(known(*history).core.state, final)

    @given(HISTORIES)
    def test_money_that_moved_is_never_forgotten(self, history):
        moved = any(message.core.moved_money for message in history)
        self.assertEqual(known(*history).has_moved, moved)

    # One by one

    def test_what_is_pending_gives_way_whatever_its_version(self):
        fact = known(told(SUCCESS, version=1), told(PENDING, version=9))
        self.assertIs(fact.core.state, SUCCESS)

    def test_an_older_success_does_not_undo_a_newer_failure(self):
        fact = known(told(FAILURE, version=2), told(SUCCESS, version=1))
        self.assertIs(fact.core.state, FAILURE)
        self.assertTrue(fact.has_moved)

    def test_a_second_attempt_may_succeed(self):
        self.assertIs(known(told(FAILURE, version=1), told(version=2)).core.state, SUCCESS)

    def test_of_two_states_with_one_version_the_failure_counts(self):
        self.assertIs(known(told(FAILURE), told(SUCCESS)).core.state, FAILURE)

    def test_a_refund_that_failed_stays_failed(self):
        refund = {"kind": PaymentKind.REFUND}
        fact = known(told(FAILURE, version=1, **refund), told(SUCCESS, version=5, **refund))
        self.assertIs(fact.core.state, FAILURE)

    def test_an_authorisation_becomes_a_capture_and_not_the_reverse(self):
        authorised = told(kind=PaymentKind.AUTHORIZATION, version=9)
        fact = known(told(kind=PaymentKind.CAPTURE, version=1, amount="6.00"), authorised)
        self.assertEqual(fact.core.kind, PaymentKind.CAPTURE)
        self.assertEqual(fact.core.amount, Decimal("6.00"))

    def test_what_a_later_message_leaves_out_is_not_unsaid(self):
        fact = known(told(version=1, reference="S1"), told(version=2))
        self.assertEqual(fact.clues["reference"][1], "S1")

    def test_the_latest_word_about_a_thing_counts(self):
        fact = known(told(version=2, reference="S2"), told(version=1, reference="S1"))
        self.assertEqual(fact.clues["reference"][1], "S2")


@tagged("post_install", "-at_install")
class TestPaymentEntries(BaseCase):
    """Which entries a payment wants."""

    def wanted(self, kind, moved=True, failed=False, amount="10.00", test=False):
        return wanted_entries(kind, moved, failed, Decimal(amount), test)

    def test_money_that_comes_is_positive_and_money_that_goes_negative(self):
        for kind in (PaymentKind.SALE, PaymentKind.CAPTURE):
            self.assertEqual(self.wanted(kind), {BalanceCategory.CHARGE: Decimal("10.00")})
        for kind in (PaymentKind.REFUND, PaymentKind.CHANGE):
            self.assertEqual(self.wanted(kind), {BalanceCategory.REFUND: Decimal("-10.00")})

    def test_authorisations_and_voids_move_nothing(self):
        for kind in (PaymentKind.AUTHORIZATION, PaymentKind.VOID, PaymentKind.UNKNOWN):
            self.assertEqual(self.wanted(kind), {})

    def test_a_refund_that_failed_after_it_succeeded_comes_back(self):
        entries = self.wanted(PaymentKind.REFUND, failed=True)
        self.assertEqual(sum(entries.values()), 0)
        self.assertEqual(len(entries), 2)
        self.assertEqual(self.wanted(PaymentKind.REFUND, moved=False, failed=True), {})

    def test_tests_and_what_costs_nothing_make_none(self):
        self.assertEqual(self.wanted(PaymentKind.SALE, test=True), {})
        self.assertEqual(self.wanted(PaymentKind.SALE, amount="0.00"), {})
