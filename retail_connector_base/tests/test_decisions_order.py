from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..canonical import Address, PaymentState
from ..decisions.customer_match import address_key, e164, match
from ..decisions.hold import ConfirmOn, payment_suffices
from ..decisions.order_edit import LineState, ThreeWay, plan_edit
from ..decisions.order_process import ORDER_STATES, Step, StepState, may_become, progress

TWO, THREE, FIVE = (LineState(1, quantity, 10.0) for quantity in (2.0, 3.0, 5.0))
states = st.one_of(st.none(), st.sampled_from((TWO, THREE, FIVE)))


@tagged("post_install", "-at_install")
class TestHold(BaseCase):
    def test_every_policy_knows_every_state(self):
        for policy in ConfirmOn:
            for state in PaymentState:
                payment_suffices(policy, state, False)

    def test_an_authorisation_is_less_than_money(self):
        authorized = PaymentState.AUTHORIZED
        self.assertTrue(payment_suffices(ConfirmOn.AUTHORIZED, authorized, False))
        self.assertFalse(payment_suffices(ConfirmOn.CAPTURED, authorized, False))

    def test_what_is_not_known_does_not_suffice(self):
        self.assertFalse(payment_suffices(ConfirmOn.AUTHORIZED, PaymentState.UNKNOWN, False))


@tagged("post_install", "-at_install")
class TestProcess(BaseCase):
    def test_a_step_is_ready_when_what_it_needs_is_done(self):
        found = progress({Step.VALIDATED, Step.PAID}, ())
        self.assertIs(found[Step.RESERVED], StepState.READY)
        self.assertIs(found[Step.RELEASED], StepState.WAITING)

    def test_what_was_taken_back_no_longer_counts(self):
        found = progress({Step.VALIDATED, Step.PAID, Step.RESERVED}, {Step.PAID})
        self.assertIs(found[Step.PAID], StepState.COMPENSATED)
        self.assertIs(found[Step.RELEASED], StepState.WAITING)

    @given(st.lists(st.sampled_from((*ORDER_STATES, "cancelled"))))
    def test_an_order_never_goes_back(self, wishes):
        state, passed = "received", []
        for wish in wishes:
            if may_become(state, wish):
                state = wish
                self.assertNotIn(state, passed)
                passed.append(state)
        self.assertFalse("cancelled" in passed[:-1])


@tagged("post_install", "-at_install")
class TestEdit(BaseCase):
    def plan(self, imported, channel, odoo, settled=0.0):
        return plan_edit({"line": ThreeWay(imported, channel, odoo, settled)})

    def test_nothing_changed(self):
        self.assertTrue(self.plan(TWO, TWO, TWO).is_empty)

    def test_the_channels_edit_is_applied(self):
        self.assertEqual(self.plan(TWO, THREE, TWO).change, ["line"])
        self.assertEqual(self.plan(None, THREE, None).add, ["line"])
        self.assertEqual(self.plan(TWO, None, TWO).remove, ["line"])

    def test_an_edit_of_ours_alone_stays(self):
        self.assertTrue(self.plan(TWO, TWO, FIVE).is_empty)
        self.assertTrue(self.plan(TWO, TWO, None).is_empty)

    def test_two_edits_conflict_unless_they_agree(self):
        self.assertEqual(self.plan(TWO, THREE, FIVE).conflicts, ["line"])
        self.assertTrue(self.plan(TWO, THREE, THREE).is_empty)

    def test_what_was_shipped_stays_covered(self):
        self.assertEqual(self.plan(THREE, TWO, THREE, settled=3.0).conflicts, ["line"])
        self.assertEqual(self.plan(TWO, THREE, TWO, settled=2.0).change, ["line"])

    def test_what_was_shipped_keeps_its_price(self):
        cheaper = LineState(1, 2.0, 8.0)
        self.assertEqual(self.plan(TWO, cheaper, TWO, settled=2.0).conflicts, ["line"])

    def test_an_edit_of_ours_on_another_line_conflicts_too(self):
        plan = plan_edit({"theirs": ThreeWay(TWO, THREE, TWO), "ours": ThreeWay(TWO, TWO, FIVE)})
        self.assertEqual(plan.conflicts, ["ours"])

    @given(states, states, states)
    def test_work_of_ours_is_never_overwritten(self, imported, channel, odoo):
        plan = self.plan(imported, channel, odoo)
        if imported != odoo:
            self.assertFalse(plan.change + plan.add + plan.remove)


@tagged("post_install", "-at_install")
class TestCustomerMatch(BaseCase):
    def test_the_email_comes_before_the_phone(self):
        self.assertEqual(match([1], [2]).partner_id, 1)
        self.assertEqual(match([], [2]).partner_id, 2)

    def test_several_are_only_suggestions(self):
        found = match([2, 1], [3])
        self.assertEqual((found.partner_id, found.suggestions), (None, (1, 2)))

    def test_a_number_has_one_form(self):
        self.assertEqual(e164("030 / 12 34 56", "DE"), "+4930123456")
        self.assertEqual(e164("+49 30 123456", None), "+4930123456")

    def test_what_is_no_number(self):
        for text in (None, "", "call me", "0", "12345678901234567890"):
            self.assertIsNone(e164(text, "DE"))

    @given(st.text())
    def test_any_text_is_survived(self, text):
        e164(text, "DE")

    def test_case_and_spacing_do_not_make_an_address(self):
        left = Address(street="Unter den  Linden 1", city="BERLIN", zip="10117", phone="1")
        right = Address(street="unter den linden 1 ", city="Berlin", zip="10117", phone="2")
        self.assertEqual(address_key(left), address_key(right))
        self.assertNotEqual(address_key(left), address_key(Address(city="Berlin")))


@tagged("post_install", "-at_install")
class TestAmounts(BaseCase):
    def test_a_fractional_quantity_is_rounded_to_the_minor_unit(self):
        from ..canonical import MoneySet, OrderLine
        from ..decisions.order_amounts import line_amounts

        line = OrderLine(
            external_id="1",
            title="Cheese",
            ordered_quantity=Decimal("1.25"),
            quantity=Decimal("1.25"),
            unit_price=MoneySet.single("3.33", "EUR"),
            discount=MoneySet.single("0.10", "EUR"),
        )
        self.assertEqual(line_amounts(line, False).net, Decimal("4.06"))
