from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.card_balance import Balance, exact
from ..decisions.card_change import masked_code, money_changes, point_changes
from .tickets import custom, tender, ticket

amounts = st.lists(st.decimals("-200", "200", places=2), max_size=12)


def balance_after(changes):
    """Return the balance that changes lead to, in their order."""
    balance = Balance()
    for change in changes:
        balance = balance.after(change)
    return balance


@tagged("post_install", "-at_install")
class TestCardBalance(BaseCase):
    """A card's balance."""

    @given(amounts)
    def test_it_is_never_below_zero(self, changes):
        balance = Balance()
        for change in changes:
            balance = balance.after(change)
            self.assertGreaterEqual(balance.points, 0)
            self.assertGreaterEqual(balance.overdrawn, 0)
            self.assertFalse(balance.points and balance.overdrawn)

    @given(amounts, st.randoms(use_true_random=False))
    def test_any_order_of_arrival_ends_in_the_same_balance(self, changes, random):
        shuffled = list(changes)
        random.shuffle(shuffled)
        self.assertEqual(balance_after(shuffled), balance_after(changes))

    @given(amounts)
    def test_never_more_is_spent_than_charged_without_being_told(self, changes):
        charged = sum(change for change in changes if change > 0)
        spent = -sum(change for change in changes if change < 0)
        balance = balance_after(changes)
        self.assertEqual(balance.overdrawn, max(spent - charged, 0))
        self.assertEqual(balance.net, charged - spent)

    @given(st.decimals("-10000", "10000", places=3))
    def test_a_stored_float_is_what_it_stands_for(self, amount):
        self.assertEqual(exact(float(amount)), amount)


@tagged("post_install", "-at_install")
class TestCardChange(BaseCase):
    """What a ticket does to cards."""

    def _of(self, *lines, **values):
        changes = money_changes(ticket(*lines, **values))
        return [(change.code, change.amount) for change in changes]

    def test_a_sold_card_holds_its_face_value_whatever_discount_was_given(self):
        sold = custom("gift_card", 50, discount=5, gift_card_code="GC-1")
        self.assertEqual(self._of(sold), [("GC-1", 50)])

    def test_a_card_that_pays_is_charged_less_and_one_that_is_paid_back_to_more(self):
        used = tender(20, "gift", "gift_card", gift_card_code="GC-1")
        back = tender(-5, "gift", "gift_card", gift_card_code="GC-2")
        self.assertEqual(self._of(tenders=[used, back]), [("GC-1", -20), ("GC-2", 5)])

    def test_what_has_no_code_or_was_declined_changes_no_card(self):
        nameless = tender(20, "gift", "gift_card")
        declined = tender(20, "gift", "gift_card", gift_card_code="GC-1", state="declined")
        money = tender(20, "card", "card", gift_card_code="GC-1")
        self.assertEqual(self._of(tenders=[nameless, declined, money]), [])

    def test_points_that_are_none_change_nothing(self):
        loyalty = [
            {"program": "Club", "card_code": "C1", "points": Decimal(points)} for points in (3, 0)
        ]
        message = ticket()
        message = type(message).model_validate({**message.model_dump(), "loyalty": loyalty})
        self.assertEqual([change.reference for change in point_changes(message)], ["points:1"])

    def test_nobody_can_spend_what_is_shown_of_a_code(self):
        self.assertEqual(masked_code("GC-123456"), "…3456")
        self.assertEqual(masked_code("1234"), "…")
